// Holds each image of one wire against the books of the units and against the ladder (design, section 8): true, of one moment,
// and honest about its age. It knows the documented ages and nothing of how they are kept.
import type { Stillness } from '../stillness.ts';
import type { SoakUnit } from '../unit.ts';
import { type Explained, explain } from './explain.ts';
import type { Image } from './image.ts';

const LATE_MS = 6000;
const STALE_MS = 15_000;
const RAMP_MS = 10_000;
/** An evaluation is made each second: what time brings is told that much later at most, and dust. */
const PERIOD_MS = 1100;
const RETURN_MS = 10_000;
/** In whole seconds, counted at the evaluations: what was told before may be two of them behind. */
const RISE_A_PER_S = 5;
/** A round of questions may last this long with repeats, so much older may its stamp be than an answer of it. */
const ROUND_MS = 10_000;
const UNSEEN_MS = 2500;
/** Images of which it is known from which answers they were made, for another wire to look at. */
const REMEMBERED = 40;
/** A reader takes a heartbeat that stands still for so long for a lost battery (generic map). */
const HEARTBEAT_MS = 5000;

export interface Limits {
  readonly cclA: number;
  readonly dclA: number;
  readonly cvlV: number;
}

export interface LadderOptions {
  readonly wire: string;
  readonly units: readonly SoakUnit[];
  /** What the configuration allows while all is well; never more. */
  readonly most: Limits;
  readonly stillness: Pick<Stillness, 'between'>;
  readonly fail: (sentence: string) => void;
  /** What another wire of the same bank has shown before, by unit: older answers are no explanation here. */
  readonly floor?: (atMs: number) => ReadonlyMap<number, number>;
  /** Bank data became stale on this wire. */
  readonly onStale?: (atMs: number) => void;
}

export interface Ladder {
  readonly see: (image: Image) => void;
  /** The wires process began anew: its heartbeat may jump. */
  readonly restarted: () => void;
  readonly newest: () => Image | undefined;
  /** All packs counted, and no sign of old data. */
  readonly isWell: () => boolean;
  readonly seen: () => number;
  /** By unit, the oldest answer that explains what was seen until a moment. */
  readonly lastAt: (atMs: number) => ReadonlyMap<number, number>;
  /** Of images without any sign of age: by the book, how old their oldest pack was. */
  readonly agesMs: readonly number[];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function ladder({ wire, units, most, stillness, floor, fail: tell, onStale }: LadderOptions): Ladder {
  const last = new Map<number, number>();
  const history: { readonly atMs: number; readonly last: ReadonlyMap<number, number> }[] = [];
  const from = (atMs: number) => {
    const other = floor?.(atMs);
    return new Map(units.map(({ n }) => [n, Math.max(last.get(n) ?? 1, other?.get(n) ?? 1)] as const));
  };
  const agesMs: number[] = [];
  let before: Image | undefined;
  let count = 0;
  let staleSinceMs: number | undefined;
  let freshUntilMs = 0;
  let beatAtMs = 0;
  let isWell = false;
  const fail = (sentence: string) => tell(`${wire}: ${sentence}`);

  /** The wire was not looked at for long: the bank may have come back and gone again. */
  const isUnseen = (image: Image): boolean => before !== undefined && image.atMs - before.atMs > UNSEEN_MS;

  /** By the book, lower bound: when the unit began that answer; undefined where a pack does not count. */
  const ageMs = ({ newest }: Explained, { atMs }: Image): number | undefined =>
    newest.length < units.length
      ? undefined
      : Math.max(...newest.map(({ unit, answer }) => atMs - (units[unit - 1]?.given.get(answer)?.atMs ?? 0)));

  function judgeAge(image: Image, age: number | undefined): void {
    const stillMs = stillness.between(image.atMs - 2 * PERIOD_MS, image.atMs);
    const isOlder = (limitMs: number) => age === undefined || age > limitMs + PERIOD_MS + stillMs;
    const old = age === undefined ? 'a pack does not count' : `its oldest pack is ${seconds(age)} old`;
    if (isOlder(STALE_MS) && !image.isStale) fail(`no sign of old data although ${old}`);
    if (image.more && isOlder(LATE_MS) && !image.more.isLate) fail(`not late although ${old}`);
    const isPast = age !== undefined && age > STALE_MS + RAMP_MS + PERIOD_MS + stillMs;
    if (isPast && (image.cclA > 0 || image.dclA > 0))
      fail(`allows ${image.cclA} A, ${image.dclA} A although ${old}`);
    if (age !== undefined && !image.isStale && !image.more?.isLate) agesMs.push(age);
  }

  function judgeTold(image: Image, age: number | undefined): void {
    const { more } = image;
    if (!more || age === undefined) return;
    const told = more.ageS * 1000;
    const stillMs = stillness.between(image.atMs - ROUND_MS, image.atMs);
    if (told + 1000 + stillMs < age || told > age + ROUND_MS + 1000 + stillMs)
      fail(`says ${more.ageS} s of age, by the book it is ${seconds(age)}`);
    if (more.isValid === image.isStale) fail(`"valid" and "stale" are both ${image.isStale}`);
    if (image.isStale && !more.isLate) fail('stale but not late');
    if (more.packsOnline > 0 && more.packsOnline < units.length && !image.isStale)
      fail(`${more.packsOnline} packs on line and no sign of old data, though each is needed`);
  }

  function judgeLimits(image: Image): void {
    const { cclA, dclA, cvlV, more } = image;
    if (cclA > most.cclA || dclA > most.dclA || cvlV > most.cvlV || cvlV <= 0 || cclA < 0 || dclA < 0)
      fail(`limits that nobody configured: ${cvlV} V, ${cclA} A, ${dclA} A`);
    if (more && (more.enables[0] !== cclA > 0 || more.enables[1] !== dclA > 0))
      fail(`enables ${more.enables} beside ${cclA} A, ${dclA} A`);
    if (!before) return;
    const riseA = Math.max(cclA - before.cclA, dclA - before.dclA);
    const mayA = (RISE_A_PER_S * (image.atMs - before.atMs + 2 * PERIOD_MS)) / 1000;
    if (image.isStale && before.isStale && riseA > 0 && !isUnseen(image))
      fail(`a limit rises by ${riseA.toFixed(1)} A while stale`);
    if (riseA > mayA + 0.11)
      fail(`a limit rises by ${riseA.toFixed(1)} A in ${seconds(image.atMs - before.atMs)}`);
  }

  /** Since the sign: the ramp ends after ten seconds, and the way back is as long. */
  function judgeStale(image: Image): void {
    const { atMs, isStale } = image;
    if (isUnseen(image) && staleSinceMs !== undefined) staleSinceMs = atMs;
    if (isStale && staleSinceMs === undefined) {
      staleSinceMs = atMs;
      freshUntilMs = before?.atMs ?? Number.NEGATIVE_INFINITY;
      if (before) onStale?.(atMs);
    }
    if (staleSinceMs === undefined) return;
    const forMs = atMs - staleSinceMs;
    const stillMs = stillness.between(staleSinceMs, atMs);
    if (isStale && forMs > RAMP_MS + PERIOD_MS + stillMs && (image.cclA > 0 || image.dclA > 0))
      fail(`allows ${image.cclA} A, ${image.dclA} A after ${seconds(forMs)} of old data`);
    if (isStale) return;
    // It may have begun right after the last look at which it had not.
    const atMostMs = atMs - freshUntilMs;
    if (atMostMs < RETURN_MS) fail(`back after ${seconds(atMostMs)} of old data`);
    staleSinceMs = undefined;
  }

  function judgeHeartbeat(image: Image): void {
    const [now, was] = [image.more?.heartbeat, before?.more?.heartbeat];
    if (now === undefined) return;
    if (was === undefined || now !== was || image.isStale) {
      // Other values: between the two looks it was not stale.
      const isSame = image.currentA === before?.currentA;
      if (was !== undefined && now !== was && image.isStale && before?.isStale && isSame)
        fail(`the heartbeat goes from ${was} to ${now} while stale`);
      beatAtMs = image.atMs;
      return;
    }
    const stoodMs = image.atMs - beatAtMs - stillness.between(beatAtMs, image.atMs);
    if (stoodMs > HEARTBEAT_MS) {
      fail(`the heartbeat stands at ${now} for ${seconds(stoodMs)} and the bank is not stale`);
      beatAtMs = image.atMs;
    }
  }

  return {
    see(image) {
      count++;
      const explained = explain(image, units, from(image.atMs));
      if (typeof explained === 'string') fail(explained);
      else {
        for (const { unit, answer } of explained.oldest) last.set(unit, answer);
        history.push({ atMs: image.atMs, last: new Map(last) });
        if (history.length > REMEMBERED) history.shift();
        const age = ageMs(explained, image);
        judgeAge(image, age);
        judgeTold(image, age);
        isWell = age !== undefined && !image.isStale && !image.more?.isLate;
      }
      judgeLimits(image);
      judgeStale(image);
      judgeHeartbeat(image);
      before = image;
    },
    restarted() {
      if (before?.more) before = { ...before, more: { ...before.more, heartbeat: undefined } };
    },
    newest: () => before,
    isWell: () => isWell,
    seen: () => count,
    lastAt: (atMs) => history.findLast((one) => one.atMs <= atMs)?.last ?? new Map(),
    agesMs,
  };
}
