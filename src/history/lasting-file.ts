// What lasts, in one small file, so that a start goes on with it.
import { readFileSync, statSync } from 'node:fs';
import { type BootMoment, keptText, readKept } from '../events/kept.ts';
import type { BankEvent, EventsKept } from '../model/events.ts';
import { monotonicMs } from '../model/freshness.ts';
import { type WholeFile, wholeFile } from './whole-file.ts';

const nowIn = (boot: string): BootMoment => ({ boot, monotonicMs: monotonicMs(), wallMs: Date.now() });

/** Of what lasts in the largest bank it is a tenth. A start waits for this file: it shall not wait for a larger one, or for a pipe. */
const MOST_BYTES = 1_000_000;

function isSmallFile(path: string): boolean {
  const file = statSync(path);
  return file.isFile() && file.size <= MOST_BYTES;
}

/** Undefined when there is none, or none that can be believed. */
export function readLasting(path: string | undefined, boot: string): EventsKept | undefined {
  try {
    if (path === undefined || !isSmallFile(path)) return undefined;
    return readKept(readFileSync(path, 'utf8'), nowIn(boot));
  } catch {
    return undefined;
  }
}

export interface LastingFile extends Pick<WholeFile, 'settled'> {
  readonly keep: (events: readonly BankEvent[]) => void;
}

export function lastingFile(path: string, boot: string, report: (sentence: string) => void): LastingFile {
  const loss = 'a restart would tell anew what lasts';
  const { keep, settled } = wholeFile(path, { loss, report, mode: 0o600 });
  return { settled, keep: (events) => keep(keptText(events, nowIn(boot))) };
}
