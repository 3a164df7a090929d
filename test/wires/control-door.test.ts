// Whoever knocks at the door and leaves again, however rudely, does the gateway no harm.
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Control } from '../../src/wires/control.ts';
import { openDoor } from '../../src/wires/control-door.ts';
import { until } from '../house/until.ts';

const WISH = `${JSON.stringify({ target: 'a', typed: 'a', errand: { kind: 'fet', direction: 'charge', on: false } })}\n`;

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-door-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Asks through the door at this path; whether somebody is there. */
const isOpen = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const client = createConnection(path);
    client.once('error', () => resolve(false));
    client.once('connect', () => {
      client.destroy();
      resolve(true);
    });
  });

/** A door behind which a wish is waited for until the one who asked leaves. */
function door(folder = emptyFolder()) {
  const seen: string[] = [];
  const carryOut: Control['carryOut'] = (_wish, tell, left) =>
    new Promise((resolve) => {
      tell('waiting');
      seen.push('asked');
      left?.addEventListener('abort', () => resolve(void seen.push('left')));
    });
  const path = join(folder, 'control.sock');
  const control = { withheld: () => [], look: () => {}, heardBack: () => {}, carryOut };
  const report = (sentence: string) => void seen.push(sentence);
  const close = openDoor({ path, control, families: new Map([['a', 'jbd']]), anyRaw: false, report });
  onTestFinished(close);
  return { path, seen, close };
}

test('one who leaves with lines unread is only gone, and the wish is told of it', async () => {
  const { path, seen } = door();
  await until('the door is open', 5000, () => existsSync(path));
  const client = createConnection(path);
  client.pause().write(WISH);
  await until('the wish is there', 5000, () => seen.includes('asked'));
  // What lies unread makes the leaving an error at the other end.
  client.destroy();
  await until('the wish hears of it', 5000, () => seen.includes('left'));
  expect(seen).toEqual(['asked', 'left']);
});

test('a second gateway of the same folder leaves the door to the first, and says so', async () => {
  const first = door(emptyFolder());
  await until('the first is open', 5000, () => existsSync(first.path));
  const second = door(join(first.path, '..'));
  await until('the second says it', 5000, () => second.seen.length > 0);
  expect(second.seen[0]).toMatch('commands by hand are not taken: another gateway takes them');
  second.close();
  expect(await isOpen(first.path)).toBe(true);
});

test('what a gateway that was killed left there is swept away', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'control.sock'), '');
  const { path } = door(folder);
  await until('the door is open', 5000, () => isOpen(path));
});

test('a place where no door can be made is said, and keeps nothing from starting', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'taken', 'control.sock'), { recursive: true });
  for (const place of ['file', 'taken', join('no', 'such')]) {
    const { seen } = door(join(folder, place));
    await until('it is said', 5000, () => seen.length > 0);
    expect(seen[0]).toMatch(/^commands by hand are not taken: /);
  }
});

test.skipIf(process.getuid?.() !== 0)(
  'a folder that somebody else made for us is no place for a door',
  () => {
    const folder = emptyFolder();
    chownSync(folder, 12345, 12345);
    expect(door(folder).seen).toEqual(['commands by hand are not taken: the folder belongs to another user']);
  },
);
