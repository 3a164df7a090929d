import { newLedger } from '../../src/events/ledger.ts';
import { type EventLine, eventLine } from '../../src/events/line.ts';

/** A ledger that gives what the log says of its events. */
export const ledgerTo = (take: (line: EventLine) => void) =>
  newLedger('test', (event, gotWorse) => {
    if (!gotWorse) take(eventLine(event));
  });

/** A ledger whose events are kept as what the log says of them. */
export function readLedger() {
  const log: EventLine[] = [];
  return { ledger: ledgerTo((line) => log.push(line)), log };
}

/** A ledger that nobody reads. */
export const mute = { hold() {}, stay() {}, moment() {} };
