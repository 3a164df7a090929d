import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteDisk } from '../../src/history/sqlite-store.ts';
import { EIGHT, MINUTE_MS, Room } from './room.ts';

const SQLITE = join(import.meta.dirname, '../../src/history/sqlite.ts');

describe('a history whose disk fails', () => {
  /** A disk that can be taken away. */
  const failing = (path: string) => {
    const disk = sqliteDisk(path);
    const error = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const here = { ...disk, isFull: false, tries: 0 };
    here.open = () => {
      const store = disk.open();
      const full = () => {
        here.tries++;
        if (here.isFull) throw error;
      };
      return {
        ...store,
        writeMinutes(rows) {
          full();
          store.writeMinutes(rows);
        },
        writeEvents(events) {
          full();
          store.writeEvents(events);
        },
      };
    };
    return here;
  };

  test('says so once, tries again more and more seldom, and then has what waited', (context) => {
    let disk: ReturnType<typeof failing> | undefined;
    const room = new Room(context, (path) => {
      disk = failing(path);
      return disk;
    });
    if (!disk) throw new Error('there is no disk');
    room.runs(70_000);
    disk.isFull = true;
    disk.tries = 0;
    room.runs(10 * MINUTE_MS);
    // At 2:05, then 10, 30, 60, 120, 300 s later.
    expect(disk.tries).toBe(6);
    room.event({ id: 'r-1' });
    expect(new Set(room.said)).toEqual(
      new Set([`history is not written: ${room.path}: database or disk is full; make room on the disk`]),
    );
    disk.isFull = false;
    room.runs(6 * MINUTE_MS);
    expect(room.said.at(-1)).toBe('written again');
    expect(Object.keys(room.minutes()).map(Number)).toEqual(Array.from({ length: 17 }, (_, n) => EIGHT + n));
    expect(room.events()).toMatchObject([{ id: 'r-1' }]);
  });

  test('in a place where no folder can be made says so, and does not hold up the office', () => {
    const open = `import { openToWrite } from '${SQLITE}';
      try { openToWrite('/proc/nowhere/bmsgate/history.db'); } catch (error) { console.log(error.code); }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', open], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(stdout).toBe('ENOENT\n');
  });

  test('moves a broken file aside, says where it lies, and begins a new one', (context) => {
    const room = new Room(context);
    writeFileSync(room.path, 'not a database '.repeat(1000));
    room.runs(70_000);
    expect(room.minutes()).toEqual({ [EIGHT]: 10 });
    expect(readdirSync(dirname(room.path))).toContain('history.db.corrupt-2026-11-21');
    expect(room.said[0]).toMatch(/not a database.*lies at .*corrupt-2026-11-21 now, a new history begins/);
  });

  test('finds a file that broke while it ran, and begins a new one', (context) => {
    const room = new Room(context);
    room.runs(70_000);
    room.ends();
    const size = 4096;
    // All but the first page, which says what the file is.
    writeFileSync(room.path, Buffer.alloc(20 * size, 0xa5), { flag: 'r+' });
    room.restarts('killed');
    room.runs(3 * MINUTE_MS);
    expect(room.said[0]).toMatch(/lies at .*corrupt-2026-11-21/);
    expect(Object.keys(room.minutes()).length).toBeGreaterThan(0);
  });

  test('does not touch a file that is another program’s', (context) => {
    const room = new Room(context);
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const theirs = new DatabaseSync(room.path);
    theirs.exec('CREATE TABLE photos (name)');
    theirs.close();
    room.runs(70_000);
    expect(room.said[0]).toMatch(/is not a history of bmsgate; move it away or name another file$/);
    expect(readdirSync(dirname(room.path)).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('says what to do about a folder that it may not write', (context) => {
    const room = new Room(context);
    chmodSync(dirname(room.path), 0o500);
    room.runs(1000);
    chmodSync(dirname(room.path), 0o700);
    expect(room.said[0]).toMatch(/make its folder writable for the user of the gateway/);
  });
});
