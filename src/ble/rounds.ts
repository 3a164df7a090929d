import type { BmsDriver, Request } from '../bms/driver.ts';
import { type Complete, complete, missing, nextRound, type Round, withAnswer } from '../bms/round.ts';
import { ATTEMPTS_MS, type Talk } from './talk.ts';

/** What is asked once per connection is given up after this many rounds of silence. */
const MAX_TRIES = 3;

/** How often each once-only request was asked on this connection; `Infinity` when it is done. */
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

export interface RoundOptions {
  readonly driver: BmsDriver;
  readonly line: Talk;
  readonly now: () => number;
  readonly before: Round;
  readonly tries: Tries;
}

const isDue = ({ name, once }: Request, tries: Tries): boolean => !once || (tries.get(name) ?? 0) < MAX_TRIES;

/** Asks each due request in turn. A required one that stays silent or is refused ends the round: half of one is no sample. */
export async function runRound({ driver, line, now, before, tries }: RoundOptions): Promise<RoundResult> {
  const atMs = now();
  let round = nextRound(driver, before);
  for (const request of driver.requests.filter((r) => isDue(r, tries))) {
    const { name, required } = request;
    const answer = await line.ask(request, required ? ATTEMPTS_MS : ATTEMPTS_MS.slice(0, 1));
    tries.set(name, answer ? Number.POSITIVE_INFINITY : (tries.get(name) ?? 0) + 1);
    if (answer) round = withAnswer(round, answer);
    if (required && missing(driver, round).includes(name))
      return { atMs, round, why: answer?.kind === 'refused' ? answer.why : `${name} was not answered` };
  }
  return { atMs, round, complete: complete(driver, round) };
}
