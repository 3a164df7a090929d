// Where the accounts of the page are kept.
import { readFile, realpath } from 'node:fs/promises';
import { writeWhole } from '../history/whole-file.ts';
import type { AccountStore } from '../web/account-book.ts';

/** For its owner alone. */
const MODE = 0o600;

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Where a link leads; the file itself may be missing. */
const behind = (path: string): Promise<string> =>
  realpath(path).catch((error: unknown) => {
    if (isMissing(error)) return path;
    throw error;
  });

export const accountFile = (path: string): AccountStore => ({
  name: path,
  async read() {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  write: async (text) => writeWhole(await behind(path), text, MODE),
});
