// A battery room on the virtual air: four JBD units of eight cells behind real GATT servers, two in series, two strings.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { Air } from '../rig/air.js';
import { type AttachHci, jbdPeripheral } from '../rig/jbd-peripheral.mts';
import { until } from './until.ts';

export const ids = ['a', 'b', 'c', 'd'] as const;
export type Id = (typeof ids)[number];

const BASIC = 0x03;
export const numberOf = (id: Id): number => ids.indexOf(id) + 1;
export const addressOf = (id: Id): string => `02:00:00:00:00:0${numberOf(id)}`;

const total = (volts: readonly number[]): number => volts.reduce((sum, v) => sum + v, 0);
const eightAt = (volts: number): number[] => Array(8).fill(volts);

const pack = (id: Id, cellVoltagesV: readonly number[], more: BatteryReading): BatteryReading => ({
  voltageV: total(cellVoltagesV),
  nominalCapacityAh: 100,
  cellVoltagesV,
  chargeFet: true,
  dischargeFet: true,
  name: `pack ${id}`,
  ...more,
});

/** What the units are told to say: both strings 52.78 V, the weakest cell is the third of b, the strongest the seventh of c. */
export const told: { readonly [I in Id]: BatteryReading } = {
  a: pack('a', eightAt(3.3), {
    currentA: -10,
    socPct: 80,
    remainingCapacityAh: 80,
    temperaturesC: [21.2, 22.4],
  }),
  b: pack('b', eightAt(3.3).with(2, 3.28), {
    currentA: -10,
    socPct: 80,
    remainingCapacityAh: 80,
    temperaturesC: [23],
  }),
  c: pack('c', eightAt(3.3).with(6, 3.34), {
    currentA: -12.5,
    socPct: 60,
    remainingCapacityAh: 60,
    temperaturesC: [20.1, 24.9],
  }),
  d: pack('d', [...eightAt(3.29).slice(2), 3.3, 3.3], {
    currentA: -12.5,
    socPct: 60,
    remainingCapacityAh: 60,
    temperaturesC: [22],
  }),
};

export interface Unit {
  /** When it last answered a request, monotonic ms. */
  readonly answeredAtMs: () => number;
  /** When it was asked for its basic values, each time. */
  readonly askedAtMs: readonly number[];
  readonly hide: () => void;
  readonly show: () => void;
  readonly drop: () => void;
  /** Says this without having been asked. */
  readonly say: (bytes: Uint8Array) => void;
  /** From now on it answers with this instead; nothing is silence. */
  readonly answerWith: (answer: (request: Uint8Array) => Uint8Array | undefined) => void;
  /** As told again. */
  readonly behave: () => void;
}

const QUIET_MS = 450;

/** Between two rounds: what these units said last was heard as a whole. Gives when the oldest of their last rounds began. */
export async function betweenRounds(
  units: readonly Pick<Unit, 'answeredAtMs' | 'askedAtMs'>[],
): Promise<number> {
  const isQuiet = () => units.every((unit) => monotonicMs() - unit.answeredAtMs() > QUIET_MS);
  await until('a moment between two rounds', 30_000, isQuiet);
  return Math.min(...units.map(({ askedAtMs }) => askedAtMs.at(-1) ?? Number.NaN));
}

export interface Room {
  /** For HCI_UNIX_DIR: `hci0` is the gateway's adapter. */
  readonly folder: string;
  readonly units: { readonly [I in Id]: Unit };
  readonly hideAll: () => void;
  readonly showAll: () => void;
  /** Until now the machine had no adapter. */
  readonly plugIn: () => Promise<void>;
  readonly close: () => void;
}

/** The unit behind one HCI controller, wherever that is. */
export function jbdUnit(id: Id, attach: AttachHci): Omit<Unit, 'hide' | 'show' | 'drop'> {
  const honest = (request: Uint8Array) => jbdAnswer(told[id], request);
  let answer = honest;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  const askedAtMs: number[] = [];
  const unit = (request: Uint8Array) => {
    answeredAtMs = monotonicMs();
    if (request[2] === BASIC) askedAtMs.push(answeredAtMs);
    return answer(request);
  };
  const { say } = jbdPeripheral(attach, { name: `JBD-${id}`, unit });
  return {
    answeredAtMs: () => answeredAtMs,
    askedAtMs,
    say,
    answerWith: (other) => {
      answer = other;
    },
    behave: () => {
      answer = honest;
    },
  };
}

function placeUnit(air: Air, id: Id): Unit {
  const n = numberOf(id);
  const unit = jbdUnit(id, (heard) => {
    const host = air.attach(n, heard);
    return { write: (packet) => host.packet(packet) };
  });
  return { ...unit, hide: () => air.hide(n), show: () => air.show(n), drop: () => air.drop(n) };
}

export async function batteryRoom({ adapter = true } = {}): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-room-'));
  const air = new Air(ids.length + 1);
  if (adapter) await air.listen(folder);
  const [a, b, c, d] = ids;
  const units = { a: placeUnit(air, a), b: placeUnit(air, b), c: placeUnit(air, c), d: placeUnit(air, d) };
  return {
    folder,
    units,
    hideAll: () => {
      for (const id of ids) units[id].hide();
    },
    showAll: () => {
      for (const id of ids) units[id].show();
    },
    plugIn: async () => void (await air.listen(folder)),
    close: () => {
      air.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
