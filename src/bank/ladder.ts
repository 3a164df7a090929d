import type { BatteryReading, PackSample } from '../model/battery.ts';
import type { Freshness } from '../model/freshness.ts';
import { isStale, worseRung } from '../model/freshness.ts';
import { type Ages, type PackConfig, RETURN_MS, RETURN_SETS } from './config.ts';
import { type CompleteReading, judge } from './pack.ts';
import type { PackMemory } from './pack-memory.ts';

/** The rung that an age alone stands for (design section 8). */
export function rungOfAge(ageMs: number, ages: Ages): Freshness {
  if (ageMs <= ages.freshMs) return 'fresh';
  if (ageMs <= ages.lateMs) return 'late';
  return ageMs <= ages.lostMs ? 'stale' : 'lost';
}

/** Counts the complete sets of a pack that is on its way back; a new set after a gap starts the count again. */
function countReturn(was: PackMemory, atMs: number, ages: Ages): PackMemory['back'] {
  const gap = was.held === undefined || atMs - was.held.atMs > ages.lateMs;
  return !was.back || gap ? { sinceMs: atMs, sets: 1 } : { ...was.back, sets: was.back.sets + 1 };
}

// Bank reference, section 3.1: 5 % of the gap a second, at once beyond 5 °C.
const SMOOTH_PER_S = 0.05;
const JUMP_C = 5;

/** Each sensor on its way to what it says now; a sensor that is new or has jumped is there at once. */
function smoothed(was: PackMemory, temperaturesC: CompleteReading['temperaturesC'], atMs: number) {
  const gain = 1 - (1 - SMOOTH_PER_S) ** ((atMs - (was.held?.atMs ?? atMs)) / 1000);
  return (temperaturesC ?? []).map((now, i) => {
    const before = was.smoothC?.[i];
    const follows = now !== undefined && before !== undefined && Math.abs(now - before) <= JUMP_C;
    return follows ? before + gain * (now - before) : now;
  });
}

/** A pack that was counted once goes on showing what it was counted with. */
const uncounted = (was: PackMemory, fault: string, value: BatteryReading, atMs: number): PackMemory => ({
  ...was,
  fault,
  ...(!was.held && { partial: { value, atMs } }),
});

/** Takes a new complete sample; from stale or lost it only counts towards the return. */
function accept(was: PackMemory, sample: PackSample, config: PackConfig, ages: Ages): PackMemory {
  const verdict = judge(sample.reading, config, was.held?.value);
  if ('incomplete' in verdict) return uncounted(was, verdict.incomplete, verdict.partial, sample.atMs);
  if ('wrong' in verdict) return { rung: 'lost', fault: verdict.wrong, wrong: true };
  const held = { value: verdict.complete, atMs: sample.atMs };
  const back = isStale(was.rung) ? countReturn(was, sample.atMs, ages) : undefined;
  const { fault, resumed, wrong, partial, dropped: _dropped, back: _, ...kept } = was;
  const { dropped } = verdict;
  const smoothC = smoothed(was, held.value.temperaturesC, sample.atMs);
  return { ...kept, held, smoothC, ...(dropped.length && { dropped }), ...(back && { back }) };
}

const returned = (pack: PackMemory, nowMs: number): boolean =>
  pack.back !== undefined && pack.back.sets >= RETURN_SETS && nowMs - pack.back.sinceMs >= RETURN_MS;

/** The rung by age and by where the pack comes from: the way up from stale is three sets and ten seconds long. */
function climb(pack: PackMemory, nowMs: number, ages: Ages): PackMemory {
  if (!pack.held) return pack;
  const byAge = rungOfAge(nowMs - pack.held.atMs, ages);
  if (isStale(byAge)) {
    const { back, ...kept } = pack;
    return { ...kept, rung: isStale(pack.rung) ? worseRung(pack.rung, byAge) : byAge };
  }
  if (!isStale(pack.rung)) return { ...pack, rung: pack.resumed ? 'late' : byAge };
  if (byAge !== 'fresh' || !returned(pack, nowMs)) return pack;
  const { back, ...kept } = pack;
  return { ...kept, rung: 'fresh' };
}

/** One step of one pack's ladder: time passes up to the newest sample, it is taken if it is new, and time passes on. */
export function stepPack(
  was: PackMemory,
  sample: PackSample | undefined,
  config: PackConfig,
  ages: Ages,
  nowMs: number,
): PackMemory {
  const isNew = sample && sample.atMs <= nowMs && sample.atMs > (was.held?.atMs ?? Number.NEGATIVE_INFINITY);
  const now = isNew ? accept(climb(was, sample.atMs, ages), sample, config, ages) : was;
  return climb(now, nowMs, ages);
}
