// Times in which a wire may be silent, each named by who asked for it; all others are not forgiven.
export interface Excuses {
  /** From now until it is given back, and for `afterMs` more. */
  readonly begin: (nowMs: number, afterMs: number) => (nowMs: number) => void;
  readonly covers: (fromMs: number, toMs: number) => boolean;
  readonly lastedMs: (nowMs: number) => number;
}

export function excuses(): Excuses {
  const windows: { readonly fromMs: number; toMs: number }[] = [];
  return {
    begin(fromMs, afterMs) {
      const window = { fromMs, toMs: Number.POSITIVE_INFINITY };
      windows.push(window);
      return (nowMs) => {
        window.toMs = nowMs + afterMs;
      };
    },
    covers: (fromMs, toMs) => windows.some((one) => one.fromMs < toMs && one.toMs > fromMs),
    lastedMs: (nowMs) => windows.reduce((sum, one) => sum + Math.min(nowMs, one.toMs) - one.fromMs, 0),
  };
}
