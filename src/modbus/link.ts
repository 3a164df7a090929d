// What the gateway hears of one Modbus link, and how a link that is lost comes back.
import { sentence } from '../model/errors.ts';

/** `back` is *open* after *unavailable*. `why` is one sentence that says what to do. */
export type LinkState =
  | { readonly kind: 'open' }
  | { readonly kind: 'unavailable'; readonly why: string }
  | { readonly kind: 'back' };

export interface LinkEvents {
  /**
   * A valid request to this unit of ours was heard, answered or not; monotonic ms. `ask`: the question of a codec, told
   * when its answer is made.
   */
  readonly onRequest?: (atMs: number, unit: number, ask?: number) => void;
  /** A request to this unit of ours, 0 for all of them, was obeyed; undefined: it has no answer. Called when that is done. */
  readonly onObeyed?: (unit: number, request: Uint8Array, reply: Uint8Array | undefined) => void;
  /** Said once per change, not per attempt. */
  readonly onState?: (state: LinkState) => void;
  /** The map behind a unit threw; the master was told exception 04. */
  readonly onFault?: (error: unknown) => void;
}

/** An open thing; `close` is called once. */
export interface Closable {
  close(): void;
}

/** Opens; calls `gone` at most once, when the open thing is lost by itself. */
export type Open<T extends Closable> = (gone: (error: unknown) => void) => Promise<T>;

const waitsMs = [1000, 2000, 5000, 10_000] as const;

/** Attempt 0 follows 1 s after the loss, then 2, 5, 10, 10 … s. */
export const backOffMs = (attempt: number): number => waitsMs[attempt] ?? 10_000;

/** Keeps a thing open until it is closed. Never throws: what fails is told as a state and tried again. */
export function keepOpen<T extends Closable>(open: Open<T>, onState: LinkEvents['onState']): Closable {
  let current: T | undefined;
  let closed = false;
  let attempt = 0;
  let said: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const retry = (error: unknown) => {
    current = undefined;
    if (closed) return;
    const why = sentence(error);
    if (said !== why) onState?.({ kind: 'unavailable', why });
    said = why;
    timer = setTimeout(attemptOpen, backOffMs(attempt++));
  };
  const opened = (thing: T) => {
    if (closed) return thing.close();
    current = thing;
    onState?.({ kind: said === undefined ? 'open' : 'back' });
    said = undefined;
    attempt = 0;
  };
  const attemptOpen = () => {
    open(retry).then(opened, retry);
  };

  attemptOpen();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      current?.close();
    },
  };
}
