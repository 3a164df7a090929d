import type { Freshness } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { Layout } from '../profile/layout.ts';

/** Which state of the bank went out last in which bytes. */
export interface SaidMemory {
  readonly keep: (layout: Layout, signals: SignalValues) => void;
  /** Nothing of what was said holds any more: there is silence. */
  readonly forget: () => void;
  readonly in: (layout: Layout) => SignalValues | undefined;
  /** The rung of what was said last; undefined where nothing was. */
  readonly rung: () => Freshness | undefined;
}

export function saidMemory(): SaidMemory {
  const said = new Map<Layout, SignalValues>();
  let last: SignalValues | undefined;
  return {
    keep(layout, signals) {
      last = signals;
      said.set(layout, signals);
    },
    forget() {
      last = undefined;
      said.clear();
    },
    in: (layout) => said.get(layout),
    rung: () => last && (last.freshness ?? 'fresh'),
  };
}
