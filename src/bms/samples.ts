import type { CaptureEntry } from '../bytes/capture.ts';
import { toHex } from '../bytes/hex.ts';
import type { PackSample } from '../model/battery.ts';
import type { BmsDriver } from './driver.ts';
import { type Heard, hear, nothingHeard } from './listener.ts';
import { complete, nextRound, noRound, type Round, withAnswer } from './round.ts';

/** A sample of a capture and the unit that it came from. */
export interface CapturedSample {
  readonly unit: string;
  readonly sample: PackSample;
  /** When its last byte came, ms since the capture began. */
  readonly heardAtMs: number;
}

/** The unit of a capture that names none. */
export const LONE_UNIT = 'a';
/** From one request to the next in a capture without times. */
const ROUND_MS = 2000;

interface UnitTalk {
  readonly request?: Uint8Array;
  readonly heard: Heard;
  readonly round: Round;
  readonly startedMs: number;
}

/** Every complete round of a capture, stamped with the moment its first request was written (design section 2). */
export function capturedSamples(driver: BmsDriver, entries: readonly CaptureEntry[]): CapturedSample[] {
  const first = toHex(driver.requests[0]?.bytes ?? new Uint8Array());
  const talks = new Map<string, UnitTalk>();
  const samples: CapturedSample[] = [];
  let nowMs = 0;

  function ask(unit: string, was: UnitTalk, request: Uint8Array): void {
    const begins = toHex(request) === first;
    const round = begins ? nextRound(driver, was.round) : was.round;
    talks.set(unit, { request, heard: nothingHeard, round, startedMs: begins ? nowMs : was.startedMs });
  }

  function listen(unit: string, was: UnitTalk, bytes: Uint8Array): void {
    const { answers, heard } = hear({ driver, request: was.request }, was.heard, bytes);
    const round = answers.reduce(withAnswer, was.round);
    const whole = answers.length ? complete(driver, round) : undefined;
    if (whole)
      samples.push({ unit, sample: { atMs: was.startedMs, reading: whole.reading }, heardAtMs: nowMs });
    talks.set(unit, { ...was, heard, round: whole ? nextRound(driver, round) : round });
  }

  for (const { seconds, unit = LONE_UNIT, from, bytes } of entries) {
    const was = talks.get(unit) ?? { heard: nothingHeard, round: noRound, startedMs: nowMs };
    if (seconds !== undefined) nowMs = seconds * 1000;
    else if (from === 'us' && toHex(bytes) === first && was.request) nowMs += ROUND_MS;
    if (from === 'us') ask(unit, was, bytes);
    else listen(unit, was, bytes);
  }
  return samples;
}

/** The units of a capture, in the order in which they first appear. */
export const unitsOf = (entries: readonly CaptureEntry[]): string[] => [
  ...new Set(entries.map(({ unit = LONE_UNIT }) => unit)),
];
