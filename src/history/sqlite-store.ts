import { columnNames, toCounts } from './columns.ts';
import { dropOld } from './drop-old.ts';
import { endOthers, eventWriter } from './event-rows.ts';
import { rollUps } from './roll-up.ts';
import { type Database, inOne, isDamage, moveAside, openToWrite, troubleText } from './sqlite.ts';
import type { HistoryDisk, HistoryStore } from './store.ts';
import { DAY_MINUTES, putMinuteSql, SERIES } from './tables.ts';

/** Numbers for the ids of batteries: a row holds one byte instead of a name. */
function seriesNumbers(db: Database): (battery: string | undefined) => number {
  const known = new Map<string, number>();
  const add = db.prepare('INSERT INTO series (battery) VALUES (?) ON CONFLICT DO NOTHING');
  const find = db.prepare('SELECT id FROM series WHERE battery = ?');
  return (battery = '') => {
    const id = known.get(battery);
    if (id !== undefined) return id;
    add.run(battery);
    const found = Number(find.get(battery)?.id);
    known.set(battery, found);
    return found;
  };
}

function minuteWriter(db: Database, touched: (day: number) => void): HistoryStore['writeMinutes'] {
  const put = db.prepare(putMinuteSql);
  const numberOf = seriesNumbers(db);
  return (minutes) =>
    inOne(db, () => {
      for (const day of new Set(minutes.map(({ minute }) => Math.floor(minute / DAY_MINUTES)))) touched(day);
      for (const { battery, minute, coveredMs, values } of minutes)
        put.run(
          minute * SERIES + numberOf(battery),
          coveredMs,
          ...columnNames.map((name) => toCounts(name, values[name])),
        );
    });
}

/** Opens the file, or makes it. Throws what SQLite throws. */
export function sqliteStore(path: string): HistoryStore {
  const db = openToWrite(path);
  const rolled = rollUps(db);
  return {
    writeMinutes: minuteWriter(db, rolled.touched),
    writeEvents: eventWriter(db),
    endOthers: (openIds, nowMs) => endOthers(db, openIds, nowMs),
    rollUp: rolled.step,
    dropOld: (nowMs, keeping) => dropOld(db, nowMs, keeping),
    close: () => db.close(),
  };
}

export const sqliteDisk = (path: string): HistoryDisk => ({
  open: () => sqliteStore(path),
  setAside: (error, wallMs) =>
    isDamage(error) ? moveAside(path, new Date(wallMs).toISOString().slice(0, 10)) : undefined,
  trouble: (error) => troubleText(path, error),
});
