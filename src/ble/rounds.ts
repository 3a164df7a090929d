import type { Answer, Request } from '../bms/driver.ts';
import {
  type Complete,
  complete,
  missing,
  nextRound,
  type Read,
  type Round,
  requestsOf,
  withAnswer,
} from '../bms/round.ts';
import { ATTEMPTS_MS, type Talk } from './talk.ts';

/** What is asked once per connection, or was never answered on it, is given up after this many rounds of silence. */
const MAX_TRIES = 3;

/** How often each such request was asked in vain on this connection; `Infinity` when it is done, `-Infinity` when it is answered. */
export type Tries = Map<string, number>;

export interface RoundResult {
  /** The monotonic moment when the first request was written. */
  readonly atMs: number;
  /** Absent while something required is missing. */
  readonly complete?: Complete | undefined;
  /** Why the round failed. */
  readonly why?: string;
  readonly round: Round;
}

export interface RoundOptions extends Read {
  readonly line: Talk;
  readonly now: () => number;
  readonly before: Round;
  readonly tries: Tries;
  /** How long each attempt at a required request may wait. */
  readonly attemptsMs?: readonly number[];
}

const isDue = ({ name, once, required }: Request, tries: Tries): boolean =>
  (required && !once) || (tries.get(name) ?? 0) < MAX_TRIES;

/**
 * How often it was asked in vain, after one more time. What was answered on this link can be answered again, however often it is
 * not; what is asked only once is not asked again when it was refused.
 */
function triesAfter({ name, once }: Request, tries: Tries, answer: Answer | undefined): number {
  if (answer && once) return Number.POSITIVE_INFINITY;
  if (answer && answer.kind !== 'refused') return Number.NEGATIVE_INFINITY;
  return (tries.get(name) ?? 0) + 1;
}

/** What a unit refuses is not known of it, whatever one at its address told on an earlier link. */
const withoutRefused = (round: Round, name: string, { kind }: Answer): Round =>
  kind === 'refused' ? new Map([...round].filter(([part]) => part !== name)) : round;

/** True when nothing is left to be asked once. */
export const isAskedOut = (read: Read, tries: Tries): boolean =>
  !requestsOf(read).some((request) => request.once && isDue(request, tries));

/**
 * Asks each due request in turn. A required one that stays silent or is refused ends the round: half of one is no sample. One
 * that may stay unanswered and does is the last of its kind in this round, so that a unit that ignores them keeps its beat.
 */
export async function runRound(o: RoundOptions): Promise<RoundResult> {
  const { line, tries, options = {}, attemptsMs = ATTEMPTS_MS } = o;
  const atMs = o.now();
  let round = nextRound(o, o.before);
  let isPatient = true;
  for (const request of requestsOf(o).filter((r) => isDue(r, tries))) {
    const { name, required } = request;
    if (!required && !isPatient) continue;
    const answer = await line.ask(request, required ? attemptsMs : attemptsMs.slice(0, 1), options);
    tries.set(name, triesAfter(request, tries, answer?.value));
    isPatient &&= required || answer !== undefined;
    if (answer) round = withoutRefused(withAnswer(round, answer.value, answer.atMs), name, answer.value);
    if (required && missing(o, round).includes(name)) {
      const why = answer?.value.kind === 'refused' ? answer.value.why : `${name} was not answered`;
      return { atMs, round, why };
    }
  }
  return { atMs, round, complete: complete(o, round) };
}
