const MS_IN_KW_HOUR = 3_600_000 * 1000;

export interface Energy {
  readonly chargedKWh: number;
  readonly dischargedKWh: number;
}

/** What went in and out while the power went straight from one value to the other; W, positive while charging. */
export function energyBetween(fromW: number, toW: number, forMs: number): Energy {
  const kWh = (meanW: number, ms: number) => (meanW * ms) / MS_IN_KW_HOUR;
  if (fromW * toW >= 0) {
    const all = kWh((fromW + toW) / 2, forMs);
    return { chargedKWh: Math.max(0, all), dischargedKWh: Math.max(0, -all) };
  }
  const turnMs = (forMs * fromW) / (fromW - toW);
  const parts = [kWh(fromW / 2, turnMs), kWh(toW / 2, forMs - turnMs)];
  return { chargedKWh: Math.max(...parts), dischargedKWh: -Math.min(...parts) };
}
