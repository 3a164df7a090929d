import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Evaluation } from '../../src/bank/memory.ts';
import { leaveLast, takeUp } from '../../src/wires/last.ts';
import { bankOf, pack, reading, room } from '../bank/room.ts';
import { eventually } from '../eventually.ts';

const bank = bankOf([[pack('a')], [pack('b')]]);
let folder: string;
const reports: string[] = [];
const options = (more: { folder?: string; hash?: string } = {}) => ({
  folder,
  hash: 'h1',
  bank,
  report: (sentence: string) => void reports.push(sentence),
  ...more,
});
const path = () => join(folder, 'last.json');

/** A bank that has been lost for a while. */
function lost(): Evaluation {
  const r = room(bank);
  r.hearAll(reading({ temperaturesC: [undefined, 21] }));
  return r.pass(70);
}

/** What lies there when all writing is done. */
async function left(state: Evaluation): Promise<Record<string, unknown>> {
  leaveLast(options())(state);
  await eventually(() => expect(readdirSync(folder)).toEqual(['last.json']));
  return JSON.parse(readFileSync(path(), 'utf8'));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bmsgate-last-'));
  reports.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what an evaluation leaves behind', () => {
  test('is taken up with its rung, its age and its ramp, each pack at best late', async () => {
    await left(lost());
    const taken = takeUp(options(), 72_000);
    expect(taken).toMatchObject({ freshness: 'lost', sampleAtMs: 0 });
    expect(taken?.memory).toMatchObject({ heard: true, resumedAtMs: 72_000, falling: { chargeA: 95 } });
    expect(taken?.memory.packs.a).toMatchObject({ resumed: true, rung: 'lost' });
  });

  test.each([
    ['another configuration', { hash: 'h2' }],
    ['another boot', { bootId: 'b2' }],
    ['another version of this program', { form: 1 }],
  ])('is not taken up by %s', async (_, other) => {
    writeFileSync(path(), JSON.stringify({ ...(await left(lost())), ...other }));
    expect(takeUp(options(), 72_000)).toBeUndefined();
  });

  test('is not taken up from the future', async () => {
    await left(lost());
    expect(takeUp(options(), 69_999)).toBeUndefined();
    expect(takeUp(options(), 70_000)).toBeDefined();
  });

  test.each<[string, (state: Evaluation) => unknown]>([
    ['no memory', ({ memory: _, ...state }) => state],
    ['no heartbeat', (s) => ({ ...s, memory: { ...s.memory, heartbeat: undefined } })],
    ['no packs', (s) => ({ ...s, memory: { ...s.memory, packs: undefined } })],
    ['a ramp from nowhere', (s) => ({ ...s, memory: { ...s.memory, falling: { atMs: 15_000 } } })],
    ['no start', (s) => ({ ...s, memory: { ...s.memory, startedAtMs: undefined } })],
    [
      'a sample newer than itself',
      (s) => ({
        ...s,
        memory: {
          ...s.memory,
          packs: { ...s.memory.packs, a: { ...s.memory.packs.a, held: { value: reading(), atMs: 71_000 } } },
        },
      }),
    ],
    [
      'a stamp that is no number',
      (s) => ({
        ...s,
        memory: {
          ...s.memory,
          packs: { ...s.memory.packs, a: { ...s.memory.packs.a, held: { value: reading(), atMs: 'x' } } },
        },
      }),
    ],
    ['nothing at all', () => undefined],
  ])('with %s is begun anew, without a throw', async (_, damage) => {
    const whole = await left(lost());
    writeFileSync(path(), JSON.stringify({ ...whole, state: damage(lost()) }));
    expect(takeUp(options(), 72_000)).toBeUndefined();
  });

  test('is begun anew at every place where the file may have been cut off', async () => {
    await left(lost());
    const text = readFileSync(path(), 'utf8');
    for (let length = 0; length < text.length; length += 97) {
      writeFileSync(path(), text.slice(0, length));
      expect(takeUp(options(), 72_000)).toBeUndefined();
    }
  });

  test('is begun anew where there is no file and no folder', () => {
    expect(takeUp(options(), 72_000)).toBeUndefined();
    expect(takeUp(options({ folder: join(folder, 'none') }), 72_000)).toBeUndefined();
  });
});

describe('leaving it behind', () => {
  test('never shows half a file, writes the newest, and skips what came while it wrote', async () => {
    const leave = leaveLast(options());
    const r = room(bank);
    let written = 0;
    for (let i = 1; i <= 200; i++) {
      leave(r.tick(1000));
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      try {
        const { state } = JSON.parse(readFileSync(path(), 'utf8'));
        expect(state.sequence).toBeGreaterThanOrEqual(written);
        written = state.sequence;
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOENT' });
      }
    }
    await eventually(() => expect(JSON.parse(readFileSync(path(), 'utf8')).state.sequence).toBe(200));
  });

  test('in a folder that is a file is said once, and tried again until it works', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const leave = leaveLast(options());
    const state = lost();
    for (let i = 0; i < 5; i++) {
      leave(state);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/last\.json cannot be written \(.+\): a restart would begin anew$/);
    rmSync(folder);
    leave(state);
    await eventually(() => expect(readdirSync(folder)).toEqual(['last.json']));
    expect(reports).toHaveLength(1);
  });

  test('where no folder can be made is said, and does not hold up the wires', async () => {
    leaveLast(options({ folder: '/proc/bmsgate' }))(lost());
    await eventually(() => expect(reports).toHaveLength(1));
  });

  test.skipIf(process.getuid?.() !== 0)(
    'in a folder of another user is refused, and nothing is taken from there',
    async () => {
      const { chownSync } = await import('node:fs');
      await left(lost());
      chownSync(folder, 12_345, 12_345);
      expect(takeUp(options(), 72_000)).toBeUndefined();
      leaveLast(options())(lost());
      await eventually(() => expect(reports[0]).toContain('the folder belongs to another user'));
    },
  );

  test('makes the folder for this user alone', async () => {
    const inner = join(folder, 'run', 'bmsgate');
    mkdirSync(join(folder, 'run'));
    chmodSync(join(folder, 'run'), 0o755);
    leaveLast(options({ folder: inner }))(lost());
    await eventually(() => expect(readdirSync(inner)).toEqual(['last.json']));
    const { statSync } = await import('node:fs');
    expect(statSync(inner).mode & 0o777).toBe(0o700);
  });
});
