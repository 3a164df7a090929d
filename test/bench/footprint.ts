// What the gateway costs: the time on a core and the memory of its three processes, by the number of packs that it reads each
// second, with a Modbus TCP master that polls each second, the frames of `pylontech-lv`, and log files.
import { readFileSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../src/model/freshness.ts';
import { answered, type Watch, watch } from '../house/master.ts';
import { childrenOf } from '../house/process.ts';
import { freePort } from '../house/site.ts';
import { noMosquitto, startBroker } from '../mqtt/mosquitto.ts';
import { type BenchBank, type BenchGateway, benchGateway, ended, householdGateway } from './gateway.ts';
import type { Part, Row } from './row.ts';

const PART = 'footprint';
const PACKS = [1, 4, 16, 64] as const;
/** The budget is for these (design, section 9). */
const BUDGET_PACKS = 16;
/** USER_HZ of Linux. */
const TICKS_A_SECOND = 100;
/** For the first images, caches and compiled code. */
const SETTLE_MS = 10_000;
const FRESH_MS = 60_000;
/** How the rows call it. */
const HOUSEHOLD = 'history, alerts, black box, Home Assistant';

interface Use {
  readonly cpuS: number;
  readonly rssMB: number;
  /** What is shared counts in parts. */
  readonly pssMB: number;
}

export function useOf(pid: number): Use {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string) => (Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(memory)?.[1]) * 1024) / 1e6;
  return { cpuS: (user + system) / TICKS_A_SECOND, rssMB: mb('Rss'), pssMB: mb('Pss') };
}

type Open = (bank: BenchBank) => BenchGateway | Promise<BenchGateway>;

interface Cost {
  readonly who: string;
  readonly cpuPct: number;
  readonly rssMB: number;
  readonly pssMB: number;
}

const nameOf = (command: string): string => (command.includes('/ear.') ? 'ear' : 'office');

/** Of each of the gateway's processes, over so long. */
export async function costs(pid: number, forMs: number): Promise<Cost[]> {
  const processes = [
    { who: 'wires', pid },
    ...childrenOf(pid).map((child) => ({ who: nameOf(child.command), pid: child.pid })),
  ];
  const before = processes.map((one) => useOf(one.pid));
  const sinceMs = monotonicMs();
  await rest(forMs);
  const seconds = (monotonicMs() - sinceMs) / 1000;
  return processes.map(({ who, pid: own }, i) => {
    const { cpuS, rssMB, pssMB } = useOf(own);
    return { who, cpuPct: (100 * (cpuS - (before[i]?.cpuS ?? 0))) / seconds, rssMB, pssMB };
  });
}

export async function untilFresh(ems: Watch, packs: number): Promise<void> {
  const isFresh = () =>
    answered(ems.sightings).some(
      ({ bank }) => !bank.isLate && bank.packsOnline === packs && bank.packsStale === 0,
    );
  for (const sinceMs = monotonicMs(); !isFresh(); await rest(100))
    if (monotonicMs() - sinceMs > FRESH_MS)
      throw new Error(`${packs} packs are not fresh after ${FRESH_MS / 1000} s`);
}

async function costsOf(packs: number, isQuick: boolean, open: Open): Promise<Cost[]> {
  const port = await freePort();
  const inverters = [
    `{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }`,
    '{ id: house, profile: pylontech-lv, can: vcan0 }',
  ];
  const gateway = await open({ packs, inverters });
  const child = gateway.start();
  const ems = watch(port, 1000);
  try {
    await untilFresh(ems, packs);
    await rest(isQuick ? 0 : SETTLE_MS);
    return await costs(child.pid ?? -1, isQuick ? 10_000 : 60_000);
  } finally {
    ems.stop();
    await ended(child);
    await gateway.clear();
  }
}

/** Of the processes that have one. */
export const budgetsOf = (who: string, cpuPct: number, rssMB: number) => {
  if (who === 'wires') return { budget: '≤ 5 %, ≤ 90 MB', isMet: cpuPct <= 5 && rssMB <= 90 };
  return { budget: '≤ 10 %, ≤ 250 MB', isMet: cpuPct <= 10 && rssMB <= 250 };
};

const rowOf = (packs: number, load: string | undefined, { who, cpuPct, rssMB, pssMB }: Cost): Row => ({
  part: PART,
  what: `${packs} packs: ${who}`,
  ...(load !== undefined && { load }),
  cpuPct,
  rssMB,
  pssMB,
  ...(packs === BUDGET_PACKS && (who === 'wires' || who === 'all') && budgetsOf(who, cpuPct, rssMB)),
});

const sum = (of: readonly Cost[], which: 'cpuPct' | 'rssMB' | 'pssMB'): number =>
  of.reduce((total, one) => total + one[which], 0);

export const withSum = (found: readonly Cost[]): Cost[] => [
  ...found,
  { who: 'all', cpuPct: sum(found, 'cpuPct'), rssMB: sum(found, 'rssMB'), pssMB: sum(found, 'pssMB') },
];

/** With history, alerts, the black box, and a broker that is there for as long as it takes. */
async function household(isQuick: boolean): Promise<Row[]> {
  if (noMosquitto) return [{ part: PART, what: 'the household', missing: 'apt-get install mosquitto' }];
  const ends: (() => Promise<void>)[] = [];
  try {
    const { port } = await startBroker({ onTestFinished: (clean) => void ends.push(clean) });
    const found = await costsOf(BUDGET_PACKS, isQuick, (bank) => householdGateway(bank, port));
    return withSum(found).map((cost) => rowOf(BUDGET_PACKS, HOUSEHOLD, cost));
  } finally {
    for (const end of ends) await end();
  }
}

export const footprint: Part = async function* ({ isQuick, say }) {
  for (const packs of PACKS) {
    say(`footprint, ${packs} packs`);
    for (const cost of withSum(await costsOf(packs, isQuick, benchGateway)))
      yield rowOf(packs, undefined, cost);
  }
  say(`footprint, ${BUDGET_PACKS} packs and ${HOUSEHOLD}`);
  yield* await household(isQuick);
};
