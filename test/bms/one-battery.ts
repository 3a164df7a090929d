import type { EarReport } from '../../src/ble/orders.ts';
import { session } from '../../src/ble/session.ts';
import { turns } from '../../src/ble/turns.ts';
import { unitPort } from '../../src/ble/unit-port.ts';
import type { BmsDriver, DriverOptions, Gatt } from '../../src/bms/driver.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { crank } from '../ble/crank.ts';

const ADDRESS = '02:00:00:00:00:01';
const ANSWER_MS = 40;

export interface OneBattery {
  readonly driver: BmsDriver;
  /** What the unit says to a request; nothing is silence. */
  readonly unit: (request: Uint8Array) => Uint8Array | undefined;
  readonly gatt?: Gatt | undefined;
  /** Bytes that one notification carries. */
  readonly size?: number;
  readonly options?: DriverOptions;
}

/** A room with one battery of any family, which answers after 40 ms, and a clock that only turns by hand. */
export function oneBattery({ driver, unit, size = 20, options, ...o }: OneBattery) {
  const clock = crank();
  const said: EarReport[] = [];
  const asked: { readonly nowMs: number; readonly hex: string }[] = [];
  const gatt = o.gatt ?? driver.gatt[0] ?? { service: '', notify: '', write: '' };
  const port = unitPort(
    [
      {
        advert: { address: ADDRESS, services: [gatt.service] },
        gatt,
        asked: (request, say) => {
          asked.push({ nowMs: clock.now(), hex: toHex(request, '') });
          const answer = unit(request);
          if (answer) clock.after(ANSWER_MS, () => inNotifications(answer, size).forEach(say));
        },
      },
    ],
    clock,
  );
  session({
    address: ADDRESS,
    driver,
    batteries: [{ id: 'a', options }],
    pollMs: 2000,
    turns: turns(port, clock),
    timers: clock,
    report: (r) => said.push(r),
  });
  return {
    clock,
    asked,
    samples: () => said.flatMap((r) => (r.type === 'sample' ? [r] : [])),
    rejected: () => said.flatMap((r) => (r.type === 'rejected' ? [r.why] : [])),
  };
}
