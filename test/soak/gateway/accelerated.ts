// Many hours of bad luck in a minute: the parts of the gateway below its heads on a clock cranked by hand, the same faults where they
// make sense, the same observer.
import { randomFrom } from '../../bms/noise.ts';
import type { Planned } from '../schedule.ts';
import { acts, type FastSite } from './fast-hands.ts';
import { FAST_MOST, type FastHouse, fastHouse } from './fast-house.ts';
import { fastMaster, type LineFault } from './fast-master.ts';
import { type FastKind, fastFaults } from './fast-plan.ts';
import { CALM_MS, calmEndsMs, counted, planStorms } from './plan.ts';
import { type Watch, watch } from './watch.ts';

const WARM_UP_MS = 5000;
/** The longest that a restart is planned for, and a second. */
const RESTART_MS = 21_000;
const SLOT_MS = 250;
/** Odd, so that questions and beats meet at every distance. */
const SLOT_PHASE_MS = 37;
const HOUR_MS = 3_600_000;

export interface FastOutcome {
  readonly seed: number;
  readonly hours: number;
  readonly faults: Readonly<Record<FastKind, number>>;
  readonly line: ReturnType<typeof fastMaster>['counts'] & { readonly images: number };
  readonly can: { readonly beats: number; readonly images: number };
  readonly bmsAnswers: number;
  readonly sleptS: number;
  readonly violations: readonly string[];
}

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** What is to happen, the soonest first. */
function agenda() {
  const due: Due[] = [];
  return {
    add(atMs: number, run: () => void): void {
      const at = due.findIndex((other) => other.atMs > atMs);
      due.splice(at < 0 ? due.length : at, 0, { atMs, run });
    },
    next: () => due[0]?.atMs ?? Number.POSITIVE_INFINITY,
    take: () => due.shift()?.run(),
  };
}

/** The time that the machine slept. */
function sleeps() {
  const slept: { readonly fromMs: number; readonly toMs: number }[] = [];
  return {
    slept: (fromMs: number, toMs: number) => void slept.push({ fromMs, toMs }),
    totalMs: () => slept.reduce((sum, one) => sum + one.toMs - one.fromMs, 0),
    between: (fromMs: number, toMs: number) =>
      slept.reduce(
        (sum, one) => sum + Math.max(0, Math.min(toMs, one.toMs) - Math.max(fromMs, one.fromMs)),
        0,
      ),
  };
}

const MOST_TOLD = 100;

export function soakAccelerated(
  seed: number,
  hours: number,
  say: (line: string) => void = () => {},
): FastOutcome {
  const violations: string[] = [];
  const fail = (sentence: string) => {
    const violation = `${(fast.clock() / 1000).toFixed(2)} s, seed ${seed}: ${sentence}`;
    violations.push(violation);
    if (violations.length <= MOST_TOLD) say(violation);
  };
  const sleep = sleeps();
  const fast: FastHouse = fastHouse((frame) => seen.frame(frame));
  const units = fast.packs.map(({ unit }) => unit);
  const seen: Watch = watch({
    units,
    most: FAST_MOST,
    clock: fast.clock,
    restartMs: RESTART_MS,
    stillness: sleep,
    fail,
  });
  const onLine = new Map<LineFault, number>();
  const isOn = (fault: LineFault) => (onLine.get(fault) ?? 0) > 0;
  const asking = fastMaster({ fast, seen, random: randomFrom(seed), isOn, fail });
  const things = agenda();
  const site: FastSite = {
    ...{ fast, seen, onLine, restarted: asking.restarted, slept: sleep.slept },
    later: (ms, run) => things.add(fast.clock() + ms, run),
  };
  const toMs = hours * HOUR_MS;
  const plan = planStorms<FastKind>(fastFaults, { seed, units: units.length, fromMs: WARM_UP_MS, toMs });
  appoint(things, plan, site, say);
  for (const atMs of calmEndsMs(WARM_UP_MS, toMs))
    things.add(atMs - 100, () => {
      if (sleep.between(fast.clock() - CALM_MS, fast.clock()) === 0) mustBeWell(seen, fail);
    });
  run(toMs, site, things, asking.poll);
  return {
    ...{ seed, hours, faults: counted(fastFaults, plan), violations },
    line: { ...asking.counts, images: seen.line.seen() },
    can: { beats: seen.beats.count(), images: seen.can.seen() },
    bmsAnswers: units.reduce((sum, { given }) => sum + given.size, 0),
    sleptS: sleep.totalMs() / 1000,
  };
}

type Agenda = ReturnType<typeof agenda>;

function appoint(
  things: Agenda,
  plan: readonly Planned<FastKind>[],
  site: FastSite,
  say: (line: string) => void,
) {
  for (const fault of plan)
    things.add(fault.atMs, () => {
      say(
        `${(fault.atMs / 1000).toFixed(1)} s ${fault.kind} ${fault.unit} ${fault.forMs} ms (${fault.value})`,
      );
      const end = acts[fault.kind](site, fault);
      site.later(fault.forMs, end);
    });
}

function mustBeWell({ line, can }: Watch, fail: (sentence: string) => void): void {
  if (line.isWell() && can.isWell()) return;
  fail(`not well at the end of a calm: ${JSON.stringify([line.newest(), can.newest()])}`);
}

/** Things happen at their moment, or when the machine wakes. */
function run(toMs: number, { fast, seen }: FastSite, things: Agenda, poll: () => void): void {
  for (let slotMs = SLOT_PHASE_MS; slotMs < toMs; slotMs = Math.max(slotMs + SLOT_MS, fast.clock())) {
    while (things.next() <= slotMs) {
      fast.until(Math.max(fast.clock(), things.next()));
      things.take();
    }
    fast.until(Math.max(fast.clock(), slotMs));
    poll();
    seen.look();
  }
}
