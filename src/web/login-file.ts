// The form in which logins outlive the office. Of a cookie it holds a hash that cannot be turned back, and of an account its name
// and a mark of its password: what the account may do stands in the accounts alone.
import { sentence } from '../model/errors.ts';
import type { Reckoning } from './lasting-clock.ts';
import type { Login } from './logins.ts';
import { accountName, exactly, moment, rowOf, textUpTo, wholeFrom } from './schemas.ts';
import { validator } from './validation.ts';

interface KeptLogin extends Login {
  /** Of the cookie's secret, in base64. */
  readonly sha256: string;
}

export interface LoginsFile {
  readonly reckoning: Reckoning;
  readonly logins: readonly KeptLogin[];
}

/** Where they lie, in which boot of the machine. */
export interface LoginStore {
  /** For sentences: the path of the file. */
  readonly name: string;
  readonly boot: string;
  /** Undefined: there is none yet. Throws what the disk says, or that the file is larger than `mostBytes`. */
  readonly read: (mostBytes: number) => Promise<string | undefined>;
  /** Throws nothing; the newest is what is written. */
  readonly keep: (text: string) => void;
  /** Resolves when nothing waits to be written any more. */
  readonly settled: () => Promise<void>;
  /** Whether the disk took the newest of now, or a newer one, when that was tried. */
  readonly taken: () => Promise<boolean>;
  /** The last that was tried could not be written: it is to be kept again. */
  readonly isBehind: () => boolean;
}

/** 50 accounts with 16 logins each take a third of it. */
const MOST_BYTES = 1_000_000;

const sha256 = { type: 'string', pattern: '^[A-Za-z0-9+/]{43}=$' };
const ranMs = wholeFrom(0, Number.MAX_SAFE_INTEGER);
const stamp = exactly({ ran_ms: ranMs, wall_ms: moment });
const fileSchema = exactly({
  version: { const: 1 },
  reckoning: exactly({ boot: textUpTo(64), mono_ms: ranMs, ran_ms: ranMs }),
  logins: rowOf(exactly({ sha256, account: accountName, mark: sha256, begun: stamp, used: stamp })),
});

export function loginsText({ reckoning, logins }: LoginsFile): string {
  return `${JSON.stringify({ version: 1, reckoning, logins })}\n`;
}

function parsed(content: string): LoginsFile {
  const file: unknown = JSON.parse(content);
  const mistake = validator(fileSchema, 'the file')(file);
  if (mistake !== undefined) throw new Error(mistake);
  // The schema above says so.
  const { reckoning, logins } = file as LoginsFile;
  const isAhead = ({ begun, used }: Login) => begun.ran_ms > used.ran_ms || used.ran_ms > reckoning.ran_ms;
  if (logins.some(isAhead)) throw new Error('a login of it was used before it began, or after it was kept');
  return { reckoning, logins };
}

/** What is damaged, or of a later version, is told once in one sentence, and is as good as none. */
export async function readLogins(
  store: LoginStore,
  tell: (sentence: string) => void,
): Promise<LoginsFile | undefined> {
  try {
    const content = await store.read(MOST_BYTES);
    return content === undefined ? undefined : parsed(content);
  } catch (error) {
    tell(
      `the logins in ${store.name} cannot be read (${sentence(error)}): nobody is logged in any more; log in again`,
    );
    return undefined;
  }
}
