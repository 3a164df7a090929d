import type { CaptureEntry } from '../bytes/capture.ts';
import { toHex } from '../bytes/hex.ts';
import type { PackSample } from '../model/battery.ts';
import type { BmsDriver } from './driver.ts';
import { type Heard, hear, nothingHeard } from './listener.ts';
import { complete, nextRound, noRound, type Round, withAnswer } from './round.ts';
import { dialectIn } from './transcript.ts';

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
  readonly askedAtMs: number;
  readonly heard: Heard;
  readonly round: Round;
}

/** Every complete round of a capture, stamped with the moment its first request was written, or its first byte came (design section 2). */
export function capturedSamples(driver: BmsDriver, entries: readonly CaptureEntry[]): CapturedSample[] {
  const dialect = dialectIn(driver, entries);
  const read = { dialect };
  const isStreamed = (part: string) => dialect.stream?.parts.includes(part) ?? false;
  const first = toHex(dialect.requests({})[0]?.bytes ?? new Uint8Array());
  const talks = new Map<string, UnitTalk>();
  const samples: CapturedSample[] = [];
  let nowMs = 0;

  function ask(unit: string, was: UnitTalk, request: Uint8Array): void {
    const round = toHex(request) === first ? nextRound(read, was.round) : was.round;
    const heard = { ...nothingHeard, learned: was.heard.learned };
    talks.set(unit, { request, askedAtMs: nowMs, heard, round });
  }

  function listen(unit: string, was: UnitTalk, bytes: Uint8Array): void {
    const { answers, heard } = hear({ dialect, request: was.request }, was.heard, bytes, nowMs);
    let { round } = was;
    for (const { value, atMs } of answers) {
      if (value.kind !== 'part') continue;
      round = withAnswer(round, value, isStreamed(value.part) ? atMs : was.askedAtMs);
      const whole = complete(read, round);
      if (!whole) continue;
      samples.push({ unit, sample: { atMs: whole.atMs, reading: whole.reading }, heardAtMs: nowMs });
      round = nextRound(read, round);
    }
    talks.set(unit, { ...was, heard, round });
  }

  for (const { seconds, unit = LONE_UNIT, from, bytes } of entries) {
    const was = talks.get(unit) ?? { heard: nothingHeard, round: noRound, askedAtMs: nowMs };
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
