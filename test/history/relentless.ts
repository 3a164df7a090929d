// A process that writes a history as fast as it can and says what was committed, until it is killed:
// `node relentless.ts FILE FIRST`. Minute n and event n hold the number n in each of their columns.
import { writeSync } from 'node:fs';
import { columnNames, type SpanValues } from '../../src/history/columns.ts';
import { sqliteStore } from '../../src/history/sqlite-store.ts';

const [, , path = '', first = '0'] = process.argv;
const BATTERIES = 3;
const STARTED = 29_000_000;
/** So that each column can hold it, and a row that is half another's is seen. */
const MARKS = 97;

const valuesOf = (n: number): SpanValues => Object.fromEntries(columnNames.map((name) => [name, n % MARKS]));

const store = sqliteStore(path);
for (let n = Number(first); ; n++) {
  store.writeMinutes(
    Array.from({ length: BATTERIES }, (_, i) => ({
      battery: `b${i}`,
      minute: STARTED + n,
      coveredMs: 60_000,
      values: valuesOf(n),
    })),
  );
  const event = { id: `r-${n}`, kind: 'battery_stale', subject: 'b0', text: `${n}`, beganAtMs: 0 } as const;
  store.writeEvents([{ event, beganMs: n, snapshot: JSON.stringify({ n, fill: 'x'.repeat(n % 5000) }) }]);
  store.writeEvents([{ event, beganMs: n, endedMs: n + 1 }]);
  store.rollUp((STARTED + n) * 60_000);
  writeSync(1, `${n}\n`);
}
