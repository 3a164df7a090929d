// The accounts and tokens, as their file keeps them. What was not written down is not in force.
import type { AccountLine, TokenLine } from '../model/api/access.ts';
import { sentence } from '../model/errors.ts';
import type { PasswordHash } from './passwords.ts';
import type { Refused } from './route.ts';
import { accountName, exactly, moment, role, rowOf, text, whole } from './schemas.ts';
import { validator } from './validation.ts';

export interface Account extends AccountLine {
  readonly password: PasswordHash;
}

export interface Token extends TokenLine {
  readonly sha256: string;
}

export interface Kept {
  readonly accounts: readonly Account[];
  readonly tokens: readonly Token[];
}

/** Where the book lies. A write leaves the old or the new, whole; both throw with one sentence. */
export interface AccountStore {
  /** For sentences: the path of the file. */
  readonly name: string;
  /** Undefined: there is none yet. */
  readonly read: () => Promise<string | undefined>;
  readonly write: (text: string) => Promise<void>;
}

export interface AccountBook {
  readonly kept: () => Kept;
  /** Why it cannot be read: then nobody has an account, and nobody can make one. */
  readonly trouble: () => string | undefined;
  readonly isClaimed: () => boolean;
  readonly find: (name: string) => Account | undefined;
  /** One change after the other; in force when it is written. A refusal changes nothing. */
  readonly change: (edit: (kept: Kept) => Kept | Refused) => Promise<Refused | undefined>;
  readonly tokenBySha256: (sha256: string) => Token | undefined;
  /** Is kept with the next change. */
  readonly noteUse: (sha256: string, wallMs: number) => void;
}

const hashed = exactly({ N: whole, r: whole, p: whole, salt: text, hash: text });
const fileSchema = exactly({
  version: { const: 1 },
  accounts: rowOf(exactly({ name: accountName, role, password: hashed })),
  tokens: rowOf(exactly({ name: accountName, role, created_ms: moment, sha256: text }, { used_ms: moment })),
});

const nobody: Kept = { accounts: [], tokens: [] };

export const sameName = (a: string, b: string): boolean =>
  a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();

function parsed(content: string): Kept {
  const file: unknown = JSON.parse(content);
  const mistake = validator(fileSchema)(file);
  if (mistake !== undefined) throw new Error(mistake);
  // The schema above says so.
  const { accounts, tokens } = file as Kept;
  if (!accounts.some(({ role }) => role === 'installer')) throw new Error('it names no installer');
  return { accounts, tokens };
}

/** A file that is there and cannot be understood is never taken for none: that would open the gateway to who comes first. */
async function load(store: AccountStore): Promise<{ kept: Kept; trouble?: string }> {
  try {
    const content = await store.read();
    return { kept: content === undefined ? nobody : parsed(content) };
  } catch (error) {
    const why = sentence(error);
    return {
      kept: nobody,
      trouble: `the accounts in ${store.name} cannot be read (${why}): nobody can log in; put a good copy back, or remove the file and claim the gateway anew, then restart it`,
    };
  }
}

const isRefused = (result: Kept | Refused): result is Refused => 'why' in result;

const withUses = ({ accounts, tokens }: Kept, uses: ReadonlyMap<string, number>): Kept => ({
  accounts,
  tokens: tokens.map((token) => {
    const used_ms = uses.get(token.sha256) ?? token.used_ms;
    return { ...token, ...(used_ms !== undefined && { used_ms }) };
  }),
});

/** Why it was not written; undefined where it was. */
async function written(store: AccountStore, kept: Kept): Promise<Refused | undefined> {
  try {
    await store.write(`${JSON.stringify({ version: 1, ...kept }, undefined, 2)}\n`);
    return undefined;
  } catch (error) {
    return { why: `${store.name} cannot be written (${sentence(error)}); nothing was changed`, status: 503 };
  }
}

export async function openAccountBook(store: AccountStore): Promise<AccountBook> {
  let { kept, trouble } = await load(store);
  let last: Promise<unknown> = Promise.resolve();
  const uses = new Map<string, number>();

  async function edited(edit: (kept: Kept) => Kept | Refused): Promise<Refused | undefined> {
    if (trouble !== undefined) return { why: trouble, status: 503 };
    const next = edit(withUses(kept, uses));
    if (isRefused(next)) return next;
    const refused = await written(store, next);
    if (!refused) kept = next;
    return refused;
  }

  return {
    kept: () => withUses(kept, uses),
    trouble: () => trouble,
    isClaimed: () => trouble !== undefined || kept.accounts.length > 0,
    find: (name) => kept.accounts.find((account) => sameName(account.name, name)),
    change(edit) {
      const turn = last.then(() => edited(edit));
      last = turn.catch(() => {});
      return turn;
    },
    tokenBySha256: (sha256) => kept.tokens.find((token) => token.sha256 === sha256),
    noteUse: (sha256, wallMs) => void uses.set(sha256, Math.round(wallMs)),
  };
}
