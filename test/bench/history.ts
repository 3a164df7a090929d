// The history: how large it is after a year of 64 packs, how fast a chart is read of it, and what it writes to the disk in a day.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnName } from '../../src/history/columns.ts';
import { readHistory } from '../../src/history/reader.ts';
import { sqliteStore } from '../../src/history/sqlite-store.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { judgedRow, type Part, type Row } from './row.ts';
import { batteryOf, DAY, DAY_MS, MINUTE_MS, minuteRows, writeYear } from './year.ts';

const PART = 'history';
const LAST_DAY = Math.floor(Date.UTC(2026, 10, 21) / DAY_MS);
/** As wide as a screen. */
const POINTS = 1000;
const chart: readonly ColumnName[] = [
  'voltage_V',
  'current_A',
  'soc_pct',
  'min_cell_voltage_V',
  'max_cell_voltage_V',
  'max_cell_temperature_C',
];

const spans = { day: 1, week: 7, month: 30, year: 365 } as const;

/** What this process has made dirty in the page cache, to be written to the disk. */
const writtenBytes = (): number =>
  Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

/** Waits for the disk, as half a minute of rest would; what is made dirty again behind it counts again. */
function sync(path: string): void {
  for (const file of [path, `${path}-wal`]) {
    if (!existsSync(file)) continue;
    const fd = openSync(file, 'r+');
    fdatasyncSync(fd);
    closeSync(fd);
  }
}

/** A day that goes on where others ended: its minutes, the roll-up of the day before, and the day that falls out at the other end. */
function writtenInADay(path: string, packs: number): number {
  const store = sqliteStore(path);
  const keeping = { keepMs: 400 * DAY_MS, minutesMs: 3 * DAY_MS };
  for (let n = 0; n < 4 * DAY; n++) store.writeMinutes(minuteRows((LAST_DAY - 4) * DAY + n, packs));
  while (store.rollUp((LAST_DAY - 1) * DAY_MS + 30 * MINUTE_MS));
  while (store.dropOld((LAST_DAY - 1) * DAY_MS, keeping));
  sync(path);
  const before = writtenBytes();
  for (let n = 0; n < DAY; n++) {
    const minute = LAST_DAY * DAY + n;
    store.writeMinutes(minuteRows(minute, packs));
    store.rollUp(minute * MINUTE_MS);
    if (n % 60 === 0) while (store.dropOld(minute * MINUTE_MS, keeping));
    sync(path);
  }
  store.close();
  return writtenBytes() - before;
}

function* wear(folder: string, sizes: readonly number[], say: (text: string) => void): Generator<Row> {
  for (const packs of sizes) {
    say(`history: a day of ${packs} packs`);
    const bytes = writtenInADay(join(folder, `wear-${packs}.db`), packs);
    const what = `written to the disk in a day, ${packs} packs`;
    yield {
      part: PART,
      what,
      unit: 'MB',
      p50: bytes / 1e6,
      note: 'the disk is waited for after each minute',
    };
  }
}

function chartRow(path: string, packs: number, name: keyof typeof spans, times: number): Row {
  const reader = readHistory(path);
  const tookMs: number[] = [];
  let [most, stepMs] = [0, 0];
  for (let i = 0; i < times; i++) {
    const toMs = (LAST_DAY + 1) * DAY_MS - Math.floor(((i * 37) % 100) * MINUTE_MS);
    const battery = batteryOf((i * 29) % (packs + 1));
    const sinceMs = monotonicMs();
    const asked = { battery, fromMs: toMs - spans[name] * DAY_MS, toMs, columns: chart, points: POINTS };
    const course = reader.course(asked);
    tookMs.push(monotonicMs() - sinceMs);
    most = Math.max(most, course.atMs.length);
    stepMs = course.stepMs;
  }
  reader.close();
  const note = `${most} points of ${stepMs / MINUTE_MS} min, ${chart.length} columns`;
  return judgedRow({ part: PART, what: `chart of a ${name}, ${packs} packs`, unit: 'ms', note }, tookMs);
}

export const history: Part = async function* ({ isQuick, say }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-history-'));
  try {
    const [packs, days, minuteDays] = isQuick ? [4, 60, 3] : [64, 365, 35];
    const path = join(folder, 'history.db');
    const sinceMs = monotonicMs();
    writeYear(path, { packs, lastDay: LAST_DAY, days, minuteDays, say });
    say(`history: written in ${Math.round((monotonicMs() - sinceMs) / 1000)} s`);
    const what = `file after ${days} days of ${packs} packs`;
    yield { part: PART, what, unit: 'MB', p50: statSync(path).size / 1e6 };
    for (const name of Object.keys(spans) as (keyof typeof spans)[])
      yield chartRow(path, packs, name, isQuick ? 20 : 300);
    yield* wear(folder, isQuick ? [4] : [4, 16, 64], say);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
