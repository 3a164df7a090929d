import type { Answer, Dialect, DriverOptions, Learned } from '../../src/bms/driver.ts';
import { type Heard, hear, hearLast, nothingHeard } from '../../src/bms/listener.ts';
import type { CaptureEntry } from '../../src/bytes/capture.ts';
import { MAX_REST } from '../../src/bytes/framing.ts';

/** What was asked and answered in a capture, and what is understood of bytes in pieces. */

export const joinedUp = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));

interface Asked {
  readonly request?: Uint8Array | undefined;
  readonly options?: DriverOptions;
  readonly learned?: Learned;
}

/** Everything that was understood once nothing more comes; throws where too much is kept. */
export function understood(
  dialect: Dialect,
  pieces: readonly Uint8Array[],
  { request, options, learned = {} }: Asked = {},
): { readonly answers: readonly Answer[]; readonly heard: Heard } {
  const listening = { dialect, request, options };
  const answers: Answer[] = [];
  let heard: Heard = { ...nothingHeard, learned };
  for (const piece of pieces) {
    const hearing = hear(listening, heard, piece);
    answers.push(...hearing.answers.map(({ value }) => value));
    heard = hearing.heard;
    if (heard.rest.length > MAX_REST) throw new Error(`keeps ${heard.rest.length} bytes`);
  }
  const last = hearLast(listening, heard);
  return { answers: [...answers, ...last.answers.map(({ value }) => value)], heard: last.heard };
}

export const partsAmong = (answers: readonly Answer[]) =>
  answers.flatMap((answer) => (answer.kind === 'part' ? [answer] : []));

export const partsOf = (dialect: Dialect, pieces: readonly Uint8Array[], asked: Asked) =>
  partsAmong(understood(dialect, pieces, asked).answers);

/** A request of a capture, what was known before it, and all that was answered. */
export interface Exchange extends Asked {
  readonly learned: Learned;
  readonly answer: Uint8Array;
}

/** The exchanges of a capture in which something was answered; what came before the first request stands without one. */
export function exchangesOf(dialect: Dialect, entries: readonly CaptureEntry[]): Exchange[] {
  const asks = entries.flatMap(({ from }, i) => (from === 'us' ? [i] : []));
  let learned: Learned = {};
  return [-1, ...asks].flatMap((at, i) => {
    const request = entries[at]?.bytes;
    const answer = joinedUp(entries.slice(at + 1, asks[i]).map(({ bytes }) => bytes));
    const exchange = { request, learned, answer };
    learned = understood(dialect, [answer], exchange).heard.learned;
    return answer.length > 0 ? [exchange] : [];
  });
}
