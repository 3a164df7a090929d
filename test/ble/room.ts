import type { EarReport, RestOrder } from '../../src/ble/orders.ts';
import type { BlePort } from '../../src/ble/port.ts';
import { session } from '../../src/ble/session.ts';
import { turns } from '../../src/ble/turns.ts';
import { type RadioUnit, unitPort } from '../../src/ble/unit-port.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { inNotifications, jbdAnswer } from '../../src/bms/jbd-unit.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { type Crank, crank } from './crank.ts';

/** A 4-cell battery as its own BMS sees it. */
export const pack: BatteryReading = {
  voltageV: 13.24,
  currentA: -5,
  socPct: 80,
  remainingCapacityAh: 80,
  nominalCapacityAh: 100,
  cycles: 42,
  cellVoltagesV: [3.312, 3.314, 3.31, 3.313],
  temperaturesC: [25.2, 24.7],
  chargeFet: true,
  dischargeFet: true,
  name: 'garage',
};

export const ANSWER_MS = 40;
export const gatt = { service: 'ff00', notify: 'ff01', write: 'ff02' };

/** What the unit does with a request; nothing means silence. */
export type Answering = (request: Uint8Array) => readonly Uint8Array[];

export const healthy: Answering = (request) => inNotifications(jbdAnswer(pack, request) ?? new Uint8Array());

export const addressOf = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`;

interface RoomOptions {
  readonly pollMs?: number;
  /** Links that the radio can hold. */
  readonly slots?: number;
  /** What rests as it begins. */
  readonly rests?: readonly RestOrder[];
  /** What stands between the sessions and the radio. */
  readonly through?: (port: BlePort, clock: Crank) => BlePort;
}

/** A battery room with units 1, 2, … whose clock only turns by hand. */
export function batteryRoom(
  answering: readonly Answering[],
  { pollMs = 2000, slots, rests, through = (port) => port }: RoomOptions = {},
) {
  const clock = crank();
  const said: { readonly nowMs: number; readonly report: EarReport }[] = [];
  const asked: { readonly nowMs: number; readonly unit: number; readonly register: number }[] = [];
  const behave = [...answering];

  const unit = (n: number): RadioUnit => ({
    advert: { address: addressOf(n), services: ['ff00'], rssiDbm: -60 },
    gatt,
    asked: (request, say) => {
      asked.push({ nowMs: clock.now(), unit: n, register: request[2] ?? 0 });
      const notifications = behave[n - 1]?.(request) ?? [];
      clock.after(ANSWER_MS, () => notifications.forEach(say));
    },
  });

  const port = unitPort(
    answering.map((_, i) => unit(i + 1)),
    clock,
  );
  const queue = turns(through(port, clock), clock, slots);
  const report = (r: EarReport) => said.push({ nowMs: clock.now(), report: r });
  const listenTo = (n: number) =>
    session({
      address: addressOf(n),
      driver: jbd,
      batteries: [{ id: `unit ${n}` }],
      pollMs,
      turns: queue,
      timers: clock,
      report,
      rests,
    });

  const ofType = <T extends EarReport['type']>(type: T) =>
    said.flatMap(({ nowMs, report: r }) =>
      // A report of this type is of this shape.
      r.type === type ? [{ nowMs, ...(r as Extract<EarReport, { type: T }>) }] : [],
    );

  return {
    heard: report,
    clock,
    port,
    queue,
    asked,
    listenTo,
    ofType,
    hide: (n: number) => port.hide(addressOf(n)),
    show: (n: number) => port.show(addressOf(n)),
    drop: (n: number) => port.drop(addressOf(n)),
    /** From now on the unit does this. */
    let: (n: number, does: Answering) => {
      behave[n - 1] = does;
    },
    links: (n = 1) =>
      ofType('link').flatMap(({ nowMs, battery, state }) =>
        battery === `unit ${n}` ? [`${nowMs} ${state}`] : [],
      ),
    samples: (n = 1) => ofType('sample').filter(({ battery }) => battery === `unit ${n}`),
  };
}
