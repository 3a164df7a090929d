import type { Command, CommandResult } from '../../src/ble/command.ts';
import type { EarReport } from '../../src/ble/orders.ts';
import { WIRED_GATT } from '../../src/ble/port.ts';
import { session } from '../../src/ble/session.ts';
import type { SessionBattery } from '../../src/ble/session-words.ts';
import { turns } from '../../src/ble/turns.ts';
import { type RadioUnit, unitPort } from '../../src/ble/unit-port.ts';
import type { BmsDriver, Gatt } from '../../src/bms/driver.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { type Crank, crank } from '../ble/crank.ts';

const ANSWER_MS = 40;
const address = '02:00:00:00:00:01';

interface Link {
  readonly driver: BmsDriver;
  readonly batteries?: readonly [SessionBattery, ...SessionBattery[]];
  readonly gatt?: Gatt | undefined;
}

/** One unit of any family in the room, listened to as the gateway does, with a clock that only turns by hand. */
export function linkTo(
  unitOf: (clock: Crank) => Pick<RadioUnit, 'asked' | 'subscribed'>,
  { driver, batteries = [{ id: 'a' }], gatt = driver.gatt[0] }: Link,
) {
  const clock = crank();
  const said: EarReport[] = [];
  const asked: { readonly nowMs: number; readonly hex: string }[] = [];
  if (!gatt) throw new Error(`${driver.id} has no characteristics`);
  const unit = unitOf(clock);
  const heard: RadioUnit = {
    ...unit,
    advert: { address, services: [gatt.service] },
    gatt,
    asked: (request, say) => {
      asked.push({ nowMs: clock.now(), hex: toHex(request) });
      unit.asked(request, say);
    },
  };
  const port = unitPort([heard], clock);
  const air = { turns: turns(port, clock), timers: clock };
  const { command } = session({
    address,
    driver,
    batteries,
    // On the air the session finds them by itself.
    gatt: gatt === WIRED_GATT ? gatt : undefined,
    pollMs: 2000,
    ...air,
    report: (r) => said.push(r),
  });
  return {
    clock,
    port,
    asked,
    said,
    /** What became of a command to battery a, when the clock stands at `doneMs`. */
    commanded: async (wish: Command, doneMs: number) => {
      let result: CommandResult | undefined;
      void command('a', wish)?.then((r) => {
        result = r;
      });
      await clock.to(doneMs);
      return result;
    },
    samples: (id = 'a') => said.flatMap((r) => (r.type === 'sample' && r.battery === id ? [r] : [])),
    rejected: () => said.flatMap((r) => (r.type === 'rejected' ? [r.why] : [])),
  };
}

interface OneLink extends Link {
  /** What the unit answers, as one row of bytes; nothing means silence. */
  readonly answer?: (request: Uint8Array) => Uint8Array | undefined;
  readonly subscribed?: RadioUnit['subscribed'];
  /** How long it takes over an answer; 40 ms where nothing is said. */
  readonly answersInMs?: (request: Uint8Array) => number;
  /** Bytes of a notification. */
  readonly size?: number;
}

/** Such a link to a unit that answers each request with one row of bytes. */
export const oneLink = ({ answer, answersInMs = () => ANSWER_MS, subscribed, size, ...link }: OneLink) =>
  linkTo(
    (clock) => ({
      asked: (request, say) => {
        const bytes = answer?.(request);
        if (bytes) clock.after(answersInMs(request), () => inNotifications(bytes, size).forEach(say));
      },
      ...(subscribed && { subscribed }),
    }),
    link,
  );
