// A soak of the whole gateway in real time: `bmsgate run` with its three processes, four packs on the virtual air, an RS485 line, a
// CAN interface of the kernel, and faults that follow from a seed. Runs as root of a machine of its own (test/rig/can-run).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { randomFrom } from '../../bms/noise.ts';
import { virtualAir } from '../airs.ts';
import { LOOK_MS, stillness } from '../stillness.ts';
import { soakUnit } from '../unit.ts';
import { listenOn } from './bus.ts';
import { commit, hindering, type Site } from './hands.ts';
import { keptGateway } from './kept.ts';
import { master } from './master.ts';
import { type GatewayOutcome, outcomeOf } from './outcome.ts';
import { calmEndsMs, type GatewayFault, type GatewayKind, gatewayFaults, planStorms } from './plan.ts';
import { openPty } from './pty.ts';
import { configOf, MOST } from './site-file.ts';
import { tells } from './told.ts';
import { type Watch, watch } from './watch.ts';

const UNITS = 4;
const WARM_UP_MS = 30_000;
/** Of a soak that ends in a storm: three sets and ten seconds, then limits rise. */
const WELL_AGAIN_MS = 120_000;
/** systemd's second, and what a start may take on a slow board. */
const RESTART_MS = 12_000;
const CAN = 'vcan0';

export interface GatewaySoakOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly without?: readonly GatewayKind[];
  readonly say?: (line: string) => void;
}

/** A small disk of its own for state and logs, to be filled and to be made read-only. */
function smallDisk(folder: string): string {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'soak', disk]);
  for (const name of ['state', 'log']) mkdirSync(join(disk, name));
  return disk;
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

async function build(o: GatewaySoakOptions, fail: (sentence: string) => void, startMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const disk = smallDisk(folder);
  const units = Array.from({ length: UNITS }, (_, i) => soakUnit(i + 1, tells));
  const air = await virtualAir(units);
  const pty = await openPty(join(folder, 'line'), (bytes) => asking.hear(bytes));
  const config = join(folder, 'gateway.yaml');
  writeFileSync(
    config,
    configOf({ units: UNITS, line: join(folder, 'line'), can: CAN, log: join(disk, 'log') }),
  );
  const still = stillness(startMs);
  const seen: Watch = watch({
    units,
    most: MOST,
    clock: monotonicMs,
    restartMs: RESTART_MS,
    stillness: still,
    fail,
  });
  const canEar = listenOn(CAN, seen.frame);
  const gateway = keptGateway({
    config,
    folder,
    env: {
      NODE_OPTIONS: `--require ${join(import.meta.dirname, '../../rig/hci-unix.js')}`,
      HCI_UNIX_DIR: air.dir ?? '',
      RUNTIME_DIRECTORY: join(folder, 'run'),
      STATE_DIRECTORY: join(disk, 'state'),
    },
    fail,
    ended() {
      seen.restarted();
      asking.restarted();
    },
  });
  const asking = master({
    say: pty.say,
    random: randomFrom(o.seed),
    stillness: still,
    excuses: seen.lineExcuses,
    fail,
    onRegisters: seen.registers,
  });
  const { lineExcuses, canExcuses } = seen;
  const site: Site = {
    air: air.hand,
    units,
    gateway,
    master: asking,
    pty,
    can: CAN,
    canEar,
    disk,
    lineExcuses,
    canExcuses,
  };
  const looking = setInterval(() => {
    still.look(monotonicMs(), gateway.pid());
    seen.look();
  }, LOOK_MS);
  return { site, seen, still, stopLooking: () => clearInterval(looking), closeAir: air.close };
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
  const { site, seen, still, stopLooking, closeAir } = await build(o, fail, startMs);
  const isWell = () => seen.line.isWell() && seen.can.isWell();
  const calms = calmEndsMs(WARM_UP_MS, toMs).map(async (calmEndMs) => {
    await sleep(calmEndMs - 1000);
    await mustBeWell(seen, 0, fail, isWell, 'at the end of a calm');
  });
  await goThrough(plan, startMs, toMs, site, seen, o);
  await Promise.all(calms);
  await mustBeWell(seen, WELL_AGAIN_MS, fail, () => allowsAll(seen), 'after the last fault');
  await site.master.stop();
  await sleep(300);
  stopLooking();
  const endMs = monotonicMs();
  site.canEar.close();
  await site.gateway.stop();
  site.pty.close();
  closeAir();
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
