// `kill -9` in the middle of writing, again and again, on one and the same file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as rest } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { columnNames } from '../../src/history/columns.ts';
import { historyPath } from './folder.ts';

const KILLS = 100;
const BATTERIES = 3;
const MARKS = 97;
const WRITER = join(import.meta.dirname, 'relentless.ts');

/** Writes from `first` on and is killed; gives the last number that it had committed. */
async function killedWriter(path: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = first - 1;
  const lines = createInterface({ input: child.stdout }).on('line', (line) => {
    last = Number(line);
  });
  await once(lines, 'line');
  await rest(Math.random() * 60);
  child.kill('SIGKILL');
  await once(lines, 'close');
  return last;
}

/** Minutes and events that stand in the file, and all that is wrong with it. */
function lookInto(path: string) {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  // What only reads leaves the log as the kill left it, so that the next writer has to take it up.
  const db = new DatabaseSync(path, { readOnly: true });
  const all = (sql: string) => db.prepare(sql).all();
  const one = (sql: string) => Object.values(all(sql)[0] ?? {})[0];
  const found = {
    integrity: one('PRAGMA integrity_check'),
    lastMinute: Number(one('SELECT max(key) / 4096 - 29000000 FROM minute_row')),
    minutes: Number(one('SELECT count(DISTINCT key / 4096) FROM minute_row')),
    lastEvent: Number(one('SELECT max(began_ms) FROM event')),
    events: Number(one('SELECT count(*) FROM event')),
    unended: Number(one('SELECT count(*) FROM event WHERE ended_ms IS NULL')),
    halfMinutes: all(`SELECT at FROM minutes GROUP BY at HAVING count(*) <> ${BATTERIES}`),
    mixedRows: all(
      `WITH marked AS MATERIALIZED (SELECT *, (strftime('%s', at) / 60 - 29000000) % ${MARKS} AS mark FROM minutes)
       SELECT at FROM marked WHERE ${columnNames.map((name) => `round(${name}) IS NOT mark`).join(' OR ')}`,
    ),
    mixedEvents: all(
      `SELECT id FROM event WHERE id <> 'r-' || text OR json_extract(snapshot, '$.n') IS NOT began_ms
       OR length(json_extract(snapshot, '$.fill')) <> began_ms % 5000`,
    ),
  };
  db.close();
  return found;
}

test(`${KILLS} kills in mid write lose nothing that was committed and leave nothing half written`, async (context) => {
  const path = historyPath(context);
  let next = 0;
  for (let kills = 0; kills < KILLS; kills++) {
    const last = await killedWriter(path, next);
    const { integrity, lastMinute, lastEvent, minutes, events, unended, ...wrong } = lookInto(path);
    expect({ kills, integrity, ...wrong }).toEqual({
      kills,
      integrity: 'ok',
      halfMinutes: [],
      mixedRows: [],
      mixedEvents: [],
    });
    expect(lastMinute).toBeGreaterThanOrEqual(last);
    expect(lastEvent).toBeGreaterThanOrEqual(last);
    expect([minutes, events]).toEqual([lastMinute + 1, lastEvent + 1]);
    // Of each kill at most the event that was begun and not yet ended.
    expect(unended).toBeLessThanOrEqual(kills + 1);
    next = Math.max(lastMinute, lastEvent) + 1;
    if (lastEvent < lastMinute) next = lastMinute;
  }
  console.info(`${next} minutes and events over ${KILLS} kills`);
});
