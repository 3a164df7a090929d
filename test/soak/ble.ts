// A soak of the Bluetooth side: the real ear, a virtual air with units that can be checked, and faults that follow from a seed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { BleStack, EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { kernelAir, virtualAir } from './airs.ts';
import { commit, hindering, lineOf, type Room } from './hands.ts';
import { type KeptEar, keptEar } from './kept-ear.ts';
import { sampleJudge } from './observer.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Fault, type FaultKind, planFaults } from './plan.ts';
import { type Reach, reach } from './reach.ts';
import { LOOK_MS, type Stillness, stillness } from './stillness.ts';
import { type SoakUnit, soakUnit } from './unit.ts';

/** No fault before all units may be there. */
const WARM_UP_MS = 12_000;
/** After the last fault every unit is fresh again within this. */
const WELL_AGAIN_MS = 30_000;
const POLL_MS = 1000;

export interface SoakOptions {
  readonly stack: BleStack;
  readonly seed: number;
  readonly seconds: number;
  readonly units: number;
  readonly without?: readonly FaultKind[];
  /** On the controllers of this kernel, `hci0` being the gateway's, instead of in this process. */
  readonly isOnKernel?: boolean;
  readonly say?: (line: string) => void;
}

const addressOf = (n: number): string => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`;

const orderOf = (stack: BleStack, units: number): ListenOrder => ({
  type: 'listen',
  radios: [{ name: 'hci0', form: 'noble', adapter: 'hci0', stack }],
  pollMs: POLL_MS,
  batteries: Array.from({ length: units }, (_, i) => ({
    id: String(i + 1),
    bms: 'jbd',
    address: addressOf(i + 1),
  })),
});

interface Watched {
  readonly unit: SoakUnit;
  readonly reach: Reach;
  readonly judge: ReturnType<typeof sampleJudge>;
}

/** Everything that is seen from outside: samples, their faults, and how old they were when they came. */
function watching(o: SoakOptions, startMs: number, still: Stillness) {
  const violations: string[] = [];
  const arrivalsMs: number[] = [];
  const counts = { rejected: 0, stalls: 0 };
  const fail = (sentence: string) => {
    const violation = `${((monotonicMs() - startMs) / 1000).toFixed(1)} s, seed ${o.seed}: ${sentence}`;
    violations.push(violation);
    o.say?.(violation);
  };
  const watched: readonly Watched[] = Array.from({ length: o.units }, (_, i) => {
    const unit = soakUnit(i + 1);
    return {
      unit,
      judge: sampleJudge(unit, still),
      reach: reach({ unit: unit.n, startMs, stillness: still, fail }),
    };
  });

  const heard = (report: EarReport) => {
    const nowMs = monotonicMs();
    if (report.type === 'rejected') counts.rejected += report.count;
    if (report.type === 'notice' && report.text.startsWith('stood still')) counts.stalls++;
    if (report.type !== 'sample') return;
    const one = watched[Number(report.battery) - 1];
    if (!one) return fail(`a sample of "${report.battery}", which is none of the units`);
    for (const wrong of one.judge(report, nowMs)) fail(`unit ${report.battery}: ${wrong}`);
    one.reach.heard(report.atMs, nowMs);
    arrivalsMs.push(nowMs - report.atMs);
  };

  return { violations, arrivalsMs, counts, watched, fail, heard };
}

type Watching = ReturnType<typeof watching>;

/** One fault from its beginning to its end. */
async function befall(room: Room, { watched }: Watching, fault: Fault): Promise<void> {
  const met = watched.filter(({ unit }) => fault.unit === 0 || unit.n === fault.unit);
  const hindered = hindering.includes(fault.kind) ? met : [];
  for (const { reach } of hindered) reach.hinder();
  const end = commit(room, fault);
  await sleep(fault.forMs);
  end();
  for (const { reach } of hindered) reach.free(fault.kind, monotonicMs());
}

/** All faults of the plan, each at its second. */
async function goThrough(
  plan: readonly Fault[],
  startMs: number,
  room: Room,
  o: SoakOptions,
  seen: Watching,
) {
  const inForce: Promise<void>[] = [];
  for (const fault of plan) {
    await sleep(Math.max(0, startMs + fault.atMs - monotonicMs()));
    o.say?.(lineOf(fault));
    inForce.push(befall(room, seen, fault));
  }
  await Promise.all(inForce);
  await sleep(Math.max(0, startMs + o.seconds * 1000 - monotonicMs()));
}

/** The last claim: nothing of all that lasts. */
async function wellAgain({ watched, fail }: Watching, still: Stillness): Promise<void> {
  const fromMs = monotonicMs();
  const missing = () => watched.filter(({ reach }) => reach.lastMs() < fromMs);
  while (
    missing().length > 0 &&
    monotonicMs() - fromMs - still.between(fromMs, monotonicMs()) < WELL_AGAIN_MS
  )
    await sleep(LOOK_MS);
  for (const { unit } of missing()) fail(`unit ${unit.n} is not fresh within 30 s after the last fault`);
}

/** Looks at the clock, at who must be fresh, and once a second at what the ear holds. */
function looking(still: Stillness, ear: KeptEar, { watched }: Watching): () => void {
  let looks = 0;
  let timer: NodeJS.Timeout;
  const look = () => {
    const nowMs = monotonicMs();
    still.look(nowMs, ear.pid());
    for (const { reach } of watched) reach.watch(nowMs);
    if (looks++ % (1000 / LOOK_MS) === 0) ear.measure();
    timer = setTimeout(look, LOOK_MS);
  };
  look();
  return () => clearTimeout(timer);
}

export async function soakBle(o: SoakOptions): Promise<Outcome> {
  const startMs = monotonicMs();
  const still = stillness(startMs);
  const seen = watching(o, startMs, still);
  const plan = planFaults({ ...o, fromMs: WARM_UP_MS, toMs: o.seconds * 1000 });
  const units = seen.watched.map(({ unit }) => unit);
  const air = await (o.isOnKernel ? kernelAir : virtualAir)(units);
  const ear = keptEar({
    order: orderOf(o.stack, o.units),
    airDir: air.dir,
    heard: seen.heard,
    fail: seen.fail,
  });
  const endLooks = looking(still, ear, seen);
  try {
    await goThrough(plan, startMs, { air: air.hand, units, ear }, o, seen);
    await wellAgain(seen, still);
  } finally {
    endLooks();
  }
  const lives = await ear.stop();
  air.close();
  return outcomeOf({
    ...o,
    ...seen,
    plan,
    lives,
    lastedMs: monotonicMs() - startMs,
    stillMs: still.between(startMs, monotonicMs()),
  });
}
