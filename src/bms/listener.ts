import { type Cut, cutFrames, cutLast } from '../bytes/framing.ts';
import type { Stamped } from '../model/freshness.ts';
import type { Answer, Dialect, DriverOptions, Learned } from './driver.ts';
import { plausible } from './plausible.ts';

/** What one connection has heard so far. */
export interface Heard {
  /** Start of a frame that waits for its end. */
  readonly rest: Uint8Array;
  /** When the first byte of the rest came. */
  readonly restAtMs: number;
  /** Bytes since the connection began that belong to no frame. */
  readonly skippedBytes: number;
  /** Intact frames that were not for us or cannot be true. */
  readonly rejectedFrames: number;
  readonly learned: Learned;
}

export interface Hearing {
  /** Each with the moment when the first byte of its frame came. */
  readonly answers: readonly Stamped<Answer>[];
  readonly heard: Heard;
}

export const nothingHeard: Heard = {
  rest: new Uint8Array(),
  restAtMs: 0,
  skippedBytes: 0,
  rejectedFrames: 0,
  learned: {},
};

/** Drops a half-received frame: before each request and when the link is lost. It counts as skipped. */
export const forgetRest = (heard: Heard): Heard => ({
  ...heard,
  rest: new Uint8Array(),
  skippedBytes: heard.skippedBytes + heard.rest.length,
});

/** One connection's assembly of answers: how its unit talks, what is asked, what its owner was told of it. */
export interface Listening {
  readonly dialect: Dialect;
  /** Bytes of the pending request; without one, an answer's own head decides. */
  readonly request?: Uint8Array | undefined;
  readonly options?: DriverOptions | undefined;
}

const inverted = (answer: Answer): Answer =>
  answer.kind === 'part' && answer.reading.currentA !== undefined
    ? { ...answer, reading: { ...answer.reading, currentA: 0 - answer.reading.currentA } }
    : answer;

function judge({ dialect, request, options = {} }: Listening, learned: Learned, frame: Uint8Array): Answer {
  const said = dialect.answer(frame, { request, options, learned });
  const answer = options.invertCurrent ? inverted(said) : said;
  if (answer.kind !== 'part') return answer;
  const judged = plausible(answer.reading);
  return 'rejected' in judged ? { kind: 'rejected', why: judged.rejected } : { ...answer, ...judged };
}

const taughtBy = (answer: Answer): Learned | undefined =>
  answer.kind === 'part' || answer.kind === 'more' ? answer.learned : undefined;

/** `stampOf` tells when the byte at a place came. */
function conclude(listening: Listening, heard: Heard, cut: Cut, stampOf: (at: number) => number): Hearing {
  const answers: Stamped<Answer>[] = [];
  let { learned, rejectedFrames } = heard;
  cut.frames.forEach((frame, i) => {
    const value = judge(listening, learned, frame);
    learned = { ...learned, ...taughtBy(value) };
    if (value.kind === 'rejected') rejectedFrames++;
    answers.push({ value, atMs: stampOf(cut.starts[i] ?? 0) });
  });
  const { rest, skipped } = cut;
  const taken = cut.skipped + cut.frames.reduce((sum, { length }) => sum + length, 0);
  const skippedBytes = heard.skippedBytes + skipped;
  return { answers, heard: { rest, restAtMs: stampOf(taken), skippedBytes, rejectedFrames, learned } };
}

/** Takes one notification as it came at `nowMs`; gives the answers that it completes (BLE reference 1.3). */
export function hear(listening: Listening, before: Heard, notification: Uint8Array, nowMs = 0): Hearing {
  const { framing } = listening.dialect;
  const heard = framing.begins?.(notification, listening.request) ? forgetRest(before) : before;
  const old = heard.rest.length;
  const bytes = new Uint8Array(old + notification.length);
  bytes.set(heard.rest);
  bytes.set(notification, old);
  return conclude(listening, heard, cutFrames(framing, bytes), (at) => (at < old ? heard.restAtMs : nowMs));
}

/** What the rest still holds when nothing more will come: a start that claimed too much may hide a good frame. */
export const hearLast = (listening: Listening, heard: Heard): Hearing =>
  conclude(listening, heard, cutLast(listening.dialect.framing, heard.rest), () => heard.restAtMs);
