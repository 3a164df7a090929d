import type { EarReport } from '../../src/ble/orders.ts';
import { type SessionBattery, session } from '../../src/ble/session.ts';
import { turns } from '../../src/ble/turns.ts';
import { type RadioUnit, unitPort } from '../../src/ble/unit-port.ts';
import type { BmsDriver } from '../../src/bms/driver.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { crank } from '../ble/crank.ts';
import { inPieces } from './rough-air.ts';

const ANSWER_MS = 40;
const address = '02:00:00:00:00:01';

interface OneLink {
  readonly driver: BmsDriver;
  /** What the unit answers, as one frame; nothing means silence. */
  readonly answer?: (request: Uint8Array) => Uint8Array | undefined;
  readonly subscribed?: RadioUnit['subscribed'];
  readonly batteries?: readonly [SessionBattery, ...SessionBattery[]];
  /** How long it takes over an answer; 40 ms where nothing is said. */
  readonly answersInMs?: (request: Uint8Array) => number;
  /** Bytes of a notification. */
  readonly size?: number;
}

/** One unit of any family in the room, listened to as the gateway does, with a clock that only turns by hand. */
export function oneLink({ driver, answer, subscribed, batteries = [{ id: 'a' }], size, ...o }: OneLink) {
  const clock = crank();
  const said: EarReport[] = [];
  const written: string[] = [];
  const [gatt] = driver.gatt;
  if (!gatt) throw new Error(`${driver.id} has no characteristics`);
  const unit: RadioUnit = {
    advert: { address, services: [gatt.service] },
    gatt,
    asked: (request, say) => {
      written.push(toHex(request));
      const frame = answer?.(request);
      if (frame) clock.after(o.answersInMs?.(request) ?? ANSWER_MS, () => inPieces(frame, size).forEach(say));
    },
    ...(subscribed && { subscribed }),
  };
  const port = unitPort([unit], clock);
  session({
    address,
    driver,
    batteries,
    pollMs: 2000,
    turns: turns(port, clock),
    timers: clock,
    report: (report) => said.push(report),
  });
  return {
    clock,
    port,
    written,
    said,
    samples: (id = 'a') => said.flatMap((r) => (r.type === 'sample' && r.battery === id ? [r] : [])),
  };
}
