// The history: minutes of the bank and its batteries, and the events, in one file.
import { HistoryKeeper } from '../history/keeper.ts';
import type { Keeping } from '../history/store.ts';
import { every } from '../timers.ts';
import type { OfficeGround } from './ground.ts';
import type { OfficePart } from './part.ts';
import { snapshotOf } from './snapshot.ts';

export interface HistoryOrders extends Keeping {
  readonly path: string;
}

const PULSE_MS = 1000;

/** SQLite is loaded here, and not where there is no history. */
export function historyPart(
  { path, ...keeping }: HistoryOrders,
  { clock, ledger, log }: OfficeGround,
): OfficePart {
  const keeper = new HistoryKeeper({
    keeping,
    clock,
    wall: Date.now,
    snapshot: snapshotOf,
    stopped: (text) =>
      ledger.hold('history', text === undefined ? [] : [{ kind: 'history_stopped', text }], clock()),
    begunAnew: (text) => ledger.moment({ kind: 'history_begun_anew', text }, clock()),
    say: (text) => log.warn(text),
  });
  const endPulse = import('../history/sqlite-store.ts').then(({ sqliteDisk }) => {
    keeper.begin(sqliteDisk(path));
    return every(PULSE_MS, () => keeper.pulse());
  });
  return {
    open: (events) => keeper.open(events),
    state: (state) => keeper.state(state),
    event: (event) => keeper.event(event),
    end: async () => {
      (await endPulse)();
      keeper.end();
    },
  };
}
