// How long each shipped profile takes to be compiled, and one beat of it (or one register image, or all serial answers) to be
// encoded.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { listProfiles, readProfile } from '../../src/config/profile-files.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { type CompiledProfile, compileProfile } from '../../src/profile/compile.ts';
import type { Profile } from '../../src/profile/schema.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { judgedRow, type Part, type Row, spreadOf } from './row.ts';

const PART = 'profiles';
const BEATS = 20_000;
const WARM_UP = 2000;
const LOADS = 20;
const COMPILE_MS = 20;
const BEAT_MS = 0.2;
const HOUR_BEATS = 3600;
const GROWN_MB = 1;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** The profile's own first example, moving a little from beat to beat. */
const stateAt = ({ examples: [example] }: Profile, turn: number): SignalValues =>
  writtenState({
    ...example?.given,
    socPct: 40 + (turn % 500) / 10,
    voltageV: 52 + (turn % 100) / 100,
    currentA: (turn % 200) - 100,
    temperatureC: 20 + (turn % 50) / 10,
    chargeCurrentLimitA: turn % 100,
    dischargeCurrentLimitA: turn % 150,
    cellVoltagesV: Array.from({ length: 16 }, (_, i) => 3.2 + ((turn + i) % 100) / 1000),
    temperaturesC: [19, 20, 21, 22],
    alarms: turn % 7 ? [] : ['high_temperature'],
    dataAgeS: 1,
  });

function timed(times: number, work: (turn: number) => unknown): number[] {
  const tookMs: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const sinceMs = monotonicMs();
    work(turn);
    tookMs.push(monotonicMs() - sinceMs);
  }
  return tookMs;
}

/** One beat, or one image of all registers. */
const encode = ({ can, modbus, serial }: CompiledProfile, state: SignalValues): unknown => {
  const said = can?.frames(state) ?? modbus?.image(state) ?? serial?.say(state);
  if (said && 'missing' in said) throw new Error(`the bench's state lacks ${said.missing.join(', ')}`);
  return said;
};

const beatOf = ({ can, modbus }: CompiledProfile): string => {
  if (can) return `a beat of ${can.layouts.length} frames`;
  return modbus ? 'an image of all registers' : 'all serial answers';
};

/** The medians of all profiles as one row; the note names the slowest. */
function overAll(what: string, medians: ReadonlyMap<string, number>): Row {
  const slowest = [...medians].toSorted(([, a], [, b]) => b - a)[0];
  const note = `median of each of ${medians.size} profiles; the slowest is ${slowest?.[0]}`;
  return judgedRow({ part: PART, what, unit: 'ms', note }, [...medians.values()]);
}

const medianOf = (ms: readonly number[]): number => spreadOf(ms).p50;

/** What one profile's beats leave on the heap, MB: after an hour of them against after a tenth of that. */
function heapRow(id: string): Row {
  const { profile } = readProfile(id);
  const compiled = compileProfile(profile);
  const heapAfter = (beats: number): number => {
    for (let turn = 0; turn < beats; turn++) encode(compiled, stateAt(profile, turn));
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const grownMB = -heapAfter(HOUR_BEATS / 10) + heapAfter(HOUR_BEATS);
  const head = { part: PART, what: `\`${id}\`, heap grown by an hour of beats`, unit: 'MB' };
  return judgedRow(head, [grownMB], `≤ ${GROWN_MB}`, ({ max }) => max <= GROWN_MB);
}

export const profiles: Part = async function* ({ isQuick, say }) {
  say('profiles');
  const proveMs = new Map<string, number>();
  const compileMs = new Map<string, number>();
  for (const { id } of listProfiles()) {
    const { profile } = readProfile(id);
    const loads = isQuick ? LOADS / 10 : LOADS;
    proveMs.set(id, medianOf(timed(loads, () => readProfile(id))));
    compileMs.set(id, medianOf(timed(loads, () => compileProfile(profile))));
    const compiled = compileProfile(profile);
    const states = Array.from({ length: 1000 }, (_, turn) => stateAt(profile, turn));
    const speak = (turn: number) => encode(compiled, states[turn % states.length] ?? {});
    timed(WARM_UP, speak);
    const head = { part: PART, what: `\`${id}\`, ${beatOf(compiled)}`, unit: 'ms' };
    const beatMs = timed(isQuick ? WARM_UP : BEATS, speak);
    yield judgedRow(head, beatMs, `p99 ≤ ${BEAT_MS}`, ({ p99 }) => p99 <= BEAT_MS);
  }
  yield overAll('read and proven', proveMs);
  const compiled = overAll('compiled', compileMs);
  yield { ...compiled, budget: `max ≤ ${COMPILE_MS}`, isMet: (compiled.max ?? Number.NaN) <= COMPILE_MS };
  yield heapRow('victron');
};
