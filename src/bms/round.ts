import type { BatteryReading } from '../model/battery.ts';
import type { Stamped } from '../model/freshness.ts';
import type { Answer, Dialect, DriverOptions, Request } from './driver.ts';
import { doubts } from './plausible.ts';

/** What was answered since the round began, by part, and once-only answers of this connection. */
export type Round = ReadonlyMap<string, Stamped<BatteryReading>>;

export const noRound: Round = new Map();

/** Who is read: the way it talks, and what its owner was told of it. */
export interface Read {
  readonly dialect: Dialect;
  readonly options?: DriverOptions | undefined;
}

const noOptions: DriverOptions = {};
const made = new WeakMap<DriverOptions, Map<Dialect, readonly Request[]>>();

/** The questions for this battery. They are wanted at every answer, and made once. */
export function requestsOf({ dialect, options = noOptions }: Read): readonly Request[] {
  const ofOptions = made.get(options) ?? new Map<Dialect, readonly Request[]>();
  const requests = ofOptions.get(dialect) ?? dialect.requests(options);
  made.set(options, ofOptions.set(dialect, requests));
  return requests;
}

/** The round with one more answer; only a part adds something, a newer one replaces the older. */
export const withAnswer = (round: Round, answer: Answer, atMs: number): Round =>
  answer.kind === 'part' ? new Map(round).set(answer.part, { value: answer.reading, atMs }) : round;

const required = (read: Read): string[] => [
  ...requestsOf(read).flatMap((request) => (request.required ? request.name : [])),
  ...(read.dialect.stream?.parts ?? []),
];

/** Parts that are required and not there yet; none means the round is a sample. */
export const missing = (read: Read, round: Round): string[] =>
  required(read).filter((name) => !round.has(name));

const onceOnly = (read: Read): Set<string> =>
  new Set(requestsOf(read).flatMap(({ name, once }) => (once ? name : [])));

export interface Complete {
  readonly reading: BatteryReading;
  /** The oldest of its parts that are measured anew each round. */
  readonly atMs: number;
  /** What a person should look at, one sentence each. */
  readonly notices: readonly string[];
}

/** The names of both, each once; undefined where neither part tells any. */
const raised = (level: 'alarms' | 'warnings', ...parts: readonly BatteryReading[]) => {
  const told = parts.flatMap((part) => (part[level] ? [part[level]] : []));
  return told.length > 0 && { [level]: [...new Set(told.flat())] };
};

/** An alarm that one part tells is not taken back by another that knows nothing of it. */
const withPart = (sum: BatteryReading, part: BatteryReading): BatteryReading => ({
  ...sum,
  ...part,
  ...raised('alarms', sum, part),
  ...raised('warnings', sum, part),
  ...((sum.details || part.details) && { details: { ...sum.details, ...part.details } }),
});

/** The whole reading, or undefined while something required is missing: half a round is no sample. */
export function complete(read: Read, round: Round): Complete | undefined {
  if (missing(read, round).length > 0) return undefined;
  const reading = [...round.values()].reduce((sum, { value }) => withPart(sum, value), {});
  const once = onceOnly(read);
  const atMs = Math.min(...[...round].flatMap(([part, stamped]) => (once.has(part) ? [] : stamped.atMs)));
  return { reading, atMs, notices: doubts(reading) };
}

/** The start of the next round on the same connection: only what is asked once is kept. */
export function nextRound(read: Read, round: Round): Round {
  const once = onceOnly(read);
  return new Map([...round].filter(([part]) => once.has(part)));
}
