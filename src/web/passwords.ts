// Passwords and secrets: what is kept of them cannot be turned back.
import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { PASSWORD_LEAST } from '../model/api/access.ts';

/** As it is kept; bytes in base64. */
export interface PasswordHash {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly hash: string;
}

export interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MB and about 100 ms of a Pi 4's core. */
export const usualCost: Cost = { N: 2 ** 15, r: 8, p: 1 };
const HASH_BYTES = 32;
/** Each takes 32 MB: one works, these wait, others are sent away. */
const MOST_WAITING = 8;

/** The same letters, however they were typed. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFKC'));

function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(bytesOf(password), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

export class TooBusy extends Error {}

export interface Passwords {
  readonly hash: (password: string) => Promise<PasswordHash>;
  /** Takes its time also where there is nothing to compare with. */
  readonly fits: (password: string, kept: PasswordHash | undefined) => Promise<boolean>;
}

/** One after the other; throws TooBusy where too many wait. */
export function newPasswords(cost: Cost = usualCost): Passwords {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= MOST_WAITING) throw new TooBusy('too many log in at once; try again in a few seconds');
    waiting++;
    const turn = last.then(work);
    last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      waiting--;
    }
  }
  async function hash(password: string): Promise<PasswordHash> {
    const salt = randomBytes(16);
    const key = await inTurn(() => derive(password, salt, cost));
    return { ...cost, salt: salt.toString('base64'), hash: key.toString('base64') };
  }
  async function fits(password: string, kept: PasswordHash | undefined): Promise<boolean> {
    const salt = kept ? Buffer.from(kept.salt, 'base64') : randomBytes(16);
    const key = await inTurn(() => derive(password, salt, kept ?? cost));
    const expected = kept ? Buffer.from(kept.hash, 'base64') : randomBytes(HASH_BYTES);
    return expected.length === key.length && timingSafeEqual(key, expected);
  }
  return { hash, fits };
}

/** What is wrong with a new password; undefined where nothing is. */
export function passwordMistake(password: string, unlike: readonly string[]): string | undefined {
  const length = [...password.normalize('NFKC')].length;
  if (length < PASSWORD_LEAST)
    return `the password has ${length} characters; choose one of at least ${PASSWORD_LEAST}`;
  if (new Set(password).size < 3)
    return 'the password is one or two characters again and again; choose another';
  if (unlike.some((other) => other.toLowerCase() === password.toLowerCase()))
    return 'the password is the name; choose another';
  return undefined;
}

/** 256 bits, for a cookie or a header. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('base64');

/** By which a password that is in force is known again; another one, or the same one set anew, has another. */
export const passwordMark = ({ salt, hash }: PasswordHash): string => secretHash(`${salt} ${hash}`);

export const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
