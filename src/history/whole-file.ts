// A small file that is written whole, synced and renamed, so that a power cut leaves the old or the new.
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sentence } from '../model/errors.ts';

/** Throws what the disk says; what was there before is there still then. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(`${path}.new`, 'w', mode);
  try {
    // One that was left over may have been open to all.
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

export interface WholeFileOptions {
  /** What follows when it cannot be written: `a boot would forget the charge stage`. */
  readonly loss: string;
  readonly report: (sentence: string) => void;
  readonly mode?: number;
}

export interface WholeFile {
  readonly keep: (text: string) => void;
  /** Resolves when nothing waits any more. */
  readonly settled: () => Promise<void>;
  /** Whether the disk took what is the newest now, or something newer, when that was tried. */
  readonly taken: () => Promise<boolean>;
  /** The last that was tried could not be written. */
  readonly isBehind: () => boolean;
}

/** Keeps the newest, one write at a time. A disk that will not take it is said once, and once when it does again. */
export function wholeFile(path: string, { loss, report, mode = 0o644 }: WholeFileOptions): WholeFile {
  let due: { readonly text: string; readonly tried: PromiseWithResolvers<boolean> } | undefined;
  let newest: Promise<boolean> = Promise.resolve(true);
  let work: Promise<void> | undefined;
  let failed = false;

  async function flush(): Promise<void> {
    for (let next = due; next !== undefined; next = due) {
      due = undefined;
      try {
        await writeWhole(path, next.text, mode);
        if (failed) report(`${path} is written again`);
        failed = false;
      } catch (error) {
        if (!failed) report(`${path} cannot be written (${sentence(error)}): ${loss}`);
        failed = true;
      }
      next.tried.resolve(!failed);
    }
    work = undefined;
  }

  return {
    keep(text) {
      due = { text, tried: due?.tried ?? Promise.withResolvers() };
      newest = due.tried.promise;
      work ??= flush();
    },
    settled: async () => work,
    taken: () => newest,
    isBehind: () => failed,
  };
}
