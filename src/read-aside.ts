// Files are read and proven by a child that ends with its answer, so that what that takes does not stay in memory.
import type { Start } from './child.ts';
import type { ConfigurationRead, ReadAgain } from './config/configuration.ts';
import type { explainProfile, ToExplain } from './config/explain-profile.ts';
import type { GatewayConfig } from './config/gateway-file.ts';
import type { knownIds } from './config/known-ids.ts';
import type { ToTry, tryProfile } from './config/try-profile.ts';
import { forkHead } from './forked.ts';
import { GatewayError } from './model/errors.ts';
import type { Question, Read, ReaderReport } from './reader.ts';
import { after } from './timers.ts';

const noAnswer = (why: string): GatewayError =>
  new GatewayError('REFUSED', {
    message: `the files cannot be read: their reader ended (${why}); look whether memory is free`,
  });

interface Asked<Q extends Question> {
  readonly start?: Start;
  /** Hears of a gateway file before its profiles are read. */
  readonly onFile?: (config: GatewayConfig) => void;
  /** What is answered when the reader takes longer. */
  readonly limit?: { readonly ms: number; readonly answer: Read<Q> };
}

/** Asks a reader, and ends it. Throws what reading threw, or one sentence when the reader ended before its answer. */
export function readAside<Q extends Question>(
  question: Q,
  { start = forkHead('reader'), onFile, limit }: Asked<Q> = {},
): Promise<Read<Q>> {
  const { promise, resolve, reject } = Promise.withResolvers<Read<Q>>();
  const reader = start(
    (message) => {
      // The child is this program's own reader, which answers a question with what was asked.
      const report = message as ReaderReport<Q>;
      if (report.type === 'file') onFile?.(report.config);
      else if (report.type === 'read') resolve(report.read);
      else reject(report.error);
    },
    (why) => reject(noAnswer(why)),
  );
  const cancel = limit ? after(limit.ms, () => resolve(limit.answer)) : () => {};
  reader.send(question, () => {});
  return promise.finally(() => {
    cancel();
    reader.kill();
  });
}

/** A configuration in two steps: its file, then the whole, which takes longer, and has the copy where the file gives way to it. */
export interface Reading {
  readonly file: Promise<GatewayConfig>;
  readonly whole: Promise<ConfigurationRead>;
}

/** Reads a gateway file, ours or a text in its place, with its profiles. */
export function readInSteps(
  question: Extract<Question, { type: 'service' | 'gateway' }>,
  start?: Start,
): Reading {
  const { promise: file, resolve, reject } = Promise.withResolvers<GatewayConfig>();
  const whole = readAside(question, { onFile: resolve, ...(start && { start }) });
  // A file that is wrong is known by its copy, or by what the whole throws.
  whole.then(({ config }) => resolve(config), reject);
  file.catch(() => {});
  return { file, whole };
}

/** A profile of ours is read in a tenth of a second, on a small board in one. */
const LIMIT_MS = 20_000;

/** Profiles that are written while the gateway runs. */
export const readProfileAside =
  (hasGoodCopies: boolean): ReadAgain =>
  (named, settings) => {
    const answer = { why: `${named}: it is too heavy to be read; take out what is not needed` };
    return readAside(
      { type: 'profile', named, settings, hasGoodCopies },
      { limit: { ms: LIMIT_MS, answer } },
    );
  };

const TOO_HEAVY = { why: 'it is too heavy to be read; take out what is not needed' };

/** A profile in force, and one that is being written, for people who look. */
export const explainAside = (asked: ToExplain): Promise<ReturnType<typeof explainProfile>> =>
  readAside({ type: 'explain', ...asked }, { limit: { ms: LIMIT_MS, answer: TOO_HEAVY } });

export const tryAside = (asked: ToTry): Promise<ReturnType<typeof tryProfile>> =>
  readAside({ type: 'try', ...asked }, { limit: { ms: LIMIT_MS, answer: TOO_HEAVY } });

/** All profiles are read for it, at a low priority: on a small board for half a minute. */
const IDS_LIMIT_MS = 120_000;

export const knownIdsAside = (): Promise<ReturnType<typeof knownIds>> =>
  readAside({ type: 'ids' }, { limit: { ms: IDS_LIMIT_MS, answer: [] } });
