// Prints how long each shipped profile takes to be read, proven and compiled, and how long one beat of it (or one register
// image) takes to be encoded; then what an hour of beats leaves on the heap. Budgets: compile ≤ 20 ms a profile, a beat of
// 15 frames ≤ 0.2 ms at p99. Run: node_modules/.bin/node --expose-gc test/bench/profiles.ts [beats]
import { listProfiles, loadProfile, shippedProfiles } from '../../src/config/profile-files.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { writtenState } from '../../src/profile/state-file.ts';

const beats = Number(process.argv[2] ?? 20_000);
const WARM_UP = 2000;
const LOADS = 20;
const HOUR_BEATS = 3600;

/** Everything that any profile could ask for, moving a little from beat to beat. */
const stateAt = (turn: number): SignalValues =>
  writtenState({
    socPct: 40 + (turn % 500) / 10,
    sohPct: 98,
    voltageV: 52 + (turn % 100) / 100,
    currentA: (turn % 200) - 100,
    temperatureC: 20 + (turn % 50) / 10,
    chargeVoltageLimitV: 56.8,
    dischargeVoltageLimitV: 44.8,
    chargeCurrentLimitA: turn % 100,
    dischargeCurrentLimitA: turn % 150,
    minCellVoltageV: 3.2,
    maxCellVoltageV: 3.3 + (turn % 10) / 1000,
    minCellTemperatureC: 19,
    maxCellTemperatureC: 22,
    minVoltageCellId: 'P1C01',
    maxVoltageCellId: 'P2C07',
    minTemperatureCellId: 'P1T1',
    maxTemperatureCellId: 'P2T2',
    cellVoltagesV: Array.from({ length: 16 }, (_, i) => 3.2 + ((turn + i) % 100) / 1000),
    temperaturesC: [19, 20, 21, 22],
    modulesOnline: 2,
    modulesOffline: 0,
    modulesBlockingCharge: 0,
    modulesBlockingDischarge: 0,
    capacityAh: 200,
    remainingCapacityAh: 100,
    capacityKWh: 10,
    cycles: 120,
    energyChargedKWh: 200,
    energyDischargedKWh: 180,
    serial: 'GW0123456789',
    manufacturer: 'GATEWAY',
    batteryName: 'Garage bank',
    productName: 'GATEWAY',
    alarms: turn % 7 ? [] : ['high_temperature'],
    dataAgeS: 1,
  });

const states = Array.from({ length: 1000 }, (_, turn) => stateAt(turn));

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
const encode = ({ can, modbus }: CompiledProfile, turn: number): unknown => {
  const state = states[turn % states.length] ?? {};
  return can ? can.frames(state) : modbus?.image(state);
};

const ms = (n: number): string => n.toFixed(3).padStart(8);
const mb = (bytes: number): string => (bytes / 1e6).toFixed(1).padStart(8);

console.log(`${beats} beats each, ms`);
console.log('profile              frames   load p50     max   beat p50     p99');
for (const { id } of listProfiles()) {
  const load = timed(LOADS, () => loadProfile(id));
  const compiled = loadProfile(id);
  timed(WARM_UP, (turn) => encode(compiled, turn));
  const beat = timed(beats, (turn) => encode(compiled, turn));
  const frames = compiled.can?.layouts.length ?? 0;
  console.log(
    id.padEnd(20),
    String(frames || '–').padStart(6),
    ` ${ms(at(load, 0.5))}${ms(at(load, 1))}  ${ms(at(beat, 0.5))}${ms(at(beat, 0.99))}`,
  );
}

const { gc } = globalThis;
const richest = loadProfile('victron');
if (gc) {
  console.log(
    `heap after gc while \`victron\` is encoded, MB, a point for every ${HOUR_BEATS / 6} beats of an hour`,
  );
  const points = Array.from({ length: 7 }, () => {
    gc();
    const heap = process.memoryUsage().heapUsed;
    for (let turn = 0; turn < HOUR_BEATS / 6; turn++) encode(richest, turn);
    return mb(heap);
  });
  console.log(points.join(''));
} else console.log('the heap is left out: run it with --expose-gc');
