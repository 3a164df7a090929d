// Where the logins of the page are kept.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { wholeFile } from '../history/whole-file.ts';
import type { LoginStore } from '../web/login-file.ts';
import { bootId } from '../wires/boot-id.ts';
import { isMissing } from './account-file.ts';

/** For its owner alone. */
const MODE = 0o600;

/** Of the accounts in that file. Those of another name have logins of another name: two gateways may share a folder. */
export function loginsBeside(accounts: string): string {
  const name = basename(accounts, '.json');
  return join(dirname(accounts), name === 'accounts' ? 'logins.json' : `${name}-logins.json`);
}

async function readUpTo(path: string, mostBytes: number): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new Error(`it has ${size} bytes; at most ${mostBytes} are read`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** `report` hears once why it cannot be written, and once that it can again. */
export function loginFile(path: string, report: (sentence: string) => void): LoginStore {
  const loss = 'the next start would not know who has logged in or out since';
  const file = wholeFile(path, { loss, report, mode: MODE });
  return { name: path, boot: bootId(), read: (mostBytes) => readUpTo(path, mostBytes), ...file };
}
