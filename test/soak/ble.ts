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
import { type Reach, reach, STALE_MS } from './reach.ts';
import { LOOK_MS, type Stillness, stillness } from './stillness.ts';
import { type SoakUnit, soakUnit } from './unit.ts';

/** No fault before all units may be there. */
const WARM_UP_MS = 12_000;
/** The first samples of an ear, and after the last fault the next ones, come within these; the kernel's controllers are emulated. */
const patience = {
  virtual: { firstMs: STALE_MS, againMs: 30_000 },
  kernel: { firstMs: 90_000, againMs: 90_000 },
} as const;
const patienceOf = ({ isOnKernel = false }: SoakOptions) => patience[isOnKernel ? 'kernel' : 'virtual'];
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
      reach: reach({ unit: unit.n, startMs, firstMs: patienceOf(o).firstMs, stillness: still, fail }),
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

  const started = (nowMs: number) => {
    for (const { reach } of watched) reach.anew(nowMs);
  };
  return { violations, arrivalsMs, counts, watched, fail, heard, started };
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
}

/** Waits until none is missing, and not for more than `limitMs`; gives those who are. */
async function awaited(missing: () => readonly Watched[], limitMs: number, still: Stillness) {
  const fromMs = monotonicMs();
  const isOver = () => monotonicMs() - fromMs - still.between(fromMs, monotonicMs()) >= limitMs;
  while (missing().length > 0 && !isOver()) await sleep(LOOK_MS);
  return missing();
}

/** The last claim: nothing of all that lasts. */
async function wellAgain({ watched, fail }: Watching, still: Stillness, limitMs: number): Promise<void> {
  const fromMs = monotonicMs();
  const missing = () => watched.filter(({ reach }) => reach.lastMs() < fromMs);
  for (const { unit } of await awaited(missing, limitMs, still))
    fail(`unit ${unit.n} is not fresh within ${limitMs / 1000} s after the last fault`);
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

/** From the first samples to the last claim; gives what befell. The reach of a unit tells when it is never heard. */
async function soak(startMs: number, room: Room, o: SoakOptions, seen: Watching, still: Stillness) {
  const { firstMs, againMs } = patienceOf(o);
  await awaited(() => seen.watched.filter(({ reach }) => !reach.isHeard()), firstMs, still);
  const fromMs = Math.max(WARM_UP_MS, monotonicMs() - startMs);
  const toMs = fromMs - WARM_UP_MS + o.seconds * 1000;
  const plan = planFaults({ ...o, fromMs, toMs });
  await goThrough(plan, startMs, room, o, seen);
  await sleep(Math.max(0, startMs + toMs - monotonicMs()));
  await wellAgain(seen, still, againMs);
  return plan;
}

export async function soakBle(o: SoakOptions): Promise<Outcome> {
  const startMs = monotonicMs();
  const still = stillness(startMs);
  const seen = watching(o, startMs, still);
  const units = seen.watched.map(({ unit }) => unit);
  const air = await (o.isOnKernel ? kernelAir : virtualAir)(units);
  const ear = keptEar({
    order: orderOf(o.stack, o.units),
    airDir: air.dir,
    isEmulated: o.isOnKernel ?? false,
    say: (line) => o.say?.(line),
    ...seen,
  });
  const endLooks = looking(still, ear, seen);
  const plan = await soak(startMs, { air: air.hand, units, ear }, o, seen, still).finally(endLooks);
  const lives = await ear.stop();
  air.close();
  return outcomeOf({
    ...o,
    ...seen,
    plan,
    lives,
    isBroken: ear.isBroken(),
    lastedMs: monotonicMs() - startMs,
    stillMs: still.between(startMs, monotonicMs()),
  });
}
