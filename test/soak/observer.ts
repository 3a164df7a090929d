// Holds each sample against the book of the unit that it claims to be from. It knows the numbers that units tell and the moments
// when they told them, and nothing of how they are read.
import type { EarReport } from '../../src/ble/orders.ts';
import type { Stillness } from './stillness.ts';
import { basicNumber, cellsNumber, nameOf } from './told.ts';
import type { Given, SoakUnit } from './unit.ts';

export type Sample = Extract<EarReport, { type: 'sample' }>;

/** A round asks for two answers, each at most three times within 5 s. */
export const ROUND_MS = 10_000;
const MOST_REPEATS = 2;

interface Seen {
  readonly basic: number;
  readonly cells: number;
  readonly atMs: number;
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;

interface Parts {
  readonly basic: Given;
  readonly cells: Given;
  readonly numbers: { readonly basic: number; readonly cells: number };
}

/** The answers that a sample is made of, or why there are none such. */
function partsOf({ n, given }: SoakUnit, { reading }: Sample): Parts | string {
  const [basic, cells] = [basicNumber(n, reading), cellsNumber(n, reading)];
  if (basic === undefined) return `its pack values are of no one answer of this unit`;
  if (cells === undefined) return `its cells are of no one answer of this unit`;
  const [ofBasic, ofCells] = [given.get(basic), given.get(cells)];
  if (ofBasic?.part !== 'basic') return `answer ${basic} was never given for its pack values`;
  if (ofCells?.part !== 'cells') return `answer ${cells} was never given for its cells`;
  return { basic: ofBasic, cells: ofCells, numbers: { basic, cells } };
}

/** Of one round: first the pack, then the cells, between them only repeats. */
function isOneRound({ given }: SoakUnit, { numbers: { basic, cells } }: Parts): boolean {
  const between = Array.from({ length: Math.max(0, cells - basic - 1) }, (_, i) => basic + 1 + i);
  const repeats = (part: Given['part']) =>
    between.filter((number) => given.get(number)?.part === part).length;
  return cells > basic && repeats('basic') <= MOST_REPEATS && repeats('cells') <= MOST_REPEATS;
}

function* faultsOf(
  unit: SoakUnit,
  sample: Sample,
  parts: Parts,
  last: Seen | undefined,
  stillness: Stillness,
) {
  const { atMs, reading } = sample;
  const { basic, cells, numbers } = parts;
  const which = `pack values of answer ${numbers.basic}, cells of answer ${numbers.cells}`;
  if (basic.isBent || cells.isBent) yield `a bent notification was believed (${which})`;
  if (!isOneRound(unit, parts)) yield `it is put together from two rounds (${which})`;
  if (last && (numbers.basic <= last.basic || numbers.cells <= last.cells))
    yield `an answer came a second time (${which})`;
  if (reading.name !== undefined && reading.name !== nameOf(unit.n)) yield `it is called "${reading.name}"`;
  if (last && atMs <= last.atMs) yield `its stamp is not newer than the last (${ms(last.atMs - atMs)} older)`;
  if (atMs > basic.atMs) yield `its stamp is ${ms(atMs - basic.atMs)} newer than its pack values (${which})`;
  const longest = ROUND_MS + stillness.between(atMs, cells.atMs);
  if (cells.atMs - atMs > longest)
    yield `its stamp is ${ms(cells.atMs - atMs)} older than its cells (${which})`;
}

/** Judges the samples of one unit in the order in which they come: what is wrong with each, in sentences. */
export function sampleJudge(
  unit: SoakUnit,
  stillness: Stillness,
): (sample: Sample, arrivedMs: number) => string[] {
  let last: Seen | undefined;
  return (sample, arrivedMs) => {
    const future =
      sample.atMs > arrivedMs ? [`its stamp is in the future by ${ms(sample.atMs - arrivedMs)}`] : [];
    const parts = partsOf(unit, sample);
    if (typeof parts === 'string') return [...future, parts];
    const wrong = [...future, ...faultsOf(unit, sample, parts, last, stillness)];
    last = { ...parts.numbers, atMs: sample.atMs };
    return wrong;
  };
}
