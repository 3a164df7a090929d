// Whoever knocks at the door and leaves again, however rudely, does the gateway no harm.
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Control } from '../../src/wires/control.ts';
import { openDoor } from '../../src/wires/control-door.ts';
import { until } from '../house/until.ts';

const WISH = `${JSON.stringify({ target: 'a', typed: 'a', errand: { kind: 'fet', direction: 'charge', on: false } })}\n`;

/** A door behind which a wish is waited for until the one who asked leaves. */
function door() {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-door-'));
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
  onTestFinished(() => {
    close();
    rmSync(folder, { recursive: true });
  });
  return { path, seen };
}

test('one who leaves with lines unread is only gone, and the wish is told of it', async () => {
  const { path, seen } = door();
  const client = createConnection(path);
  client.pause().write(WISH);
  await until('the wish is there', 5000, () => seen.includes('asked'));
  // What lies unread makes the leaving an error at the other end.
  client.destroy();
  await until('the wish hears of it', 5000, () => seen.includes('left'));
  expect(seen).toEqual(['asked', 'left']);
});
