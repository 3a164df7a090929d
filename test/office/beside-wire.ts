// The page's document and the bytes of the wire beside it, as time goes by.
import type { LiveInverter } from '../../src/model/api/live.ts';
import type { Site } from '../../src/model/api/site.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import type { WireHealth } from '../../src/model/wire-health.ts';
import { shownGateway } from '../../src/office/shown-gateway.ts';
import { isZeroTold, type Ladder, ladderAt } from '../../src/page/inverter/ladder.ts';
import { isOffWire, isTold, isUnasked } from '../../src/page/inverter/told.ts';
import { type HealthWatch, watchHealth } from '../../src/wires/health.ts';
import { inverterHealth } from '../../src/wires/output.ts';
import { isSeenSoon } from '../../src/wires/urgent.ts';
import { reading } from '../bank/room.ts';
import { mute } from '../wires/lines.ts';
import { readerOf, readOf, type WireRead } from './wire-read.ts';
import { wireRoom } from './wire-rooms.ts';

const STEP_MS = 250;
/** Within it no frame is told twice. */
const GLANCE_MS = 50;
/** Looks fall between beats and evaluations, when what was said is said. */
const ASIDE_MS = 120;
/** By then a wire has said that an alarm is over. */
const ALARM_MS = 3500;
export const ages = { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 };

const site: Omit<Site, 'version' | 'gateway'> = {
  batteries: ['a', 'b'].map((id) => ({ id, bms: 'jbd', cells: 16, has_fets: true })),
  strings: [['a'], ['b']],
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.6, cell_min_V: 2.8 },
  chemistry: 'lfp',
  cell_range_V: [2.5, 3.65],
  temperature_range_C: [-15, 60],
  ages,
  on_partial_loss: 'block',
  inverters: [],
  has_history: false,
  control: 'none',
  is_demo: false,
};

/** One look at both. */
export interface Look {
  readonly atMs: number;
  readonly inverter: LiveInverter;
  /** The page says that something is told now. */
  readonly saysTold: boolean;
  readonly ladder: Ladder;
  /** Something came over the wire. */
  readonly isSpoken: boolean;
  /** A protection was up just now, which some families say by the same bits as old data. */
  readonly isAlarmed: boolean;
  /** What the inverter has read; undefined while it was not told all of it. */
  readonly wire: WireRead | undefined;
  /** The same since the look before: between two looks it may have been told twice. */
  readonly wires: readonly WireRead[];
}

/** A house with one inverter of a profile, looked at four times a second by somebody with a page and by the inverter itself. */
export function besideWire(id: string, bank = '') {
  let health: HealthWatch | undefined;
  const room = wireRoom(
    id,
    (state, before) => {
      if (isSeenSoon(before, state)) health?.soon();
    },
    bank,
  );
  const { house, output, kind } = room;
  const looks: Look[] = [];
  let glances: readonly WireRead[] = [];
  let wireState: WireHealth['state'] = 'open';
  let isAwake = true;
  let isWatched = false;
  let lastTrueMs = Number.NaN;
  let alarmedAtMs = Number.NEGATIVE_INFINITY;
  const { gateway, hear, tell } = shownGateway(
    { site, links: [['a'], ['b']], profiles: [], buses: [], hasGoodCopies: false, name: 'Cellar' },
    '1.0.0',
    {
      clock: house.clock,
      bank: () => house.evaluation.state(),
      ask(asked) {
        if (asked.type !== 'watch') return;
        isWatched = asked.page;
        if (isWatched) health?.look();
      },
    },
  );
  health = watchHealth({
    clock: house.clock,
    after: house.after,
    ledger: mute,
    wires: (nowMs) => [
      {
        name: 'wire',
        kind,
        state: wireState,
        counts: {},
        asked: [],
        askedOthers: 0,
        inverters: [{ ...inverterHealth(output, nowMs), id: 'inverter' }],
      },
    ],
    children: () => [],
    batteries: () => [],
    isWatched: () => isWatched,
    send: hear.health,
  });

  function look(): void {
    const atMs = house.clock();
    const live = gateway.live();
    const { inverter } = live.inverters;
    if (!inverter) return;
    const { bank } = live;
    const isOn = !isOffWire(live.wires.wire);
    const ageMs = bank?.sample_at_ms === undefined ? undefined : atMs - bank.sample_at_ms;
    if (Array.isArray(bank?.signals.alarms) && bank.signals.alarms.length > 0) alarmedAtMs = atMs;
    const isSpoken = isOn && room.isTold(atMs);
    looks.push({
      isSpoken,
      atMs,
      inverter,
      saysTold: isOn && isTold(inverter) && !isUnasked(inverter),
      ladder: ladderAt(
        ages,
        bank?.freshness ?? 'never',
        ageMs,
        bank !== undefined && isZeroTold(bank, inverter.told),
      ),
      isAlarmed: atMs - alarmedAtMs < ALARM_MS,
      wire: glances.at(-1),
      wires: glances,
    });
    glances = glances.slice(-1);
  }

  function glanceUntil(ms: number): void {
    while (house.clock() < ms) {
      house.until(Math.min(ms, house.clock() + GLANCE_MS));
      if (!room.isNew()) continue;
      const found = readOf(id, room.told);
      if (found) glances = [...glances, found];
    }
  }

  function until(ms: number): void {
    while (house.clock() < ms) {
      const nextMs = Math.min(ms, house.clock() + STEP_MS);
      glanceUntil(nextMs - ASIDE_MS);
      if (isAwake && !isOffWire({ state: wireState })) room.tick(house.clock());
      glanceUntil(nextMs);
      look();
      tell();
    }
  }
  house.until(ASIDE_MS);

  return {
    counts: readerOf(id).counts,
    everyMs: room.everyMs,
    silentAfterMs: room.silentAfterMs,
    looks,
    now: house.clock,
    /** Frames of the last seconds. */
    frames: (seconds: number) => house.framesSince(house.clock() - seconds * 1000).map(({ frame }) => frame),
    /** When packs answered last. */
    lastTrueMs: () => lastTrueMs,
    /** The evaluation hangs. */
    hang: () => house.evaluation.stop(),
    /** The wire is what it is for the page, and the bytes of a dead one reach nobody. */
    wireIs(state: WireHealth['state']) {
      wireState = state;
    },
    /** The inverter is switched off, or on. */
    wakes(isNow: boolean) {
      isAwake = isNow;
    },
    /** Time passes in silence. */
    silent: (seconds: number) => until(house.clock() + seconds * 1000),
    /** Time passes; these packs answer every two seconds, never on a beat. */
    speaking(seconds: number, value: BatteryReading = reading(), packs: readonly string[] = ['a', 'b']) {
      const endMs = house.clock() + seconds * 1000;
      for (let ms = house.clock() + STEP_MS; ms < endMs; ms += 2000) {
        until(ms);
        lastTrueMs = house.clock();
        for (const pack of packs) house.evaluation.hear(pack, { atMs: house.clock(), reading: value });
      }
      until(endMs);
    },
  };
}

export type BesideWire = ReturnType<typeof besideWire>;
