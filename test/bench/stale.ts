// How soon both wires say that the data is old: 200 banks whose battery falls silent at a random phase of evaluation and beat, on
// real time. The edge is where the last true sample becomes too old.
import { setTimeout as rest } from 'node:timers/promises';
import { monotonicMs } from '../../src/model/freshness.ts';
import { readingAt } from './packs.ts';
import { judgedRow, type Part, type Spread } from './row.ts';
import { openWires, type Planned, planned } from './wires.ts';

const PART = 'stale';
const BANKS = 200;
const PERIOD_MS = 1000;
/** A frame's own place in a beat of six, and timers of whole milliseconds. */
const GRAIN_MS = 100;
const STATUS = 0x0104;
const CCL = 0x010a;
const STALE_BIT = 0x0200;
const LIMITS_FRAME = 0x351;
const SIGN_FRAME = 0x359;
const SIGN = 0x08;

/** Milliseconds after the last true sample. */
interface Reaction {
  readonly saidMs: number;
  answerSaysStale?: number;
  frameSaysStale?: number;
  answerSaysZero?: number;
  frameSaysZero?: number;
}

const isZero = (data: Uint8Array): boolean => data.subarray(2, 6).every((byte) => byte === 0);

/** One bank that begins and falls silent at moments of its own. */
async function fallSilent(
  plan: Planned,
  startMs: number,
  silentMs: number,
): Promise<{ seen: Reaction; stop: () => void }> {
  await rest(startMs);
  let seen: Reaction = { saidMs: Number.POSITIVE_INFINITY };
  const now = () => monotonicMs() - seen.saidMs;
  const wires = openWires(plan, {
    onState(_, poll) {
      if (now() < plan.config.bank.ages.lateMs) return;
      const status = poll(STATUS, 1)?.getUint16(0) ?? 0;
      const limits = poll(CCL, 2)?.getUint32(0);
      if (status & STALE_BIT) seen.answerSaysStale ??= now();
      if (limits === 0) seen.answerSaysZero ??= now();
    },
    onFrame({ id, data }) {
      if (id === SIGN_FRAME && (data[3] ?? 0) & SIGN) seen.frameSaysStale ??= now();
      if (id === LIMITS_FRAME && isZero(data)) seen.frameSaysZero ??= now();
    },
  });
  await rest(silentMs);
  const atMs = monotonicMs();
  wires.evaluation.hear('p0', { atMs, reading: readingAt(0, 0) });
  seen = { saidMs: atMs };
  return { seen, stop: wires.stop };
}

const found = (of: readonly Reaction[], which: Exclude<keyof Reaction, 'saidMs'>): number[] =>
  of.map((one) => one[which] ?? Number.POSITIVE_INFINITY);

/** Shortened ages in a quick run; the promise is the same with them. */
const agesOf = (isQuick: boolean) =>
  isQuick ? { lateMs: 3000, rampMs: 2000 } : { lateMs: 15_000, rampMs: 10_000 };

export const stale: Part = async function* ({ isQuick, say }) {
  const { lateMs, rampMs } = agesOf(isQuick);
  const totalMs = lateMs + rampMs;
  say(`stale reaction of ${BANKS} banks at random phases, ${(totalMs + 4 * PERIOD_MS) / 1000} s`);
  const plan = planned({ packs: 1, freshness: `{ late: ${lateMs}ms, ramp: ${rampMs}ms }` });
  const banks = await Promise.all(
    Array.from({ length: BANKS }, () =>
      fallSilent(plan, Math.random() * PERIOD_MS, Math.random() * PERIOD_MS),
    ),
  );
  await rest(totalMs + 3 * PERIOD_MS);
  for (const { stop } of banks) stop();
  const reactions = banks.map(({ seen }) => seen);
  const sinceEdge = (which: 'answerSaysStale' | 'frameSaysStale') =>
    found(reactions, which).map((ms) => ms - lateMs);
  const head = (what: string) => ({ part: PART, what, unit: 'ms' });
  const atOnce = ['max ≤ one period + 100', ({ max }: Spread) => max <= PERIOD_MS + GRAIN_MS] as const;
  yield judgedRow(head('edge of *stale* → register with the sign'), sinceEdge('answerSaysStale'), ...atOnce);
  yield judgedRow(head('edge of *stale* → frame with the sign'), sinceEdge('frameSaysStale'), ...atOnce);
  const mostMs = totalMs + PERIOD_MS;
  const promise = [`max ≤ ${mostMs}`, ({ max }: Spread) => max <= mostMs] as const;
  yield judgedRow(
    head('last true sample → registers with zero limits'),
    found(reactions, 'answerSaysZero'),
    ...promise,
  );
  yield judgedRow(
    head('last true sample → frame with zero limits'),
    found(reactions, 'frameSaysZero'),
    ...promise,
  );
};
