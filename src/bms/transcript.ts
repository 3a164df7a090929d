import type { CaptureEntry } from '../bytes/capture.ts';
import type { Answer, BmsDriver } from './driver.ts';
import { type Heard, type Hearing, hear, hearLast, nothingHeard } from './listener.ts';

/** An answer in a capture, and the unit it came from where the capture names units. */
export interface Said {
  readonly unit?: string;
  readonly answer: Answer;
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

/**
 * Goes through a capture as a session would have heard it, each unit by itself; a request ends the waiting for the one before.
 * `request` is pending until the capture shows another.
 */
export function transcribe(
  driver: BmsDriver,
  entries: readonly CaptureEntry[],
  request?: Uint8Array,
): Transcript {
  const talks = new Map<string | undefined, Talk>();
  const said: Said[] = [];
  const take = (unit: string | undefined, request: Uint8Array | undefined, { answers, heard }: Hearing) => {
    talks.set(unit, { request, heard });
    said.push(...answers.map((answer) => ({ ...(unit !== undefined && { unit }), answer })));
    return heard;
  };
  const settle = (unit: string | undefined, { request, heard }: Talk) =>
    take(unit, request, hearLast({ driver, request }, heard));

  for (const { unit, from, bytes } of entries) {
    const talk = talks.get(unit) ?? { request, heard: nothingHeard };
    if (from === 'battery')
      take(unit, talk.request, hear({ driver, request: talk.request }, talk.heard, bytes));
    else talks.set(unit, { request: bytes, heard: settle(unit, talk) });
  }
  for (const [unit, talk] of talks) settle(unit, talk);
  const skippedBytes = [...talks.values()].reduce((sum, { heard }) => sum + heard.skippedBytes, 0);
  return { said, skippedBytes };
}
