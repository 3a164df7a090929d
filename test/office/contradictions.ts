// Where the page's document and the bytes on the wire say different things of the same time.
import type { AsRead } from '../../src/model/wire-health.ts';
import { limitsTold } from '../../src/page/inverter/told.ts';
import { safeTenths } from '../../src/page/limits/safe-tenths.ts';
import type { Counts } from '../profile/safety-readers.ts';
import type { BesideWire, Look } from './beside-wire.ts';
import type { WireRead } from './wire-read.ts';

/** The page is told what is new once a second, and a wire says it at its next beat. */
const PAGE_MS = 1000;
const LOOK_MS = 250;
/** One frame says the SoC more seldom than the others say the rest. */
const socEveryMs: Readonly<Record<string, number>> = { 'byd-hv': 10_000 };

type Value = number | boolean;

interface Quantity {
  readonly name: string;
  readonly doc: (told: AsRead) => Value | undefined;
  /** Every place of it. */
  readonly wire: (read: WireRead) => readonly Value[];
  /** One count of its coarsest place. */
  readonly count: (counts: Counts) => number;
  /** Which way is safe. */
  readonly safe: 'low' | 'high';
}

const known = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

/** A person reads tenths; the count of a wire may be finer or coarser. */
const shown = (told: AsRead, name: string): number | undefined =>
  limitsTold(told)
    .filter((limit) => limit.name === name)
    .map(({ value }) => safeTenths(name, value))[0];

const asks = ({ force_charge_1, force_charge_2, full_charge_request, balance_request }: AsRead) => {
  const all = [force_charge_1, force_charge_2, full_charge_request, balance_request].filter(
    (flag) => flag !== undefined,
  );
  return all.length > 0 && all.includes(true);
};

const quantities: readonly Quantity[] = [
  {
    name: 'charge_voltage_limit_V',
    doc: (told) => shown(told, 'charge_voltage_limit_V'),
    wire: (read) => read.cvlV,
    count: ({ v }) => Math.max(0.1, v),
    safe: 'low',
  },
  {
    name: 'discharge_voltage_limit_V',
    doc: (told) => shown(told, 'discharge_voltage_limit_V'),
    wire: (read) => read.dvlV,
    count: ({ v }) => Math.max(0.1, v),
    safe: 'high',
  },
  {
    name: 'charge_current_limit_A',
    doc: (told) => shown(told, 'charge_current_limit_A'),
    wire: (read) => read.cclA ?? [],
    count: ({ a }) => Math.max(0.1, a),
    safe: 'low',
  },
  {
    name: 'discharge_current_limit_A',
    doc: (told) => shown(told, 'discharge_current_limit_A'),
    wire: (read) => read.dclA ?? [],
    count: ({ a }) => Math.max(0.1, a),
    safe: 'low',
  },
  {
    name: 'charge_power_limit_W',
    doc: (told) => shown(told, 'charge_power_limit_W'),
    wire: (read) => known(read.cclW),
    count: () => 1,
    safe: 'low',
  },
  {
    name: 'discharge_power_limit_W',
    doc: (told) => shown(told, 'discharge_power_limit_W'),
    wire: (read) => known(read.dclW),
    count: () => 1,
    safe: 'low',
  },
  {
    name: 'soc_told_pct',
    doc: (told) => told.soc_told_pct && safeTenths('soc_told_pct', told.soc_told_pct),
    wire: (read) => read.soc,
    count: () => 1,
    safe: 'low',
  },
  {
    name: 'charge_enable',
    doc: (told) => told.charge_enable,
    wire: (read) => known(read.mayCharge),
    count: () => 0,
    safe: 'low',
  },
  {
    name: 'discharge_enable',
    doc: (told) => told.discharge_enable,
    wire: (read) => known(read.mayDischarge),
    count: () => 0,
    safe: 'low',
  },
  {
    name: 'heartbeat',
    doc: (told) => told.heartbeat,
    wire: (read) => known(read.heartbeat),
    count: () => 0,
    safe: 'low',
  },
  { name: 'asks', doc: asks, wire: (read) => [read.asks], count: () => 0, safe: 'low' },
];

/** Of floats on a wire. */
const DUST = 1e-4;

/** One step of the wire's resolution apart at most, and the page not on the dangerous side of the finest place. */
function isSame(doc: Value, places: readonly Value[], { safe }: Quantity, count: number): boolean {
  if (places.length === 0) return false;
  if (typeof doc === 'boolean') return places.every((place) => place === doc);
  const numbers = places.filter((place) => typeof place === 'number');
  const isNear = numbers.every((place) => Math.abs(place - doc) < count + DUST);
  const isSafe = safe === 'low' ? doc <= Math.max(...numbers) + DUST : doc >= Math.min(...numbers) - DUST;
  return isNear && isSafe;
}

/** The looks of the last `ms` and the next one; that a wire has fallen silent is seen when the next word does not come. */
const lately = (looks: readonly Look[], { atMs, saysTold }: Look, ms: number): Look[] =>
  looks.filter((look) => look.atMs >= atMs - ms && look.atMs <= atMs + (saysTold ? LOOK_MS : ms));

const toldOf = ({ inverter, saysTold }: Look): AsRead | undefined => (saysTold ? inverter.told : undefined);

/** Whether the page at one look says what the inverter had read at another. What is not shown, or not read yet, contradicts nothing. */
function agree(q: Quantity, counts: Counts, ofDoc: Look, { wires }: Look): boolean {
  const told = toldOf(ofDoc);
  if (!told || wires.length === 0) return true;
  const doc = q.doc(told);
  return wires
    .map(q.wire)
    .some((places) => (doc === undefined ? places.length === 0 : isSame(doc, places, q, q.count(counts))));
}

/** The word for the rung, against each sign of old data that the family has. */
function agreeOnAge({ inverter, saysTold, isAlarmed }: Look, { wire, isSpoken }: Look): boolean {
  if (!saysTold || !isSpoken || !wire?.old) return true;
  const isOld = inverter.telling === 'stale' || inverter.telling === 'holds zero';
  return wire.old.every((sign) => sign === isOld || isAlarmed);
}

/** The looks beside one: of a beat, of a quantity that is told more seldom, or since the inverter may have stopped asking. */
function besideOf(id: string, { looks, everyMs, silentAfterMs }: BesideWire, look: Look) {
  const beatMs = Math.max(PAGE_MS, everyMs) + LOOK_MS;
  const beat = lately(looks, look, beatMs);
  return {
    beat,
    soc: socEveryMs[id] ? lately(looks, look, socEveryMs[id] + beatMs) : beat,
    words: silentAfterMs && look.saysTold ? lately(looks, look, silentAfterMs + beatMs) : beat,
  };
}

/** What the page said at a look and the wire did not say at any of the looks beside it. */
function unlike(look: Look, beside: ReturnType<typeof besideOf>, counts: Counts): string[] {
  const { beat, soc, words } = beside;
  const wrong = quantities.filter(
    (q) => !(q.name === 'soc_told_pct' ? soc : beat).some((other) => agree(q, counts, look, other)),
  );
  return [
    ...wrong.map(({ name }) => name),
    ...(beat.some((other) => agreeOnAge(look, other)) ? [] : ['stale sign']),
    ...(words.some((other) => look.saysTold === other.isSpoken) ? [] : ['whether it is told']),
  ];
}

/** Sentences about looks at which the page said what the wire said at no time within a beat of it; one of each kind. */
export function contradictions(id: string, beside: BesideWire): string[] {
  const found = new Map<string, string>();
  const { looks, everyMs } = beside;
  // What comes after the last looks is not known.
  const judgedMs = (looks.at(-1)?.atMs ?? 0) - Math.max(PAGE_MS, everyMs) - LOOK_MS;
  for (const look of looks.filter(({ atMs }) => atMs <= judgedMs))
    for (const name of unlike(look, besideOf(id, beside, look), beside.counts)) {
      const page = JSON.stringify([look.inverter.telling, toldOf(look)]);
      const text = `${name} at ${look.atMs / 1000} s: page ${page}, wire ${JSON.stringify(look.wire)}`;
      found.set(name, found.get(name) ?? text);
    }
  return [...found.values()];
}
