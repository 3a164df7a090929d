import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Whether this user may read and write something; `missing` when it is not there. */
export type Access = 'yes' | 'no' | 'missing';

/** All that the checks see of the machine. `undefined` means: not there, or not to be had. */
export interface Look {
  read(path: string): string | undefined;
  list(path: string): readonly string[];
  access(path: string): Access;
  /** Where a link leads in the end. */
  target(path: string): string | undefined;
  freeBytes(path: string): number | undefined;
  /** In the folder of the package. Standard output and exit code; `undefined` when there is no such program. */
  run(program: string, ...args: string[]): { readonly code: number; readonly out: string } | undefined;
  readonly user: string;
}

/** One line of the answer. `note` is worth knowing and breaks nothing. */
export interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'note' | 'broken';
  readonly is: string;
  /** The command that mends it, or what to do. */
  readonly mend?: string;
}

export const ok = (about: string, is: string): Finding => ({ about, state: 'ok', is });
export const note = (about: string, is: string, mend: string): Finding => ({
  about,
  state: 'note',
  is,
  mend,
});
export const broken = (about: string, is: string, mend: string): Finding => ({
  about,
  state: 'broken',
  is,
  mend,
});

/** The folder that holds package.json, from `src/commands/doctor` and `dist/commands/doctor` alike. */
export const packageRoot = fileURLToPath(new URL('../../..', import.meta.url));

const RUN_LIMIT_MS = 5000;

function perhaps<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

function accessOf(path: string): Access {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return 'yes';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'missing' : 'no';
  }
}

export const thisMachine: Look = {
  read: (path) => perhaps(() => readFileSync(path, 'utf8')),
  list: (path) => perhaps(() => readdirSync(path)) ?? [],
  access: accessOf,
  target: (path) => perhaps(() => realpathSync(path)),
  freeBytes: (path) =>
    perhaps(() => {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    }),
  run(program, ...args) {
    const { pid, status, stdout } = spawnSync(program, args, {
      encoding: 'utf8',
      timeout: RUN_LIMIT_MS,
      cwd: packageRoot,
    });
    return pid ? { code: status ?? 128, out: stdout } : undefined;
  },
  user: perhaps(() => userInfo().username) ?? 'this user',
};
