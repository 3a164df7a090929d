// From which answers of which units an image was made: the one set that gives all its numbers, or the sentence that there is none.
import type { Given, SoakUnit } from '../unit.ts';
import type { CellSeen, Image } from './image.ts';
import { bankOf, digitOf, digitsIn, highestOf, lowestOf, type Part } from './told.ts';

/** A pack's values and its cells are of one round: between them only repeats, each asked at most three times. */
const LONGEST_ROUND = 6;
/** Of a wire that was not looked at for long many answers may fit; more than these are not tried. */
const MOST_COMBINATIONS = 50_000;

type Book = SoakUnit['given'];

const isWell = (given: Given | undefined, part: Given['part'], nowMs: number): boolean =>
  given?.part === part && !given.isBent && given.atMs <= nowMs;

/** Answers of this unit that show this digit, from the last that was seen on. */
function candidates(book: Book, digit: number, from: number, nowMs: number): number[] {
  const found: number[] = [];
  for (let n = Math.max(1, from); n <= book.size; n++)
    if (digitOf(n) === digit && isWell(book.get(n), 'basic', nowMs)) found.push(n);
  return found;
}

function* combinations(choices: readonly (readonly Part[])[]): Generator<readonly Part[]> {
  const [first, ...rest] = choices;
  if (!first) return yield [];
  for (const part of first) for (const others of combinations(rest)) yield [part, ...others];
}

/** Nearest on the wire: half a count off, and dust. SoC in whole percent is cut off, never rounded up. */
function fits(image: Image, parts: readonly Part[]): boolean {
  const bank = bankOf(parts);
  const counts = bank.socPct / image.socStepPct;
  const socPct = (image.socStepPct < 1 ? Math.round(counts) : Math.floor(counts + 1e-6)) * image.socStepPct;
  return (
    Math.abs(bank.voltageV - image.voltageV) < image.voltageStepV * 0.51 &&
    Math.abs(socPct - image.socPct) < 1e-6 &&
    Math.abs(bank.temperatureC - image.temperatureC) < 0.051
  );
}

/** The answers with the cells of the round that began with this answer. */
const cellAnswers = (book: Book, answer: number, nowMs: number): number[] =>
  Array.from({ length: LONGEST_ROUND }, (_, i) => answer + 1 + i).filter((n) =>
    isWell(book.get(n), 'cells', nowMs),
  );

/** One row of cells can be the bank's end only if all others can be on the right side of it. */
function isEnd(seen: CellSeen, ends: ReadonlyMap<number, readonly number[]>, isLowest: boolean): boolean {
  const own = ends.get(seen.pack) ?? [];
  const isBeyond = (milliV: number) => (isLowest ? milliV >= seen.milliV : milliV <= seen.milliV);
  return (
    own.includes(seen.milliV) &&
    seen.cell === (isLowest ? 2 : 3) &&
    [...ends.values()].every((all) => all.some(isBeyond))
  );
}

function cellsFit(image: Image, parts: readonly Part[], units: readonly SoakUnit[]): boolean {
  const { more } = image;
  if (!more) return true;
  const endsOf = (of: typeof lowestOf) =>
    new Map(
      parts.map(({ unit, answer }) => {
        const book = units[unit - 1]?.given ?? new Map();
        return [unit, cellAnswers(book, answer, image.atMs).map((n) => of(unit, n))] as const;
      }),
    );
  return isEnd(more.lowest, endsOf(lowestOf), true) && isEnd(more.highest, endsOf(highestOf), false);
}

export interface Explained {
  /** The packs that count, each with the oldest answer that fits. */
  readonly oldest: readonly Part[];
  /** With the newest that fits: of two explanations the better one is believed. */
  readonly newest: readonly Part[];
}

/** `last`: by unit, the answer last seen on this wire; nothing older is an explanation. */
export function explain(
  image: Image,
  units: readonly SoakUnit[],
  last: ReadonlyMap<number, number>,
): Explained | string {
  const digits = digitsIn(image.currentA, units.length);
  const told = `${image.currentA} A, ${image.voltageV} V, ${image.socPct} %, ${image.temperatureC} °C`;
  if (!digits?.some((digit) => digit > 0)) return `no packs tell such a current: ${told}`;
  const choices = units.flatMap(({ n, given }, i) => {
    const digit = digits[i] ?? 0;
    if (digit === 0) return [];
    return [candidates(given, digit, last.get(n) ?? 1, image.atMs).map((answer) => ({ unit: n, answer }))];
  });
  if (choices.some((some) => some.length === 0))
    return `of an answer that was not given or is older than what was seen before: ${told}`;
  const size = choices.reduce((product, some) => product * some.length, 1);
  const tried = size > MOST_COMBINATIONS ? choices.map((some) => some.slice(-8)) : choices;
  const fitting: (readonly Part[])[] = [];
  for (const parts of combinations(tried)) if (fits(image, parts)) fitting.push(parts);
  if (fitting.length === 0) return `torn or wrong: no answers of these packs give all of ${told}`;
  const whole = fitting.filter((parts) => cellsFit(image, parts, units));
  return whole.length > 0
    ? outermost(whole)
    : `its lowest or highest cell is not of the same rounds: ${told}`;
}

function outermost(fitting: readonly (readonly Part[])[]): Explained {
  const pick = (better: (a: number, b: number) => number) =>
    (fitting[0] ?? []).map(({ unit }, i) => ({
      unit,
      answer: fitting.map((parts) => parts[i]?.answer ?? 0).reduce((a, b) => better(a, b)),
    }));
  return { oldest: pick(Math.min), newest: pick(Math.max) };
}
