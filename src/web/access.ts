// Who may do what: accounts, logins, tokens and the claim, as the server asks for them.
import { randomInt } from 'node:crypto';
import { type AccountBook, type AccountStore, openAccountBook } from './account-book.ts';
import type { Caller } from './caller.ts';
import { type Claim, newClaim } from './claim.ts';
import { type Familiar, newFamiliar } from './familiar.ts';
import type { WebGround } from './ground.ts';
import { type KeptLogins, openLogins } from './kept-logins.ts';
import type { LoginStore } from './login-file.ts';
import type { Logins } from './logins.ts';
import { type Cost, newPasswords, type Passwords, secretHash } from './passwords.ts';
import { newPatience, type Patience } from './patience.ts';

export interface AccessOptions {
  /** Absent: a demonstration, with one account of its own and no file. */
  readonly store: AccountStore | undefined;
  /** Absent: logins end with the process. */
  readonly loginStore?: LoginStore | undefined;
  /** Who reaches the page may look without a login. */
  readonly isOpenView: boolean;
  readonly isSetup?: boolean;
  /** Of the scrypt of passwords that are set; tests take less. */
  readonly cost?: Cost;
  /** Of the claim's code; tests choose it. */
  readonly random?: (below: number) => number;
}

export type AccessGround = Pick<WebGround, 'clock' | 'wallClock' | 'after' | 'say'>;

export interface Access {
  readonly book: AccountBook;
  readonly logins: KeptLogins;
  readonly claim: Claim;
  readonly passwords: Passwords;
  /** By household and by account name. */
  readonly patience: { readonly places: Patience; readonly names: Patience; readonly claims: Patience };
  readonly familiar: Familiar;
  readonly isOpenView: boolean;
  readonly isSetup: boolean;
  readonly wallClock: () => number;
  readonly say: AccessGround['say'];
  /** Undefined: a token that is not known. */
  readonly whois: (asks: Credentials) => Caller | undefined;
}

export interface Credentials {
  readonly address: string;
  readonly cookie?: string | undefined;
  readonly token?: string | undefined;
}

const places = { free: 5, firstMs: 5_000, mostMs: 15 * 60_000 };
/** Kinder than places: who knows a name must not be able to lock its owner out for long. */
const names = { free: 10, firstMs: 5_000, mostMs: 60_000 };
/** All who guess at the code together. */
const claims = { free: 30, firstMs: 10_000, mostMs: 5 * 60_000 };

/** Typed on a phone: nothing that looks like something else. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const demoPassword = (): string =>
  Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

async function demoBook({ say }: AccessGround, passwords: Passwords): Promise<AccountBook> {
  const password = demoPassword();
  const account = { name: 'demo', role: 'installer', password: await passwords.hash(password) };
  const file = JSON.stringify({ version: 1, accounts: [account], tokens: [] });
  say({ level: 'notice', text: `log in at the page as demo with the password ${password}` });
  return openAccountBook({ name: 'memory', read: async () => file, write: async () => {} });
}

const visitor = (address: string, isOpenView: boolean): Caller => ({
  address,
  ...(isOpenView && { role: 'viewer' }),
  holds: () => true,
});

/** Of a name that is logged in. A role that changes ends what was begun under the old one. */
function member(book: AccountBook, logins: Logins, address: string, secret: string): Caller | undefined {
  const login = logins.find(secret);
  const account = login && book.find(login.account);
  if (!login || !account) return undefined;
  const { name, role } = account;
  const holds = () => logins.stands(login.key) && book.find(name)?.role === role;
  return { address, name, role, login: login.key, holds };
}

function bearer(book: AccountBook, address: string, secret: string, wallMs: number): Caller | undefined {
  const sha256 = secretHash(secret);
  const token = book.tokenBySha256(sha256);
  if (!token) return undefined;
  book.noteUse(sha256, wallMs);
  const { name, role } = token;
  return { address, name, role, holds: () => book.tokenBySha256(sha256)?.role === role };
}

export async function openAccess(options: AccessOptions, ground: AccessGround): Promise<Access> {
  const { store, loginStore, isOpenView, isSetup = false, cost, random } = options;
  const { clock, wallClock, after, say } = ground;
  const passwords = newPasswords(cost);
  const book = store ? await openAccountBook(store) : await demoBook(ground, passwords);
  const logins = await openLogins(loginStore, {
    clock,
    wallClock,
    after,
    passwordOf: (name) => book.find(name)?.password,
    tell: (text) => say({ level: 'warn', text }),
  });
  const tell = (text: string) => say({ level: 'notice', text });
  const claim = newClaim({ clock, tell, ...(random && { random }) });
  const trouble = book.trouble();
  if (trouble !== undefined) say({ level: 'error', text: trouble });
  if (!book.isClaimed()) claim.offer();
  return {
    book,
    logins,
    claim,
    passwords,
    patience: {
      places: newPatience(clock, places),
      names: newPatience(clock, names),
      claims: newPatience(clock, claims),
    },
    familiar: newFamiliar(),
    isOpenView: isOpenView || !store,
    isSetup,
    wallClock,
    say,
    whois({ address, cookie, token }) {
      if (token !== undefined) return bearer(book, address, token, wallClock());
      const known = cookie === undefined ? undefined : member(book, logins, address, cookie);
      return known ?? visitor(address, isOpenView || !store);
    },
  };
}
