// What each fault does to the accelerated house, and what it takes back at its end.
import { noAck } from '../../../src/can/interface-state.ts';
import type { Planned } from '../schedule.ts';
import type { FastHouse } from './fast-house.ts';
import type { LineFault } from './fast-master.ts';
import type { FastKind } from './fast-plan.ts';
import type { Watch } from './watch.ts';

type End = () => void;
const nothing: End = () => {};
/** A lost link is found again within seconds. */
const FOUND_MS = 3000;
const NEXT_BEAT_MS = 1200;
const FLOOD = 4000;

export interface FastSite {
  readonly fast: FastHouse;
  readonly seen: Watch;
  readonly onLine: Map<LineFault, number>;
  readonly restarted: () => void;
  /** The machine slept. */
  readonly slept: (fromMs: number, toMs: number) => void;
  /** Calls it when so much time has passed. */
  readonly later: (ms: number, run: () => void) => void;
}

type Fault = Planned<FastKind>;

function away({ fast, seen }: FastSite, units: readonly number[]): End {
  const free = seen.hinder();
  const met = fast.packs.filter(({ unit }) => units.includes(unit.n));
  for (const pack of met) pack.away++;
  return () => {
    for (const pack of met) pack.away--;
    free();
  };
}

const onLine =
  (kind: LineFault) =>
  ({ onLine: active }: FastSite): End => {
    active.set(kind, (active.get(kind) ?? 0) + 1);
    return () => active.set(kind, (active.get(kind) ?? 1) - 1);
  };

/** Of two kinds, told apart by their moment: gone, or nobody acknowledges. */
function refuse({ fast, seen }: FastSite, { atMs }: Fault): End {
  const end = seen.canExcuses.begin(fast.clock(), NEXT_BEAT_MS);
  const line = fast.house()?.line;
  line?.suffer(atMs % 2 === 0 ? { kind: 'unavailable', why: 'it is gone', remedy: 'plug it in' } : noAck);
  return () => {
    line?.suffer(undefined);
    end(fast.clock());
  };
}

function restart({ fast, seen, restarted }: FastSite): End {
  if (!fast.house()) return nothing;
  fast.kill();
  seen.restarted();
  restarted();
  return () => fast.start();
}

export const acts: Readonly<Record<FastKind, (site: FastSite, fault: Fault) => End>> = {
  drop: (site, { unit }) => {
    site.later(FOUND_MS, away(site, [unit]));
    return nothing;
  },
  hide: (site, { unit }) => away(site, [unit]),
  silent: (site, { unit }) => {
    const free = site.seen.hinder();
    const pack = site.fast.packs[unit - 1];
    pack?.unit.silence(true);
    return () => {
      pack?.unit.silence(false);
      free();
    };
  },
  bend: ({ fast }, { unit, value }) => {
    fast.packs[unit - 1]?.unit.bendNext(1 + (value % 5), value);
    return nothing;
  },
  delay: ({ fast }, { value }) => {
    fast.delayMs = value;
    return () => {
      fast.delayMs = 0;
    };
  },
  dark: (site) =>
    away(
      site,
      site.fast.packs.map(({ unit }) => unit.n),
    ),
  noise: onLine('noise'),
  half: onLine('half'),
  foreign: onLine('foreign'),
  damage: onLine('damage'),
  canFlood: ({ fast }) => {
    for (let n = 0; n < FLOOD; n++) fast.house()?.inverterSays(n % 2 ? 0x305 : n % 0x300, [n & 255]);
    return nothing;
  },
  canRefuses: refuse,
  canErrors: ({ fast }, { value }) => {
    fast.house()?.line.fault(value % 2 ? 'error-passive' : 'bus-off');
    return nothing;
  },
  restart,
  suspend: ({ fast, seen, slept }, { value }) => {
    const fromMs = fast.clock();
    const free = seen.hinder();
    fast.jump(value);
    slept(fromMs, fast.clock());
    free();
    return nothing;
  },
};
