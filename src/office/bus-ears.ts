// All that is on the CAN buses and belongs to nobody there, for those who look at the inspector: listened to while somebody
// watches, and only then. All who watch share one socket for each bus.
import type { TapePiece } from '../blackbox/tape.ts';
import { toHex } from '../bytes/hex.ts';
import type { IdHeard } from '../can/bus-log.ts';
import type { KnownId } from '../config/known-ids.ts';
import type { BusHeard, StrangeId } from '../model/api/wire-talk.ts';
import type { CanFrame } from '../model/can-frame.ts';
import type { Gateway, Refusal } from '../web/ground.ts';
import { type Belonging, type BusEar, type BusEarGround, busEar, idKey } from './bus-ear.ts';

export interface BusOrders {
  /** The interface. */
  readonly wire: string;
  readonly inverters: readonly string[];
}

export interface BusEarsGround extends BusEarGround {
  readonly isThere: (wire: string) => boolean;
  readonly explain: Gateway['explain'];
  /** Ids that the profiles of this installation know. */
  readonly knownIds: () => Promise<readonly KnownId[] | Refusal>;
}

export interface BusEars {
  readonly watch: (isOn: boolean) => void;
  /** What the wires sent. */
  readonly take: (piece: TapePiece) => void;
  /** Another profile may be in force. */
  readonly changed: () => void;
  /** Once a second. */
  readonly tell: () => readonly BusHeard[];
}

type Identity = Pick<CanFrame, 'id' | 'extended'>;
type Kin = Pick<StrangeId, 'inverter_of' | 'battery_of' | 'title'>;

const shownId = ({ id, extended }: Identity) => ({ id, ...(extended && ({ extended } as const)) });

function kinOf(known: readonly KnownId[]): Kin {
  const names = (by: KnownId['by']) => [
    ...new Set(known.flatMap((one) => (one.by === by ? one.profile : []))),
  ];
  const [inverter_of, battery_of] = [names('inverter'), names('battery')];
  const title = known.find(({ by, title }) => by === 'inverter' && title !== undefined)?.title;
  return {
    ...(inverter_of.length > 0 && { inverter_of }),
    ...(battery_of.length > 0 && { battery_of }),
    ...(title !== undefined && { title }),
  };
}

const shownRow = (row: IdHeard, kin: Kin): StrangeId => ({
  ...shownId(row),
  ...(row.remote && { remote: true }),
  hex: toHex(row.data, ''),
  count: row.count,
  per_s: Math.round(row.perS * 10) / 10,
  first_at_ms: row.firstAtMs,
  last_at_ms: row.lastAtMs,
  ...(row.remote ? {} : kin),
});

/** Of a profile that cannot be read nothing is known, and what it hears is strange. */
async function belongingOf(inverters: readonly string[], explain: Gateway['explain']): Promise<Belonging> {
  const read = await Promise.all(inverters.map((id) => explain(id)));
  const profiles = read.flatMap((one) => ('why' in one ? [] : one));
  const heard = new Set(profiles.flatMap(({ hears }) => hears.map(({ spec }) => idKey(spec))));
  const ours = new Set(profiles.flatMap(({ frames }) => frames.map(idKey)).filter((key) => !heard.has(key)));
  return { ours, heard };
}

/** Sorted as the inspector lists frames: 11 bits first. */
const byId = (a: Identity, b: Identity): number => Number(a.extended) - Number(b.extended) || a.id - b.id;

export function busEars(orders: readonly BusOrders[], isDemo: boolean, ground: BusEarsGround): BusEars {
  const { clock, isThere, explain, knownIds } = ground;
  let ears: ReadonlyMap<string, BusEar> | undefined;
  let kin: ReadonlyMap<number, Kin> = new Map();
  let isKinAsked = false;
  /** The number of the next entry of the wires; unknown before the first. */
  let next: number | undefined;

  const real = orders.filter(({ wire }) => !isDemo || isThere(wire));

  async function learn(): Promise<void> {
    const mine = ears;
    for (const { wire, inverters } of real) {
      const belonging = await belongingOf(inverters, explain);
      // Whoever watched may be gone by now.
      if (mine && mine === ears) mine.get(wire)?.learn(belonging);
    }
  }

  /** Every profile is read for it: only where there is an id to be named, and once. */
  async function learnKin(): Promise<void> {
    if (isKinAsked) return;
    isKinAsked = true;
    const known = await knownIds();
    isKinAsked = !('why' in known);
    if (!('why' in known))
      kin = new Map(Array.from(Map.groupBy(known, idKey), ([key, of]) => [key, kinOf(of)]));
  }

  function begin(): void {
    next = undefined;
    ears = new Map(real.map(({ wire }) => [wire, busEar(wire, ground)]));
    void learn();
  }

  function end(): void {
    for (const ear of ears?.values() ?? []) ear.close();
    ears = undefined;
  }

  function shown({ wire }: BusOrders): BusHeard {
    const ear = ears?.get(wire);
    if (!ear) return { wire, is_memory: true, ids: [], beyond: 0, errors: [], doubles: [] };
    const { ids, beyond, errors, doubles, why } = ear.look();
    if (ids.length > 0) void learnKin();
    return {
      wire,
      ...(why !== undefined && { why }),
      ids: ids.toSorted(byId).map((row) => shownRow(row, kin.get(idKey(row)) ?? {})),
      beyond,
      errors: errors.map(({ kind, count, lastAtMs }) => ({ kind, count, last_at_ms: lastAtMs })),
      doubles: doubles.map(({ data, count, lastAtMs, ...frame }) => ({
        ...shownId(frame),
        hex: toHex(data, ''),
        count,
        last_at_ms: lastAtMs,
      })),
    };
  }

  return {
    watch: (isOn) => (isOn ? begin() : end()),
    take({ from, number, entries }) {
      if (from !== 'wires' || !ears) return;
      if (next !== undefined && number !== next) for (const ear of ears.values()) ear.missed(clock());
      next = number + entries.length;
      for (const entry of entries)
        if (entry[0] === 'frame' && entry[3] === '>')
          ears.get(entry[2])?.sent({ id: entry[4], extended: entry[5], data: entry[6] });
    },
    changed() {
      if (ears) void learn();
    },
    tell: () => (ears ? orders.map(shown) : []),
  };
}
