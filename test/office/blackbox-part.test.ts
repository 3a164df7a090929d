import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readBox } from '../../src/blackbox/read-box.ts';
import type { Start, TapeEntry } from '../../src/blackbox/tape.ts';
import { newLedger } from '../../src/events/ledger.ts';
import type { Log } from '../../src/log.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { blackboxPart } from '../../src/office/blackbox-part.ts';
import { crankedClock } from '../can/clock.ts';
import { eventually } from '../eventually.ts';

const MINUTE_MS = 60_000;

function office({ parent = mkdtempSync(join(tmpdir(), 'bmsgate-box-')) } = {}) {
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const time = crankedClock();
  const said: string[] = [];
  const kept: string[] = [];
  const folder = join(parent, 'blackbox');
  const ledger = newLedger('office', ({ kind, text }) => kept.push(`${kind} ${text}`));
  // Of the log only this is used.
  const log = { error: (text: string) => void said.push(text) } as unknown as Log;
  const gateway = { bank: {}, batteries: [], inverters: [], config: '' };
  const part = blackboxPart(
    // What is in them does not matter to the part.
    { folder, ...gateway } as unknown as Parameters<typeof blackboxPart>[0],
    { log, ledger, clock: time.clock },
    time.after,
  );
  let number = 0;
  const tape = (entry: TapeEntry) => {
    part.tape?.({ type: 'tape', from: 'wires', number: number++, entries: [entry] });
  };
  const boxes = () =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
  return {
    part,
    said,
    kept,
    folder,
    boxes,
    /** Minutes go by, with a start in each. */
    minutes(count: number): void {
      for (let i = 0; i < count; i++) {
        tape(['start', time.clock(), { samples: {}, left: {} } as unknown as Start]);
        for (let second = 0; second < 60; second++)
          tape(['say', time.clock() + second * 1000, 'house', 'beat', []]);
        time.until(time.clock() + MINUTE_MS);
      }
    },
    tell: (event: Partial<BankEvent>) =>
      part.event?.({ id: 'run-1', kind: 'protection', text: 'cell 7', beganAtMs: time.clock(), ...event }),
    read(name: string) {
      const box = readBox(readFileSync(join(folder, name), 'utf8'));
      if ('message' in box) throw new Error(box.message);
      return box;
    },
  };
}

describe('a protection', () => {
  test('is kept with the ten minutes before it and the two behind it', async () => {
    const here = office();
    here.minutes(30);
    here.tell({});
    here.minutes(1);
    expect(here.boxes()).toEqual([]);
    here.minutes(2);
    await eventually(() => expect(here.boxes()).toHaveLength(1));
    const [name = ''] = here.boxes();
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-protection\.1\.jsonl$/);
    const { head, entries } = here.read(name);
    expect(head.events.map(({ id, beganAtMs }) => [id, beganAtMs])).toEqual([['run-1', 30 * MINUTE_MS]]);
    expect(entries[0]?.[1]).toBeLessThanOrEqual(20 * MINUTE_MS);
    expect(entries.at(-1)?.[1]).toBeGreaterThanOrEqual(31.9 * MINUTE_MS);
    await eventually(() =>
      expect(here.kept).toEqual([`black_box_kept black box kept: ${join(here.folder, name)}`]),
    );
  });

  test('that comes and goes all evening gives a box each ten minutes, and each of its begins is in one', async () => {
    const here = office();
    here.minutes(15);
    for (let i = 0; i < 60; i++) {
      here.tell({ id: `flap-${i}` });
      here.tell({ id: `flap-${i}`, endedAtMs: 1e9 });
      here.minutes(1);
      await here.part.tape?.({ type: 'tape', from: 'ear', number: 0, entries: [] });
    }
    here.minutes(12);
    await eventually(() => expect(here.kept).toHaveLength(7));
    expect(here.boxes()).toHaveLength(7);
  });

  test('is kept as far as there is when the office must end', async () => {
    const here = office();
    here.minutes(3);
    here.tell({});
    await here.part.end?.();
    expect(here.boxes()).toHaveLength(1);
  });

  test('that another office has kept is not kept again when its peak rises', async () => {
    const here = office();
    here.minutes(3);
    here.part.open?.([{ id: 'run-1', kind: 'protection', text: 'cell 7', beganAtMs: 10_000 }]);
    here.tell({ beganAtMs: 10_000 });
    await here.part.end?.();
    expect(here.boxes()).toEqual([]);
  });

  test('that began a moment before this office is kept as far as there is', async () => {
    const here = office();
    here.minutes(3);
    const beganAtMs = 2.5 * MINUTE_MS;
    here.part.open?.([{ id: 'run-1', kind: 'protection', text: 'cell 7', beganAtMs }]);
    await here.part.end?.();
    expect(here.boxes()).toHaveLength(1);
  });

  test('that is over, a warning, and one that was told before, are no reason', async () => {
    const here = office();
    here.minutes(3);
    here.tell({ endedAtMs: 5 });
    here.tell({ id: 'run-2', kind: 'warning' });
    await here.part.end?.();
    expect(here.boxes()).toEqual([]);
  });

  test('is told in one sentence when the disk does not take it', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'bmsgate-box-'));
    writeFileSync(join(parent, 'blackbox'), 'a file in the place of the folder');
    const here = office({ parent });
    here.minutes(3);
    here.tell({});
    await here.part.end?.();
    expect(here.said).toEqual([
      expect.stringMatching(/^a black box of protection could not be kept in \S+: EEXIST/),
    ]);
    expect(here.kept).toEqual([]);
  });

  test('with nothing on the tape leaves no file', async () => {
    const here = office();
    here.tell({});
    await here.part.end?.();
    expect([here.boxes(), here.said]).toEqual([[], []]);
  });
});
