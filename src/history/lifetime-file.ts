// What outlives a boot, in one small file: written whole, synced and renamed, so that a power cut leaves the old or the new.
import { readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isLifetime, type Lifetime } from '../bank/lifetime.ts';
import { sentence } from '../model/errors.ts';

/** What the file holds; undefined when there is none, or none that can be believed. */
export function readLifetime(path: string): Lifetime | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isLifetime(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(`${path}.new`, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

export interface LifetimeFile {
  readonly keep: (lifetime: Lifetime) => void;
  /** Resolves when nothing waits any more. */
  readonly settled: () => Promise<void>;
}

/** Keeps the newest, one write at a time. A disk that will not take it is said once, and once when it does again. */
export function lifetimeFile(path: string, report: (sentence: string) => void): LifetimeFile {
  let due: Lifetime | undefined;
  let work: Promise<void> | undefined;
  let failed = false;

  async function flush(): Promise<void> {
    for (let next = due; next; next = due) {
      due = undefined;
      try {
        await writeWhole(path, `${JSON.stringify(next)}\n`);
        if (failed) report(`${path} is written again`);
        failed = false;
      } catch (error) {
        if (!failed)
          report(`${path} cannot be written (${sentence(error)}): a boot would forget the charge stage`);
        failed = true;
      }
    }
    work = undefined;
  }

  return {
    keep(lifetime) {
      due = lifetime;
      work ??= flush();
    },
    settled: async () => work,
  };
}
