// A gateway's history on a disk of 300 kB that is filled, emptied, made read-only and writable again, told as lines:
// `unshare -rm node full-disk.ts FOLDER`. Time goes by as fast as it can.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HistoryKeeper } from '../../src/history/keeper.ts';
import { readHistory } from '../../src/history/reader.ts';
import { sqliteDisk } from '../../src/history/sqlite-store.ts';
import { told } from './bank.ts';

const [, , folder = ''] = process.argv;
const MORNING_MS = Date.UTC(2026, 10, 21, 8);
const DAY_MS = 86_400_000;
const [path, ballast] = [join(folder, 'history.db'), join(folder, 'ballast')];

const mount = (...how: string[]) => execFileSync('mount', [...how, folder]);
const say = (text: string) => process.stdout.write(`${text.replaceAll(folder, '')}\n`);

let atMs = 0;

/** What is told, without repetitions. */
let last: string | undefined;
const stopped = (why = 'written again') => {
  if (why !== last) say(why);
  last = why;
};

function keeper(): HistoryKeeper {
  const made = new HistoryKeeper({
    keeping: { keepMs: 400 * DAY_MS, minutesMs: 35 * DAY_MS },
    clock: () => atMs,
    wall: () => MORNING_MS + atMs,
    snapshot: ({ signals }) => signals,
    stopped,
    begunAnew: say,
    say,
  });
  made.begin(sqliteDisk(path));
  return made;
}

function run(history: HistoryKeeper, minutes: number): void {
  for (const endMs = atMs + minutes * 60_000; atMs < endMs; atMs += 1000) {
    if (atMs % 5000 === 0) history.state(told({ atMs }));
    history.pulse();
  }
}

function fill(): void {
  try {
    writeFileSync(ballast, Buffer.alloc(1_000_000));
  } catch (error) {
    say(error instanceof Error && 'code' in error ? String(error.code) : 'another error');
  }
}

mount('-t', 'tmpfs', '-o', 'size=300k', 'tmpfs');
const first = keeper();
run(first, 10);
fill();
run(first, 30);
rmSync(ballast);
run(first, 10);
first.end();
mount('-o', 'remount,ro');
const second = keeper();
run(second, 10);
mount('-o', 'remount,rw');
run(second, 10);
second.end();
const reader = readHistory(path);
const asked = { fromMs: 0, toMs: MORNING_MS + atMs, columns: ['voltage_V'], points: 100_000 } as const;
say(`${reader.course(asked).atMs.length} minutes of ${atMs / 60_000}`);
reader.close();
