import { type Cut, cutFrames, cutLast } from '../bytes/framing.ts';
import type { Answer, BmsDriver, DriverOptions } from './driver.ts';
import { plausible } from './plausible.ts';

/** What one connection has heard so far. */
export interface Heard {
  /** Start of a frame that waits for its end. */
  readonly rest: Uint8Array;
  /** Bytes since the connection began that belong to no frame. */
  readonly skippedBytes: number;
  /** Intact frames that were not for us or cannot be true. */
  readonly rejectedFrames: number;
}

export interface Hearing {
  readonly answers: readonly Answer[];
  readonly heard: Heard;
}

export const nothingHeard: Heard = { rest: new Uint8Array(), skippedBytes: 0, rejectedFrames: 0 };

/** Drops a half-received frame: before each request and when the link is lost. It counts as skipped. */
export const forgetRest = (heard: Heard): Heard => ({
  ...heard,
  rest: new Uint8Array(),
  skippedBytes: heard.skippedBytes + heard.rest.length,
});

/** One connection's assembly of answers: which driver, what is asked, what its owner was told of the unit. */
export interface Listening {
  readonly driver: BmsDriver;
  /** Bytes of the pending request; without one, an answer's own register decides. */
  readonly request?: Uint8Array | undefined;
  readonly options?: DriverOptions | undefined;
}

function judge({ driver, request, options }: Listening, frame: Uint8Array): Answer {
  const answer = driver.answer(frame, request, options);
  if (answer.kind !== 'part') return answer;
  const judged = plausible(answer.reading);
  return 'rejected' in judged ? { kind: 'rejected', why: judged.rejected } : { ...answer, ...judged };
}

function conclude(listening: Listening, heard: Heard, { frames, rest, skipped }: Cut): Hearing {
  const answers = frames.map((frame) => judge(listening, frame));
  const rejected = answers.filter(({ kind }) => kind === 'rejected').length;
  return {
    answers,
    heard: {
      rest,
      skippedBytes: heard.skippedBytes + skipped,
      rejectedFrames: heard.rejectedFrames + rejected,
    },
  };
}

/** Takes one notification as it came; gives the answers that it completes (BLE reference 1.3). */
export function hear(listening: Listening, before: Heard, notification: Uint8Array): Hearing {
  const { framing } = listening.driver;
  const heard = framing.begins?.(notification, listening.request) ? forgetRest(before) : before;
  const bytes = new Uint8Array(heard.rest.length + notification.length);
  bytes.set(heard.rest);
  bytes.set(notification, heard.rest.length);
  return conclude(listening, heard, cutFrames(framing, bytes));
}

/** What the rest still holds when nothing more will come: a start that claimed too much may hide a good frame. */
export const hearLast = (listening: Listening, heard: Heard): Hearing =>
  conclude(listening, heard, cutLast(listening.driver.framing, heard.rest));
