// A setup does not stay open for who comes by: it ends when nobody has gone on with it for long.
import type { After } from '../model/timers.ts';
import type { JsonRoute } from '../web/route.ts';

export interface Patience {
  /** Routes that begin the wait anew whenever one is asked: only an installer may ask them. */
  readonly watched: (routes: readonly JsonRoute[]) => readonly JsonRoute[];
  readonly end: () => void;
}

export function patience(forMs: number, after: After, over: () => void): Patience {
  let cancel = after(forMs, over);
  const again = () => {
    cancel();
    cancel = after(forMs, over);
  };
  return {
    watched: (routes) =>
      routes.map((route) => ({
        ...route,
        handle(asked) {
          again();
          return route.handle(asked);
        },
      })),
    end: () => cancel(),
  };
}
