// What lasts, in one small file, so that a start goes on with it.
import { readFileSync } from 'node:fs';
import { type BootMoment, keptText, readKept } from '../events/kept.ts';
import type { BankEvent, EventsKept } from '../model/events.ts';
import { monotonicMs } from '../model/freshness.ts';
import { type WholeFile, wholeFile } from './whole-file.ts';

const nowIn = (boot: string): BootMoment => ({ boot, monotonicMs: monotonicMs(), wallMs: Date.now() });

/** Undefined when there is none, or none that can be believed. */
export function readLasting(path: string | undefined, boot: string): EventsKept | undefined {
  try {
    return path === undefined ? undefined : readKept(readFileSync(path, 'utf8'), nowIn(boot));
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
