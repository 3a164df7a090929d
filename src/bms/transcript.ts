import type { CaptureEntry } from '../bytes/capture.ts';
import type { Stamped } from '../model/freshness.ts';
import type { Answer, BmsDriver, Dialect, DriverOptions } from './driver.ts';
import { type Heard, type Hearing, hear, hearLast, nothingHeard } from './listener.ts';

/** An answer in a capture, and the unit it came from where the capture names units. */
export interface Said {
  readonly unit?: string;
  readonly answer: Exclude<Answer, { kind: 'more' }>;
}

export interface Transcript {
  readonly said: readonly Said[];
  /** Over all units. */
  readonly skippedBytes: number;
}

/** One unit of a capture: what it was asked last, and what was heard of it. */
interface Talk {
  readonly request: Uint8Array | undefined;
  readonly heard: Heard;
}

/** The last that a capture says of the time, ms. */
const msOf = ({ seconds = 0 }: CaptureEntry): number => seconds * 1000;

/**
 * Goes through a capture as a session would have heard it, each unit by itself; a request ends the waiting for the one before.
 * `request` is pending until the capture shows another.
 */
export function transcribeAs(
  dialect: Dialect,
  entries: readonly CaptureEntry[],
  request?: Uint8Array,
  options?: DriverOptions,
): Transcript {
  const talks = new Map<string | undefined, Talk>();
  const said: Said[] = [];
  const say = (unit: string | undefined, { value: answer }: Stamped<Answer>) => {
    if (answer.kind !== 'more') said.push({ ...(unit !== undefined && { unit }), answer });
  };
  const take = (unit: string | undefined, request: Uint8Array | undefined, { answers, heard }: Hearing) => {
    talks.set(unit, { request, heard });
    for (const answer of answers) say(unit, answer);
    return heard;
  };
  const settle = (unit: string | undefined, { request, heard }: Talk) =>
    take(unit, request, hearLast({ dialect, request, options }, heard));

  for (const entry of entries) {
    const { unit, from, bytes } = entry;
    const talk = talks.get(unit) ?? { request, heard: nothingHeard };
    const listening = { dialect, request: talk.request, options };
    if (from === 'battery') take(unit, talk.request, hear(listening, talk.heard, bytes, msOf(entry)));
    else talks.set(unit, { request: bytes, heard: settle(unit, talk) });
  }
  for (const [unit, talk] of talks) settle(unit, talk);
  const skippedBytes = [...talks.values()].reduce((sum, { heard }) => sum + heard.skippedBytes, 0);
  return { said, skippedBytes };
}

const partsIn = ({ said }: Transcript): number => said.filter(({ answer }) => answer.kind === 'part').length;

/** The dialect of a family that understands most of a capture; the first of them when none does. */
export const dialectIn = ({ dialects }: BmsDriver, entries: readonly CaptureEntry[]): Dialect =>
  dialects.length === 1
    ? dialects[0]
    : dialects.reduce((best, other) =>
        partsIn(transcribeAs(other, entries)) > partsIn(transcribeAs(best, entries)) ? other : best,
      );

/** A capture in the dialect that it was taken in. */
export const transcribe = (
  driver: BmsDriver,
  entries: readonly CaptureEntry[],
  request?: Uint8Array,
  options?: DriverOptions,
): Transcript => transcribeAs(dialectIn(driver, entries), entries, request, options);
