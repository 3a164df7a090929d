import type { BatteryReading } from '../model/battery.ts';
import type { Answer, BmsDriver } from './driver.ts';
import { doubts } from './plausible.ts';

/** What was answered since the round began, by request name, and once-only answers of this connection. */
export type Round = ReadonlyMap<string, BatteryReading>;

export const noRound: Round = new Map();

/** The round with one more answer; only a part adds something, a newer one replaces the older. */
export const withAnswer = (round: Round, answer: Answer): Round =>
  answer.kind === 'part' ? new Map(round).set(answer.part, answer.reading) : round;

/** Names of the required requests that are not answered yet; none means the round is a sample. */
export const missing = ({ requests }: BmsDriver, round: Round): string[] =>
  requests.filter(({ name, required }) => required && !round.has(name)).map(({ name }) => name);

export interface Complete {
  readonly reading: BatteryReading;
  /** What a person should look at, one sentence each. */
  readonly notices: readonly string[];
}

/** The whole reading, or undefined while something required is missing: half a round is no sample. */
export function complete(driver: BmsDriver, round: Round): Complete | undefined {
  if (missing(driver, round).length > 0) return undefined;
  const reading: BatteryReading = Object.fromEntries([...round.values()].flatMap(Object.entries));
  return { reading, notices: doubts(reading) };
}

/** The start of the next round on the same connection: only what is asked once is kept. */
export const nextRound = ({ requests }: BmsDriver, round: Round): Round =>
  new Map([...round].filter(([part]) => requests.some(({ name, once }) => once && name === part)));
