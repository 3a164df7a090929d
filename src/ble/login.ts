import type { Login } from '../bms/driver.ts';
import { GatewayError } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';

/** The whole handshake (BLE reference 1.9). */
export const LOGIN_MS = 10_000;

export interface LoggingIn {
  readonly address: string;
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Hands every notification to this listener until it is replaced. */
  readonly listen: (hear: (notification: Uint8Array) => void) => void;
  readonly timers: Timers;
}

const failed = (address: string, why: string) =>
  new GatewayError('BLE_FAILED', { address, step: 'login', why });

/** Says a unit's password; resolves when the unit talks. Fails with REFUSED when trying again would not help. */
export function logIn(o: LoggingIn, { steps }: Login, password: string): Promise<void> {
  const { address, timers } = o;
  const talk = steps(address, password);
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      cancel();
      o.listen(() => {});
      settle();
    };
    const fail = (why: string) => end(() => reject(failed(address, why)));
    const cancel = timers.after(LOGIN_MS, () => fail(`it did not end within ${LOGIN_MS / 1000} s`));
    const go = ({ done, value }: IteratorResult<Uint8Array, string | undefined>) => {
      if (!done) {
        if (value.length > 0) o.write(value).catch((error: Error) => fail(error.message));
      } else if (value === undefined) end(resolve);
      else end(() => reject(new GatewayError('REFUSED', { message: value })));
    };
    o.listen((notification) => go(talk.next(notification)));
    go(talk.next(new Uint8Array()));
  });
}
