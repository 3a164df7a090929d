// Who is logged in: secrets of cookies, in memory alone, so that a restart ends them all.
import type { Clock } from '../model/freshness.ts';
import { newSecret, secretHash } from './passwords.ts';

/** Unused for so long a login ends. */
export const IDLE_MS = 12 * 60 * 60_000;
/** And after so long in any case. */
export const LONGEST_MS = 7 * 24 * 60 * 60_000;
/** Of one account; the one used longest ago makes room. */
const MOST_PER_ACCOUNT = 16;

interface Login {
  readonly account: string;
  readonly begunMs: number;
  usedMs: number;
}

export interface Logins {
  /** The secret for the cookie. */
  readonly begin: (account: string) => string;
  /** The account of a secret, and by what the login is known from then on. */
  readonly find: (secret: string) => { readonly account: string; readonly key: string } | undefined;
  /** Whether it still stands; to be asked is to be used. */
  readonly stands: (key: string) => boolean;
  readonly end: (key: string) => void;
  /** Ends those of an account, but for the one that asks. */
  readonly endOf: (account: string, except?: string) => void;
}

export function newLogins(clock: Clock): Logins {
  const logins = new Map<string, Login>();
  const isOver = ({ begunMs, usedMs }: Login): boolean =>
    clock() - usedMs > IDLE_MS || clock() - begunMs > LONGEST_MS;

  function used(key: string): Login | undefined {
    const login = logins.get(key);
    if (!login) return undefined;
    if (isOver(login)) {
      logins.delete(key);
      return undefined;
    }
    login.usedMs = clock();
    return login;
  }
  function makeRoom(account: string): void {
    for (const [key, login] of logins) if (isOver(login)) logins.delete(key);
    const own = [...logins].filter(([, login]) => login.account === account);
    own.sort(([, a], [, b]) => b.usedMs - a.usedMs);
    for (const [key] of own.slice(MOST_PER_ACCOUNT - 1)) logins.delete(key);
  }
  return {
    begin(account) {
      makeRoom(account);
      const secret = newSecret();
      logins.set(secretHash(secret), { account, begunMs: clock(), usedMs: clock() });
      return secret;
    },
    find(secret) {
      const key = secretHash(secret);
      const login = used(key);
      return login && { account: login.account, key };
    },
    stands: (key) => used(key) !== undefined,
    end: (key) => void logins.delete(key),
    endOf(account, except) {
      for (const [key, login] of logins) if (login.account === account && key !== except) logins.delete(key);
    },
  };
}
