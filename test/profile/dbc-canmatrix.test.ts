// The same files before a reader that others wrote: Debian's python3-canmatrix.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { toHex } from '../../src/bytes/hex.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { type CompiledProfile, compileProfile } from '../../src/profile/compile.ts';
import { dbcOf, dbcText } from '../../src/profile/dbc/write.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import { named } from '../modbus/wires.ts';
import { anyState } from './dbc/any-state.ts';
import { decode, readStrictly } from './dbc/reader.ts';
import { profileText, shippedIds, taken } from './profiles.ts';

vi.setConfig({ testTimeout: 300_000 });

const python = '/usr/bin/python3';
const script = join(import.meta.dirname, 'dbc', 'read.py');
const absent =
  spawnSync(python, ['-W', 'ignore', '-c', 'import canmatrix.formats']).status === 0
    ? undefined
    : 'python3-canmatrix is not installed';

const folder = mkdtempSync(join(tmpdir(), 'bmsgate-dbc-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kinds = taken(readFileSync(join(import.meta.dirname, 'dbc', 'kinds.yaml'), 'utf8'));
const compiled: CompiledProfile[] = [
  compileProfile(kinds, { order: 'little' }),
  ...[kinds, ...shippedIds.map((id) => taken(profileText(id)))].map((profile) => compileProfile(profile)),
].filter(({ can }) => can);

const framesOf = ({ can }: CompiledProfile): CanFrame[] =>
  fc.sample(anyState, 40).flatMap((state) => {
    const frames = can?.frames(state) ?? [];
    return isIncomplete(frames) ? [] : [...frames];
  });

interface Answer {
  readonly errors: readonly string[];
  readonly frames: readonly Record<string, readonly [raw: number, value: number, meaning: string | null]>[];
  readonly cycles: Record<string, number>;
  readonly senders: Record<string, readonly string[]>;
}

const jobs = compiled.map((profile, i) => {
  const dbc = dbcOf(profile);
  const text = dbc ? dbcText(dbc) : '';
  const path = join(folder, `${i}.dbc`);
  writeFileSync(path, text);
  return { path, frames: framesOf(profile), messages: readStrictly(text) };
});

const messageOf = ({ messages }: (typeof jobs)[number], { id, extended }: CanFrame) => {
  const found = messages.find((m) => m.id === (extended ? id + 2 ** 31 : id));
  if (!found) throw new Error('our own reader does not know this frame');
  return found;
};

/** A DBC has one length for all parts of an id; canmatrix takes no shorter one. */
const filled = (job: (typeof jobs)[number], frame: CanFrame): string =>
  toHex(frame.data, '').padEnd(messageOf(job, frame).length * 2, '0');

function judged(): Answer[] {
  const input = jobs.map((job) => ({
    dbc: job.path,
    frames: job.frames.map((f) => [f.id, f.extended, filled(job, f)]),
  }));
  const { stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(stderr);
  }
}

test.skipIf(absent)(named('another reader finds nothing wrong and reads the same', absent), () => {
  const answers = judged();
  for (const [i, job] of jobs.entries()) {
    const { frames, messages } = job;
    const answer = answers[i];
    expect(answer?.errors).toEqual([]);
    for (const [n, frame] of frames.entries()) {
      const own = decode(messageOf(job, frame), frame.data);
      expect(Object.keys(answer?.frames[n] ?? {}).toSorted()).toEqual(
        own.map((o) => o.signal.name).toSorted(),
      );
      for (const { signal, raw, value } of own) {
        const [theirs, physical, meaning] = answer?.frames[n]?.[signal.name] ?? [];
        expect([signal.name, theirs, meaning]).toEqual([signal.name, raw, signal.values.get(raw) ?? null]);
        expect(physical).toBeCloseTo(value, 6);
      }
    }
    for (const { name, cycleMs, sender } of messages) {
      expect(answer?.cycles[name]).toBe(cycleMs ?? 0);
      expect(answer?.senders[name]).toEqual([sender]);
    }
  }
});
