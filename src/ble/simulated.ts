import { inNotifications, jbdAnswer } from '../bms/jbd-unit.ts';
import type { Allowed, LivingBank } from '../bms/living-bank.ts';
import { liveInHouse } from '../bms/living-house.ts';
import { newPack, readingOf } from '../bms/living-pack.ts';
import { GatewayError } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { EarOrders, LimitsOrder, ListenTo, SimulatedBank } from './orders.ts';
import { type UnitPort, unitPort } from './unit-port.ts';

/** A real unit's UART needs about this long for 20 bytes (BLE reference 1.1). */
const STEP_MS = 20;
/** Units that are asked in the same moment belong to one state of the bank. */
const MIN_AGEING_MS = 100;
const GATT = { service: 'ff00', notify: 'ff01', write: 'ff02' } as const;

/** A bank that lives in its house as time goes by. */
function living({ strings, packs = {} }: SimulatedBank, timers: Timers) {
  const begin = (name: string) => {
    const { cells = 16, capacityAh = 100, socPct = 60 } = packs[name] ?? {};
    return newPack({ name, cells, capacityAh, socPct });
  };
  const bornMs = timers.now();
  let [bank, livedMs]: [LivingBank, number] = [strings.map((string) => string.map(begin)), bornMs];
  let allowed: Allowed = {};

  const age = () => {
    const passedMs = timers.now() - livedMs;
    if (passedMs < MIN_AGEING_MS) return;
    bank = liveInHouse(bank, (livedMs - bornMs) / 1000, passedMs / 1000, allowed);
    livedMs += passedMs;
  };

  return {
    packNamed: (id: string) => {
      age();
      return bank.flat().find(({ name }) => name === id);
    },
    allow: (limits: Allowed) => {
      allowed = limits;
    },
  };
}

const allowedBy = ({ chargeA, dischargeA, chargeV, dischargeV }: LimitsOrder): Allowed => ({
  chargeCurrentLimitA: chargeA,
  dischargeCurrentLimitA: dischargeA,
  ...(chargeV !== undefined && { chargeVoltageLimitV: chargeV }),
  ...(dischargeV !== undefined && { dischargeVoltageLimitV: dischargeV }),
});

export interface SimulatedPort extends UnitPort {
  /** Limits and faults; other orders are not for it. */
  readonly take: (order: EarOrders) => void;
}

/** A living bank whose packs answer as JBD units, so that the real decoders see real bytes. */
export function simulatedPort(
  batteries: readonly ListenTo[],
  plan: SimulatedBank,
  timers: Timers,
): SimulatedPort {
  const bank = living(plan, timers);

  const unitFor = ({ id, address }: ListenTo) => {
    if (!bank.packNamed(id))
      throw new GatewayError('REFUSED', {
        message: `battery ${id} is in no string; name it in bank.strings`,
      });
    const asked = (request: Uint8Array, say: (bytes: Uint8Array) => void) => {
      const pack = bank.packNamed(id);
      const answer = pack && jbdAnswer(readingOf(pack), request);
      inNotifications(answer ?? new Uint8Array()).forEach((piece, i) => {
        timers.after((i + 1) * STEP_MS, () => say(piece));
      });
    };
    return { advert: { address, name: id, services: [GATT.service], rssiDbm: -55 }, gatt: GATT, asked };
  };

  const port = unitPort(batteries.map(unitFor), timers);
  const addressOf = (id: string) => batteries.find((battery) => battery.id === id)?.address ?? '';
  return {
    ...port,
    take: (order) => {
      if (order.type === 'limits') bank.allow(allowedBy(order));
      if (order.type === 'fault') port[order.fault](addressOf(order.battery));
    },
  };
}
