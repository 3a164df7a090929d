// Logins that outlive the office, so that an update at night, a crash or a power cut sends nobody to the login.
import { type LastingClock, type LastingGround, lastingClock, RECKON_MS } from './lasting-clock.ts';
import { type LoginStore, loginsText, readLogins } from './login-file.ts';
import { type Login, type Logins, type LoginsGround, newLogins } from './logins.ts';

/** Who sets the wall clock moves it further than this; what is kept is dated anew then. */
const SET_MS = 60_000;

export interface KeptLogins extends Logins {
  /** Once a second: keeps what is due. */
  readonly look: () => void;
  /** Keeps when each was used last; resolves when it is kept. */
  readonly close: () => Promise<void>;
}

export interface KeptLoginsGround extends Omit<LastingGround, 'boot'>, Pick<LoginsGround, 'passwordOf'> {
  readonly tell: (sentence: string) => void;
}

/** No request writes: what begins and ends is kept at once, when each was used only now and then. */
function keeper(store: LoginStore, time: LastingClock, logins: ReadonlyMap<string, Login>) {
  let keptMs = time.now().ran_ms;
  let apartMs = time.apartMs();
  return {
    keep(): void {
      keptMs = time.now().ran_ms;
      apartMs = time.apartMs();
      const rows = [...logins].map(([sha256, { account, mark, begun, used }]) => {
        return { sha256, account, mark, begun: time.dated(begun), used: time.dated(used) };
      });
      store.keep(loginsText({ reckoning: time.reckoning(), logins: rows }));
    },
    isDue: (): boolean =>
      time.now().ran_ms - keptMs >= RECKON_MS || Math.abs(time.apartMs() - apartMs) > SET_MS,
  };
}

/** Without a store they end with the process. */
export async function openLogins(
  store: LoginStore | undefined,
  { passwordOf, tell, ...ground }: KeptLoginsGround,
): Promise<KeptLogins> {
  const kept = store && (await readLogins(store, tell));
  const time = lastingClock({ ...ground, boot: store?.boot ?? '' }, kept?.reckoning);
  const logins = new Map((kept?.logins ?? []).map(({ sha256, ...login }) => [sha256, login]));
  const file = store && keeper(store, time, logins);
  // The next boot is not to forget what this one found the running time to be.
  if (logins.size > 0 && kept?.reckoning.boot !== store?.boot) file?.keep();
  return {
    ...newLogins(logins, { time, passwordOf, changed: () => file?.keep() }),
    look() {
      if (logins.size > 0 && file?.isDue()) file.keep();
    },
    async close() {
      if (logins.size > 0) file?.keep();
      await store?.settled();
    },
  };
}
