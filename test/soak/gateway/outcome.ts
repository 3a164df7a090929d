// What a soak of the gateway showed: as data, and in lines for people.
import { type Spread, spreadOf } from '../spread.ts';
import type { Site } from './hands.ts';
import type { MasterCounts } from './master.ts';
import { counted, type GatewayFault, type GatewayKind, gatewayFaults } from './plan.ts';
import type { Watch } from './watch.ts';

export interface GatewayOutcome {
  readonly seed: number;
  readonly lastedS: number;
  readonly stillS: number;
  readonly faults: Readonly<Record<GatewayKind, number>>;
  readonly line: MasterCounts & { readonly images: number; readonly excusedS: number };
  readonly answerMs: Spread | undefined;
  readonly can: { readonly beats: number; readonly images: number; readonly excusedS: number };
  readonly latenessMs: Spread | undefined;
  /** Of what was told without a sign of age, by the book. */
  readonly ageMs: Spread | undefined;
  readonly starts: number;
  readonly restartMs: Spread | undefined;
  readonly bmsAnswers: number;
  readonly violations: readonly string[];
  /** What the gateway said, ms since the machine started. */
  readonly log: readonly string[];
}

export interface Shown {
  readonly seed: number;
  readonly lastedMs: number;
  readonly stillMs: number;
  readonly plan: readonly GatewayFault[];
  readonly site: Site;
  readonly seen: Watch;
  readonly violations: readonly string[];
}

export function outcomeOf({ seed, lastedMs, stillMs, plan, site, seen, violations }: Shown): GatewayOutcome {
  const excusedS = (wire: 'lineExcuses' | 'canExcuses') => seen[wire].lastedMs(lastedMs) / 1000;
  return {
    seed,
    lastedS: lastedMs / 1000,
    stillS: stillMs / 1000,
    faults: counted(gatewayFaults, plan),
    line: { ...site.master.counts, images: seen.line.seen(), excusedS: excusedS('lineExcuses') },
    answerMs: spreadOf(site.master.answerMs),
    can: { beats: seen.beats.count(), images: seen.can.seen(), excusedS: excusedS('canExcuses') },
    latenessMs: spreadOf(seen.beats.latenessMs),
    ageMs: spreadOf([...seen.line.agesMs, ...seen.can.agesMs]),
    starts: site.gateway.starts(),
    restartMs: spreadOf(seen.backMs),
    bmsAnswers: site.units.reduce((sum, { given }) => sum + given.size, 0),
    violations,
    log: site.gateway.lines.map(({ atMs, text }) => `${atMs.toFixed(0)} ${text}`),
  };
}

const told = (spread: Spread | undefined): string =>
  spread
    ? `p50 ${spread.p50.toFixed(1)} ms, p99 ${spread.p99.toFixed(1)} ms, max ${spread.max.toFixed(1)} ms (${spread.count})`
    : 'none';

export const linesOf = (o: GatewayOutcome): string[] => [
  `seed ${o.seed}, ${o.lastedS.toFixed(0)} s; the machine stood still for ${o.stillS.toFixed(1)} s of it`,
  `faults: ${Object.entries(o.faults)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')}`,
  `line: ${o.line.asked} questions, ${o.line.answered} answered, ${o.line.excused} excused; ${o.line.images} images checked, ` +
    `${o.line.writes} writes, ${o.line.damagedWrites} damaged ones, ${o.line.scratchReads} times looked what is stored`,
  `answers: ${told(o.answerMs)}`,
  `CAN: ${o.can.beats} beats, ${o.can.images} images checked; off their deadline: ${told(o.latenessMs)}`,
  `age of what was told as fresh: ${told(o.ageMs)}`,
  `${o.starts} starts of the gateway, back after ${told(o.restartMs)}; made of ${o.bmsAnswers} answers of the units`,
  ...o.violations.slice(0, 100),
  `${o.violations.length} violations`,
];
