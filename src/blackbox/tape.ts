// What the gateway writes down of all that it hears and says, entry by entry, so that it can be played again exactly. Tuples, for
// there are many of them; moments are monotonic ms.
import type { Evaluation, Snapshot } from '../bank/memory.ts';
import type { BatteryReading, PackSample } from '../model/battery.ts';
import type { Freshness } from '../model/freshness.ts';
import type { Profile, Setting } from '../profile/schema.ts';

export type Direction = '>' | '<';

/** What the hands knew at an evaluation, beside the samples. */
export type Around = Omit<Snapshot, 'samples'>;

/** CCL and DCL in A, CVL and DVL in V, as far as there are any. */
export type Limits = readonly [
  chargeA: number | null,
  dischargeA: number | null,
  chargeV: number | null,
  dischargeV: number | null,
];

/** What an output remembers of its inverter: plain data, by output. */
export type Left = unknown;

/** Everything that the next entry stands on. */
export interface Start {
  readonly state: Evaluation;
  readonly samples: { readonly [battery: string]: PackSample | undefined };
  readonly left: { readonly [inverter: string]: Left };
}

/** An inverter as it is served. */
export interface ServedInverter {
  readonly id: string;
  /** Interface, device or `host:port`. */
  readonly wire: string;
  /** Of Modbus. */
  readonly units: readonly number[];
  readonly profile: Profile;
  readonly settings: { readonly [name: string]: Setting };
}

export const speakerCalls = ['beat', 'unasked', 'answer', 'renewed'] as const;
export type SpeakerCall = (typeof speakerCalls)[number];

export type TapeEntry =
  | readonly [kind: 'start', atMs: number, start: Start]
  /** Bytes between us and a battery; the unit is its address, or the path of its line. */
  | readonly [kind: 'raw', atMs: number, unit: string, way: Direction, bytes: Uint8Array]
  | readonly [kind: 'sample', atMs: number, battery: string, sampledAtMs: number, reading: BatteryReading]
  | readonly [
      kind: 'evaluated',
      atMs: number,
      sequence: number,
      freshness: Freshness,
      limits: Limits,
      around: Around | null,
    ]
  /** A request that an inverter made as this unit, and the answer: PDUs. */
  | readonly [
      kind: 'modbus',
      atMs: number,
      inverter: string,
      unit: number,
      request: Uint8Array,
      reply: Uint8Array | null,
    ]
  /** The content of an answer of a codec; `ask` null: whether anything may be said at all. */
  | readonly [
      kind: 'codec',
      atMs: number,
      inverter: string,
      ask: number | null,
      address: number,
      content: Uint8Array | null,
    ]
  /** A question in a serial codec and the answer, whole; a box has the contents by `codec`, and leaves these out. */
  | readonly [
      kind: 'telegram',
      atMs: number,
      inverter: string,
      address: number | null,
      request: Uint8Array,
      reply: Uint8Array | null,
    ]
  /** What a CAN output was asked to say; the frames follow from it. */
  | readonly [kind: 'say', atMs: number, inverter: string, call: SpeakerCall, groups: readonly string[]]
  | readonly [
      kind: 'frame',
      atMs: number,
      bus: string,
      way: Direction,
      id: number,
      extended: boolean,
      data: Uint8Array,
    ]
  /** Another profile is in force. */
  | readonly [kind: 'profile', atMs: number, inverter: ServedInverter]
  /** What was not written down: more requests in one second than anybody wants to read. */
  | readonly [kind: 'skipped', atMs: number, count: number];

/** Entries on their way to the office. Those of the wires are numbered: where one is missing, nothing behind it follows from before. */
export interface TapePiece {
  readonly type: 'tape';
  readonly from: 'wires' | 'ear';
  /** Of the first entry. */
  readonly number: number;
  readonly entries: readonly TapeEntry[];
}

/** What JSON has no word for is an object with this one key: bytes as hex digits, the hole of a broken sensor, a number without end. */
const MARK = '$';

/** `this` is what holds the value: a Buffer is asked for its own idea of JSON before we see it. */
function asText(this: object, key: string, value: unknown): unknown {
  const held: unknown = Reflect.get(this, key);
  if (held instanceof Uint8Array) return { [MARK]: Buffer.from(held).toString('hex') };
  if (value === undefined && Array.isArray(this)) return { [MARK]: null };
  return typeof value === 'number' && !Number.isFinite(value) ? { [MARK]: value > 0 ? '+' : '-' } : value;
}

/** One line, with its line end. */
export const lineOf = (value: unknown): string => `${JSON.stringify(value, asText)}\n`;

function marked(mark: unknown): unknown {
  if (mark === null) return undefined;
  if (mark === '+') return Number.POSITIVE_INFINITY;
  return mark === '-' ? Number.NEGATIVE_INFINITY : Uint8Array.from(Buffer.from(String(mark), 'hex'));
}

function asValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asValue);
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1 && first[0] === MARK) return marked(first[1]);
  return Object.fromEntries(entries.map(([key, own]) => [key, asValue(own)]));
}

/** Reads what `lineOf` wrote; throws for what is no JSON. */
export const readLine = (line: string): unknown => asValue(JSON.parse(line));
