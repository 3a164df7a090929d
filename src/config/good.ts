import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where copies of what last ran are kept: systemd's state folder; nowhere for a run by hand. */
const goodFolder = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.STATE_DIRECTORY && join(env.STATE_DIRECTORY, 'good');

/** Keeps a copy of a file that loaded, under this name. A folder that cannot be written is no reason not to run. */
export function keepGood(name: string, text: string): void {
  const folder = goodFolder();
  if (!folder) return;
  const copy = join(folder, name);
  try {
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(`${copy}.new`, text, { mode: 0o600 });
    renameSync(`${copy}.new`, copy);
  } catch {
    // The copy is a second chance; `doctor` looks at the folder.
  }
}

/** What is made of the copy that ran last; undefined when there is none or it does not pass either. */
export function recallGood<T>(name: string, make: (copy: string, text: string) => T): T | undefined {
  const folder = goodFolder();
  if (!folder) return undefined;
  const copy = join(folder, name);
  try {
    return make(copy, readFileSync(copy, 'utf8'));
  } catch {
    return undefined;
  }
}
