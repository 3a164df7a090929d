// Who is logged in: hashes of the secrets of cookies, and nothing of what their accounts may do.
import type { LastingClock, Moment } from './lasting-clock.ts';
import { newSecret, type PasswordHash, passwordMark, secretHash } from './passwords.ts';

/** Unused for so long a login ends. */
export const IDLE_MS = 12 * 60 * 60_000;
/** And after so long in any case. */
export const LONGEST_MS = 7 * 24 * 60 * 60_000;
/** Of one account; the one used longest ago makes room. */
const MOST_PER_ACCOUNT = 16;

export interface Login {
  readonly account: string;
  /** Of the password that it stands under. */
  readonly mark: string;
  readonly begun: Moment;
  readonly used: Moment;
}

export interface Logins {
  /** The secret for the cookie of an account that is there. */
  readonly begin: (account: string) => string;
  /** The account of a secret, and by what the login is known from then on. */
  readonly find: (secret: string) => { readonly account: string; readonly key: string } | undefined;
  /** Whether it still stands, under the password of its account; to be asked is to be used. */
  readonly stands: (key: string) => boolean;
  readonly end: (key: string) => void;
  /** Passwords were changed, or accounts removed: ends what stands no more. The login that asks stands under the new password. */
  readonly lookAnew: (asks?: string) => void;
  /** Once a second: lets go of those that are over for good, also if the wall clock is too late and will be set. */
  readonly look: () => void;
}

export interface LoginsGround {
  readonly time: LastingClock;
  /** The password that is in force; undefined where there is no such account. */
  readonly passwordOf: (account: string) => PasswordHash | undefined;
  /** One has begun; or those of these keys are over, or stand under another password. */
  readonly changed: (keys: readonly string[]) => void;
}

/** `logins`, by the hash of their secrets, is what there is already, and holds what there is from then on. */
export function newLogins(logins: Map<string, Login>, { time, passwordOf, changed }: LoginsGround): Logins {
  const isOver = ({ begun, used }: Login, sinceMs = time.sinceMs): boolean =>
    sinceMs(used) > IDLE_MS || sinceMs(begun) > LONGEST_MS;
  const markOf = (account: string): string | undefined => {
    const password = passwordOf(account);
    return password && passwordMark(password);
  };

  function used(key: string): Login | undefined {
    const login = logins.get(key);
    // Of accounts that cannot be read none has a password: its login waits for them.
    if (!login || login.mark !== markOf(login.account) || isOver(login)) return undefined;
    const now = { ...login, used: time.now() };
    logins.set(key, now);
    return now;
  }
  function makeRoom(account: string): void {
    const own = [...logins].filter(([, login]) => login.account === account);
    own.sort(([, a], [, b]) => b.used.ran_ms - a.used.ran_ms);
    for (const [key] of own.slice(MOST_PER_ACCOUNT - 1)) logins.delete(key);
  }
  return {
    begin(account) {
      makeRoom(account);
      const secret = newSecret();
      const now = time.now();
      logins.set(secretHash(secret), { account, mark: markOf(account) ?? '', begun: now, used: now });
      changed([]);
      return secret;
    },
    find(secret) {
      const key = secretHash(secret);
      const login = used(key);
      return login && { account: login.account, key };
    },
    stands: (key) => used(key) !== undefined,
    end(key) {
      if (logins.delete(key)) changed([key]);
    },
    lookAnew(asks) {
      const before = [...logins.keys()];
      for (const [key, login] of logins) {
        const mark = markOf(login.account);
        if (mark === undefined || (mark !== login.mark && key !== asks)) logins.delete(key);
        else logins.set(key, { ...login, mark });
      }
      changed(before);
    },
    look() {
      const over = [...logins].flatMap(([key, login]) => (isOver(login, time.ranSinceMs) ? [key] : []));
      for (const key of over) logins.delete(key);
      if (over.length > 0) changed(over);
    },
  };
}
