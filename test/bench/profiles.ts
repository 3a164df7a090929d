// Prints how long each shipped profile takes to be read and proven, how long to be compiled, and how long one beat of it (or
// one register image, or all serial answers) takes to be encoded; then what an hour of beats leaves on the heap. Budgets: compile ≤ 20 ms a profile, a beat of
// 15 frames ≤ 0.2 ms at p99. Run: node_modules/.bin/node --expose-gc test/bench/profiles.ts [beats]
import { listProfiles, readProfile } from '../../src/config/profile-files.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { type CompiledProfile, compileProfile } from '../../src/profile/compile.ts';
import type { Profile } from '../../src/profile/schema.ts';
import { writtenState } from '../../src/profile/state-file.ts';

const beats = Number(process.argv[2] ?? 20_000);
const WARM_UP = 2000;
const LOADS = 20;
const HOUR_BEATS = 3600;

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

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

function timed(times: number, work: (turn: number) => unknown): number[] {
  const tookMs: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const sinceMs = monotonicMs();
    work(turn);
    tookMs.push(monotonicMs() - sinceMs);
  }
  return tookMs.sort((a, b) => a - b);
}

/** One beat, or one image of all registers. */
const encode = ({ can, modbus, serial }: CompiledProfile, state: SignalValues): unknown => {
  const said = can?.frames(state) ?? modbus?.image(state) ?? serial?.say(state);
  if (said && 'missing' in said) throw new Error(`the bench's state lacks ${said.missing.join(', ')}`);
  return said;
};

const ms = (n: number): string => n.toFixed(3).padStart(8);
const mb = (bytes: number): string => (bytes / 1e6).toFixed(1).padStart(8);

console.log(`${beats} beats each, ms`);
console.log('profile             frames  prove p50     max compile p50     max   beat p50     p99');
for (const { id } of listProfiles()) {
  const load = timed(LOADS, () => readProfile(id));
  const { profile } = readProfile(id);
  const compile = timed(LOADS, () => compileProfile(profile));
  const compiled = compileProfile(profile);
  const states = Array.from({ length: 1000 }, (_, turn) => stateAt(profile, turn));
  const speak = (turn: number) => encode(compiled, states[turn % states.length] ?? {});
  timed(WARM_UP, speak);
  const beat = timed(beats, speak);
  const frames = compiled.can?.layouts.length ?? 0;
  console.log(
    id.padEnd(20),
    String(frames || '–').padStart(6),
    ` ${ms(at(load, 0.5))}${ms(at(load, 1))}   ${ms(at(compile, 0.5))}${ms(at(compile, 1))}  ${ms(at(beat, 0.5))}${ms(at(beat, 0.99))}`,
  );
}

const { gc } = globalThis;
const { profile: richest } = readProfile('victron');
const spoken = compileProfile(richest);
if (gc) {
  console.log(
    `heap after gc while \`victron\` is encoded, MB, a point for every ${HOUR_BEATS / 6} beats of an hour`,
  );
  const points = Array.from({ length: 7 }, () => {
    gc();
    const heap = process.memoryUsage().heapUsed;
    for (let turn = 0; turn < HOUR_BEATS / 6; turn++) encode(spoken, stateAt(richest, turn));
    return mb(heap);
  });
  console.log(points.join(''));
} else console.log('the heap is left out: run it with --expose-gc');
