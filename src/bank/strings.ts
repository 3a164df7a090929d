import { type Freshness, type Stamped, worseRung } from '../model/freshness.ts';
import type { BankConfig, PackConfig } from './config.ts';
import { type CellRange, type CompleteReading, cellRange, fullCapacityAh } from './pack.ts';
import type { PackMemory } from './pack-memory.ts';

type PackMemories = { readonly [id: string]: PackMemory };

/** One pack with its last complete reading. */
export interface Pack {
  readonly config: PackConfig;
  /** Number from 1 through the bank. */
  readonly no: number;
  readonly rung: Freshness;
  readonly reading?: CompleteReading;
  readonly cells?: CellRange;
  readonly sampleAtMs?: number;
  /** Cell temperatures, smoothed; a sensor that is not there is left out. */
  readonly smoothC: readonly number[];
}

/** A pack whose reading is there. */
export interface ReadPack extends Pack {
  readonly reading: CompleteReading;
  readonly cells: CellRange;
  readonly sampleAtMs: number;
}

/** Packs in series. `complete` is there only when every pack of the string has been read. */
export interface PackString {
  readonly packs: readonly Pack[];
  readonly rung: Freshness;
  /** The smallest pack sets it, Ah; absent while no capacity is known. */
  readonly capacityAh?: number;
  /** Its part of the whole bank's charge, 0 to 1, whoever conducts or is silent: a guessed limit rests on it. */
  readonly share: number;
  readonly complete?: StringValues;
}

/** What a string is worth (bank reference, section 2.1). V, A, Ah, %; current + is charging. */
export interface StringValues {
  readonly packs: readonly ReadPack[];
  readonly share: number;
  readonly voltageV: number;
  readonly currentA: number;
  /** The smallest pack sets it; absent while no capacity is known. */
  readonly capacityAh?: number;
  /** Charge until its first pack is empty. */
  readonly remainingAh?: number;
  /** Charge until its first pack is full. */
  readonly headroomAh?: number;
  readonly socPct: number;
  readonly sohPct?: number;
  /** False only when a pack reports its FET open. */
  readonly conductsCharge: boolean;
  readonly conductsDischarge: boolean;
  /** Age of a string is that of its oldest pack. */
  readonly sampleAtMs: number;
}

/** An empty pack beside a full one leaves next to nothing to use, and a ratio of nothing says nothing: that is empty. */
const SPOILT_SHARE = 0.01;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The middle value of three or more, else the mean: one current runs through all packs of a string. */
export function commonCurrentA(currentsA: readonly number[]): number {
  if (currentsA.length < 3) return sum(currentsA) / currentsA.length;
  const sorted = currentsA.toSorted((a, b) => a - b);
  const mid = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[mid] ?? 0) : ((sorted[mid - 1] ?? 0) + (sorted[mid] ?? 0)) / 2;
}

/** All of them, or undefined when one is unknown. */
const all = (values: readonly (number | undefined)[]): readonly number[] | undefined =>
  values.every((v) => v !== undefined) ? values : undefined;

/** SoC and charge of a string: until the first pack is empty (R), until the first is full (H). */
function charge(packs: readonly ReadPack[], rule: BankConfig['seriesSoc']) {
  const lowest = Math.min(...packs.map((p) => p.reading.socPct));
  const full = all(packs.map((p) => fullCapacityAh(p.config, p.reading)));
  if (!full) return { socPct: lowest };
  const left = packs.map((p, i) => ((full[i] ?? 0) * p.reading.socPct) / 100);
  const remainingAh = Math.min(...left);
  const headroomAh = Math.max(0, Math.min(...left.map((r, i) => (full[i] ?? 0) - r)));
  const capacityAh = Math.min(...full);
  const usableAh = remainingAh + headroomAh;
  const isSpoilt = usableAh < SPOILT_SHARE * capacityAh;
  const socPct = rule === 'min' || isSpoilt ? lowest : (100 * remainingAh) / usableAh;
  return { socPct, remainingAh, headroomAh, capacityAh };
}

function valuesOf(packs: readonly ReadPack[], share: number, rule: BankConfig['seriesSoc']): StringValues {
  const soh = all(packs.map((p) => p.reading.sohPct));
  return {
    packs,
    share,
    voltageV: sum(packs.map((p) => p.reading.voltageV)),
    currentA: commonCurrentA(packs.map((p) => p.reading.currentA)),
    ...charge(packs, rule),
    ...(soh && { sohPct: Math.min(...soh) }),
    conductsCharge: packs.every((p) => p.reading.chargeFet !== false),
    conductsDischarge: packs.every((p) => p.reading.dischargeFet !== false),
    sampleAtMs: Math.min(...packs.map((p) => p.sampleAtMs)),
  };
}

/** A string that is fresh or late counts; one that is stale, lost or never heard leaves every sum. */
export const isCounted = ({ rung }: PackString): boolean => rung === 'fresh' || rung === 'late';

/** What rests on a late pack may fall, never rise, however fresh the others are. */
export const isLate = ({ packs }: StringValues): boolean => packs.some((p) => p.rung === 'late');

const isRead = (pack: Pack): pack is ReadPack => pack.reading !== undefined && pack.sampleAtMs !== undefined;

const told = ({ value: reading, atMs: sampleAtMs }: Stamped<CompleteReading>) => ({
  reading,
  cells: cellRange(reading.cellVoltagesV),
  sampleAtMs,
});

function packOf(config: PackConfig, no: number, memories: PackMemories): Pack {
  const { rung = 'never', held, smoothC = [] } = memories[config.id] ?? {};
  const known = smoothC.filter((c) => c !== undefined);
  return { config, no, rung, smoothC: known, ...(held && told(held)) };
}

/** Part of each in the whole, by charge; one whose charge is unknown counts as an average one. */
export function sharesOf(capacitiesAh: readonly (number | undefined)[]): readonly number[] {
  const known = capacitiesAh.flatMap((q) => q || []);
  const meanAh = known.length ? sum(known) / known.length : 1;
  const weights = capacitiesAh.map((q) => q || meanAh);
  const total = sum(weights);
  return weights.map((q) => q / total);
}

function capacityOf(packs: readonly Pack[]): number | undefined {
  const known = all(packs.map((p) => fullCapacityAh(p.config, p.reading)));
  return known && Math.min(...known);
}

/** A string is as stale as its worst pack. */
const rungOf = (packs: readonly Pack[]): Freshness =>
  packs.some((p) => p.rung === 'never') ? 'never' : packs.map((p) => p.rung).reduce(worseRung, 'fresh');

/** The strings of the bank, from what is remembered of each pack. */
export function stringsOf(config: BankConfig, memories: PackMemories): PackString[] {
  let no = 0;
  const strings = config.strings.map((string) => string.map((pack) => packOf(pack, ++no, memories)));
  const capacities = strings.map(capacityOf);
  const shares = sharesOf(capacities);
  return strings.map((packs, i) => {
    const capacityAh = capacities[i];
    const share = shares[i] ?? 1;
    return {
      packs,
      rung: rungOf(packs),
      share,
      ...(capacityAh !== undefined && { capacityAh }),
      ...(packs.every(isRead) && { complete: valuesOf(packs, share, config.seriesSoc) }),
    };
  });
}
