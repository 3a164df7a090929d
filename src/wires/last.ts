import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BankConfig } from '../bank/config.ts';
import { evaluate, resume } from '../bank/evaluate.ts';
import type { Evaluation } from '../bank/memory.ts';
import { sentence } from '../model/errors.ts';
import { bootId } from './boot-id.ts';

/** What the next process of this boot needs in order to go on at the true age (design section 8). */
interface Last {
  readonly form: number;
  readonly bootId: string;
  readonly hash: string;
  readonly state: Evaluation;
}

/** Of what is written; to be raised when an evaluation or its memory gets another shape. */
const FORM = 4;

export interface LastOptions {
  /** `/run/bmsgate` under systemd. */
  readonly folder: string;
  /** Of the configuration: another bank's state is nobody's memory. */
  readonly hash: string;
  readonly bank: BankConfig;
  /** Told once when it cannot be written, one sentence, and again after it could. */
  readonly report: (sentence: string) => void;
}

/** JSON has no hole: what it wrote as null was absent. */
const withoutNulls = (_key: string, value: unknown): unknown => (value === null ? undefined : value);

const isSound = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(isSound);

/** A state proves itself: its stamps lie behind it, and one more evaluation from it throws nothing and tells only numbers. */
function isWhole(state: Evaluation, bank: BankConfig, nowMs: number): boolean {
  const stamps = Object.values(state.memory.packs).map((pack) => pack.held?.atMs ?? 0);
  const past = [state.memory.startedAtMs, ...stamps].every((atMs) => atMs <= state.evaluatedAtMs);
  return past && state.evaluatedAtMs <= nowMs && isSound(evaluate({ samples: {} }, state, bank, nowMs));
}

/** The evaluation that an earlier process left, made ready to go on; undefined when there is none of this boot and bank. */
export function takeUp({ folder, hash, bank }: LastOptions, nowMs: number): Evaluation | undefined {
  try {
    if (!isOurs(folder)) return undefined;
    // Written by ourselves; what is damaged or of another version fails the proof or throws.
    const last = JSON.parse(readFileSync(join(folder, 'last.json'), 'utf8'), withoutNulls) as Last;
    const fits = last.form === FORM && last.bootId === bootId() && last.hash === hash;
    return fits && isWhole(last.state, bank, nowMs) ? resume(last.state, nowMs) : undefined;
  } catch {
    return undefined;
  }
}

/** In `/tmp` anybody could have made a folder of our name, to feed us a past or to point our writing elsewhere. */
const isOurs = (folder: string): boolean => statSync(folder).uid === process.getuid?.();

/** Of one level: where nothing can be made, as under `/proc`, a recursive mkdir of Node never comes back. */
export function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  if (!isOurs(folder)) throw new Error('the folder belongs to another user');
}

/** Leaves each evaluation behind by an atomic rename, one at a time; what comes meanwhile waits, the newest only. */
export function leaveLast({ folder, hash, report }: LastOptions): (state: Evaluation) => void {
  const path = join(folder, 'last.json');
  const head = { form: FORM, bootId: bootId(), hash };
  let ready = false;
  let writing = false;
  let due: Evaluation | undefined;
  let failed = false;

  async function write(state: Evaluation): Promise<void> {
    try {
      if (!ready) makeFolder(folder);
      ready = true;
      await writeFile(`${path}.new`, JSON.stringify({ ...head, state }), { mode: 0o600 });
      await rename(`${path}.new`, path);
      failed = false;
    } catch (error) {
      if (!failed) report(`${path} cannot be written (${sentence(error)}): a restart would begin anew`);
      failed = true;
      ready = false;
    }
  }

  async function flush(): Promise<void> {
    writing = true;
    for (let state = due; state; state = due) {
      due = undefined;
      await write(state);
    }
    writing = false;
  }

  return (state) => {
    due = state;
    if (!writing) void flush();
  };
}

/** What the process before left, and the leaving of ours; without a folder neither. */
export function openLast(
  folder: string | undefined,
  { hash, bank }: Pick<LastOptions, 'hash' | 'bank'>,
  report: LastOptions['report'],
  nowMs: number,
): { readonly stored: Evaluation | undefined; readonly leave: (state: Evaluation) => void } {
  if (folder === undefined) return { stored: undefined, leave: () => {} };
  const last = { folder, hash, bank, report };
  return { stored: takeUp(last, nowMs), leave: leaveLast(last) };
}
