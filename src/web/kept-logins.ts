// Logins that outlive the office, so that an update at night, a crash or a power cut sends nobody to the login.
import type { After } from '../model/timers.ts';
import { type LastingClock, type LastingGround, lastingClock, RECKON_MS } from './lasting-clock.ts';
import { type LoginStore, loginsText, readLogins } from './login-file.ts';
import { type Login, type Logins, type LoginsGround, newLogins } from './logins.ts';

/** Who sets the wall clock moves it further than this; what is kept is dated anew then. */
const SET_MS = 60_000;
/** Who logs in again and again wears out no memory card, and a disk that takes nothing is tried again so often. */
export const PAUSE_MS = 10_000;

/** Who logs out waits so long for the disk. */
export const PATIENCE_MS = 2000;

export interface KeptLogins extends Logins {
  /** Ends it; whether it stays ended whatever happens to the gateway. False: the disk has not taken it yet. */
  readonly endForGood: (key: string) => Promise<boolean>;
  /** Keeps when each was used last; resolves when it is kept. */
  readonly close: () => Promise<void>;
}

export interface KeptLoginsGround extends Omit<LastingGround, 'boot'>, Pick<LoginsGround, 'passwordOf'> {
  readonly after: After;
  readonly tell: (sentence: string) => void;
}

/**
 * To look at the page writes nothing: when each was used is kept only now and then. What somebody ended is kept at once, else it
 * would stand again after a crash; what begins waits a little where something was written just before.
 */
function keeper(store: LoginStore, time: LastingClock, logins: ReadonlyMap<string, Login>) {
  let keptMs = time.now().ran_ms;
  let pauseUntilMs = Number.NEGATIVE_INFINITY;
  let apartMs = time.apartMs();
  let written: ReadonlySet<string> = new Set(logins.keys());
  let isWaiting = false;
  const isPause = (): boolean => time.now().ran_ms < pauseUntilMs;
  const isBehind = (): boolean => isWaiting || store.isBehind();

  function keep(): void {
    keptMs = time.now().ran_ms;
    pauseUntilMs = keptMs + PAUSE_MS;
    apartMs = time.apartMs();
    written = new Set(logins.keys());
    isWaiting = false;
    const rows = [...logins].map(([sha256, { account, mark, begun, used }]) => {
      return { sha256, account, mark, begun: time.dated(begun), used: time.dated(used) };
    });
    store.keep(loginsText({ reckoning: time.reckoning(), logins: rows }));
  }
  return {
    keep,
    isBehind,
    isWritten: (key: string): boolean => written.has(key),
    changed(keys: readonly string[]): void {
      if (keys.some((key) => written.has(key)) || !isPause()) keep();
      else isWaiting = true;
    },
    look(): void {
      const isStepped = Math.abs(time.apartMs() - apartMs) > SET_MS;
      const isDue = logins.size > 0 && (isStepped || time.now().ran_ms - keptMs >= RECKON_MS);
      if (!isPause() && (isDue || isBehind())) keep();
    },
  };
}

/** What comes of it in time; false where nothing does. */
function within(after: After, result: Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const cancel = after(PATIENCE_MS, () => late.resolve(false));
  return Promise.race([result, late.promise]).finally(cancel);
}

/** Without a store they end with the process. */
export async function openLogins(
  store: LoginStore | undefined,
  { passwordOf, tell, after, ...ground }: KeptLoginsGround,
): Promise<KeptLogins> {
  const kept = store && (await readLogins(store, tell));
  const time = lastingClock({ ...ground, boot: store?.boot ?? '' }, kept?.reckoning);
  const logins = new Map((kept?.logins ?? []).map(({ sha256, ...login }) => [sha256, login]));
  const file = store && keeper(store, time, logins);
  // The next boot is not to forget what this one found the running time to be.
  if (logins.size > 0 && kept?.reckoning.boot !== store?.boot) file?.keep();
  const own = newLogins(logins, { time, passwordOf, changed: (keys) => file?.changed(keys) });
  return {
    ...own,
    async endForGood(key) {
      const isWritten = file?.isWritten(key) ?? false;
      own.end(key);
      // What was never written down cannot come back.
      return isWritten && store ? within(after, store.taken()) : true;
    },
    look() {
      own.look();
      file?.look();
    },
    async close() {
      if (logins.size > 0 || file?.isBehind()) file?.keep();
      await store?.settled();
    },
  };
}
