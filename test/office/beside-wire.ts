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
import { type Read, readers, type Told } from '../profile/safety-readers.ts';
import { mute } from '../wires/lines.ts';
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

/** Registers of the two maps that count a heartbeat (RS485 reference, sections 8 and 13). */
const heartbeatAt: Readonly<Record<string, number>> = { 'generic-modbus': 0x103, 'sunspec-802': 40_088 };

/** What an inverter reads, and the heartbeat of those that have one. */
export type WireRead = Read & { readonly heartbeat?: number };

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
  const reader = readers[id];
  if (!reader) throw new Error(`${id} has no reader`);
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
    { site, links: [['a'], ['b']], profiles: [], hasGoodCopies: false, name: 'Cellar' },
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

  /** Before every place was told once nothing can be read. */
  function read(): WireRead | undefined {
    let isWhole = true;
    const told: Told = (place) => {
      const bytes = room.told(place);
      isWhole &&= bytes !== undefined;
      return bytes ?? new Uint8Array(64);
    };
    try {
      const found = reader?.read(told, {});
      const place = heartbeatAt[id];
      const [high = 0, low = 0] = place === undefined ? [] : (told(place) ?? []);
      if (!found || !isWhole) return undefined;
      return { ...found, ...(place !== undefined && { heartbeat: 256 * high + low }) };
    } catch (error) {
      // Half of what is told at the start may contradict itself.
      if (isWhole) throw error;
      return undefined;
    }
  }

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
      const found = read();
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
    counts: reader.counts,
    everyMs: room.everyMs,
    silentAfterMs: room.silentAfterMs,
    looks,
    now: house.clock,
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
