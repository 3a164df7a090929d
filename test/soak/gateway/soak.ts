// A soak of the whole gateway in real time: `bmsgate run` with its three processes, four packs on the virtual air, an RS485 line, a
// CAN interface of the kernel, and faults that follow from a seed. Runs as root of a machine of its own (test/rig/can-run).
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { commit, hindering, type Site } from './hands.ts';
import { type GatewayOutcome, outcomeOf } from './outcome.ts';
import {
  CALM_MS,
  calmEndsMs,
  type GatewayFault,
  type GatewayKind,
  gatewayFaults,
  planStorms,
} from './plan.ts';
import { buildSite } from './site.ts';
import { MOST } from './site-file.ts';
import type { Watch } from './watch.ts';

const UNITS = 4;
const WARM_UP_MS = 30_000;
/** Of a soak that ends in a storm: three sets and ten seconds, then limits rise. */
const WELL_AGAIN_MS = 120_000;

export interface GatewaySoakOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly without?: readonly GatewayKind[];
  readonly say?: (line: string) => void;
}

function complaints(o: GatewaySoakOptions, startMs: number) {
  const violations: string[] = [];
  const fail = (sentence: string) => {
    const violation = `${((monotonicMs() - startMs) / 1000).toFixed(1)} s, seed ${o.seed}: ${sentence}`;
    violations.push(violation);
    if (violations.length < 200) o.say?.(violation);
  };
  return { violations, fail };
}

const lineOf = ({ kind, atMs, forMs, unit, value }: GatewayFault): string =>
  `${(atMs / 1000).toFixed(1).padStart(7)} s  ${kind}${unit ? ` of unit ${unit}` : ''}${forMs ? ` for ${(forMs / 1000).toFixed(1)} s` : ''} (${value})`;

/** One fault from its beginning to its end. */
async function befall(site: Site, seen: Watch, fault: GatewayFault): Promise<void> {
  const free = hindering.includes(fault.kind) ? seen.hinder() : () => {};
  const end = commit(site, fault);
  await sleep(fault.forMs);
  end();
  free();
}

const allowsAll = ({ line, can }: Watch): boolean =>
  [line, can].every((wire) => {
    const image = wire.newest();
    return wire.isWell() && image?.cclA === MOST.cclA && image.dclA === MOST.dclA;
  });

async function goThrough(
  plan: readonly GatewayFault[],
  startMs: number,
  endMs: number,
  site: Site,
  seen: Watch,
  o: GatewaySoakOptions,
) {
  const inForce: Promise<void>[] = [];
  for (const fault of plan) {
    await sleep(Math.max(0, startMs + fault.atMs - monotonicMs()));
    o.say?.(lineOf(fault));
    inForce.push(befall(site, seen, fault));
  }
  await Promise.all(inForce);
  await sleep(Math.max(0, startMs + endMs - monotonicMs()));
}

/** At the end of each calm and of the soak nothing of all that lasts. */
async function mustBeWell(
  seen: Watch,
  limitMs: number,
  fail: (sentence: string) => void,
  what: () => boolean,
  when: string,
) {
  const untilMs = monotonicMs() + limitMs;
  while (!what() && monotonicMs() < untilMs) await sleep(100);
  if (what()) return;
  const told = [seen.line, seen.can].map((wire) => JSON.stringify(wire.newest()));
  fail(`not well ${when}: ${told.join(' ')}`);
}

export async function soakGateway(o: GatewaySoakOptions): Promise<GatewayOutcome> {
  const startMs = monotonicMs();
  const { violations, fail } = complaints(o, startMs);
  const toMs = o.seconds * 1000;
  const plan = planStorms(gatewayFaults, { ...o, units: UNITS, fromMs: WARM_UP_MS, toMs });
  const { site, seen, still, stopLooking, close } = await buildSite({
    seed: o.seed,
    units: UNITS,
    startMs,
    fail,
  });
  const isWell = () => seen.line.isWell() && seen.can.isWell();
  const calms = calmEndsMs(WARM_UP_MS, toMs).map(async (calmEndMs) => {
    await sleep(calmEndMs - 1000);
    const nowMs = monotonicMs();
    await mustBeWell(seen, still.between(nowMs - CALM_MS, nowMs), fail, isWell, 'at the end of a calm');
  });
  await goThrough(plan, startMs, toMs, site, seen, o);
  await Promise.all(calms);
  await mustBeWell(seen, WELL_AGAIN_MS, fail, () => allowsAll(seen), 'after the last fault');
  await site.master.stop();
  await sleep(300);
  stopLooking();
  const endMs = monotonicMs();
  await close();
  return outcomeOf({
    ...o,
    plan,
    site,
    seen,
    violations,
    lastedMs: endMs - startMs,
    stillMs: still.between(startMs, endMs),
  });
}
