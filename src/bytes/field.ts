/** How a number lies in bytes. `lw` is two big-endian words, the low one first; `f32` is IEEE 754 and has no counts. */
export type Wire =
  | 'u8'
  | 'i8'
  | 'u16be'
  | 'u16le'
  | 'u24be'
  | 'i16be'
  | 'i16le'
  | 'u32be'
  | 'u32le'
  | 'i32be'
  | 'i32le'
  | 'u32lw'
  | 'i32lw'
  | 'u64be'
  | 'f32le';

/** Which way a value between two counts goes. `truncate` is towards zero, `nearest` takes ties away from zero. */
export type Rounding = 'nearest' | 'down' | 'up' | 'truncate';

/** Where a number lies and what one count is worth: physical = raw * scale + offset. */
export interface Field {
  readonly at: number;
  readonly as: Wire;
  readonly scale?: number;
  readonly offset?: number;
  /** Limits round towards safety: maxima down, minima up. Measurements leave this out. */
  readonly round?: Rounding;
}

interface Shape {
  readonly bytes: number;
  /** Edges of what is written: the words that mean "invalid" (all ones; the lowest signed) stay out from 16 bits on. */
  readonly min: number;
  readonly max: number;
  /** Only whole counts can be written. */
  readonly whole: boolean;
  readonly get: (view: DataView, at: number) => number;
  readonly set: (view: DataView, at: number, raw: number) => void;
}

function shape(kind: 'Uint' | 'Int', bits: 8 | 16 | 32, littleEndian = false): Shape {
  const [get, set] = [`get${kind}${bits}`, `set${kind}${bits}`] as const;
  const invalid = bits === 8 ? 0 : 1;
  const span = 2 ** bits;
  return {
    bytes: bits / 8,
    min: kind === 'Uint' ? 0 : -span / 2 + invalid,
    max: kind === 'Uint' ? span - 1 - invalid : span / 2 - 1,
    whole: true,
    get: (view, at) => view[get](at, littleEndian),
    set: (view, at, raw) => view[set](at, raw, littleEndian),
  };
}

/** A 32-bit number as Modbus maps with the low register first lay it. */
function lowWordFirst(of: Shape): Shape {
  const turned = new DataView(new ArrayBuffer(4));
  return {
    ...of,
    get(view, at) {
      turned.setUint16(0, view.getUint16(at + 2));
      turned.setUint16(2, view.getUint16(at));
      return of.get(turned, 0);
    },
    set(view, at, raw) {
      of.set(turned, 0, raw);
      view.setUint16(at, turned.getUint16(2));
      view.setUint16(at + 2, turned.getUint16(0));
    },
  };
}

const u24be: Shape = {
  bytes: 3,
  min: 0,
  max: 0xfffffe,
  whole: true,
  get: (view, at) => view.getUint8(at) * 0x10000 + view.getUint16(at + 1),
  set(view, at, raw) {
    view.setUint8(at, raw >> 16);
    view.setUint16(at + 1, raw & 0xffff);
  },
};

/** Counts beyond 2^53 are not told apart; no energy of a house comes near. */
const u64be: Shape = {
  bytes: 8,
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  whole: true,
  get: (view, at) => Number(view.getBigUint64(at)),
  set: (view, at, raw) => view.setBigUint64(at, BigInt(raw)),
};

const f32le: Shape = {
  bytes: 4,
  min: -3.4e38,
  max: 3.4e38,
  whole: false,
  get: (view, at) => view.getFloat32(at, true),
  set: (view, at, raw) => view.setFloat32(at, raw, true),
};

export const shapes: { readonly [W in Wire]: Shape } = {
  u8: shape('Uint', 8),
  i8: shape('Int', 8),
  u16be: shape('Uint', 16),
  u16le: shape('Uint', 16, true),
  u24be,
  i16be: shape('Int', 16),
  i16le: shape('Int', 16, true),
  u32be: shape('Uint', 32),
  u32le: shape('Uint', 32, true),
  i32be: shape('Int', 32),
  i32le: shape('Int', 32, true),
  u32lw: lowWordFirst(shape('Uint', 32)),
  i32lw: lowWordFirst(shape('Int', 32)),
  u64be,
  f32le,
};

/** Beyond this a millionth of a count is finer than a number can be: there is no dust, and rounding would lose counts. */
const FINE = 2 ** 33;

/**
 * Takes the dust off a quotient: 49.86 / 0.01 is 4986, 53.2 / 0.1 is 532, and 1.005 / 0.01 is the tie 100.5
 * (CAN reference, section 2, rule 1). A millionth of a count is dust.
 */
const tidy = (n: number): number => (Math.abs(n) < FINE ? Math.round(n * 1e6) / 1e6 : n);

const roundings: { readonly [R in Rounding]: (n: number) => number } = {
  nearest: (n) => Math.sign(n) * Math.round(Math.abs(n)),
  down: Math.floor,
  up: Math.ceil,
  truncate: Math.trunc,
};

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The count that stands for a physical value, rounded, not yet held inside any edge. */
export const countsOf = (f: Pick<Field, 'scale' | 'offset' | 'round'>, value: number): number =>
  roundings[f.round ?? 'nearest'](tidy((value - (f.offset ?? 0)) / (f.scale ?? 1))) + 0;

/** The physical value; undefined when the bytes end before the field does. */
export function readField(bytes: Uint8Array, f: Field): number | undefined {
  const { bytes: size, get } = shapes[f.as];
  if (f.at < 0 || f.at + size > bytes.length) return undefined;
  // Nine decimals: 5292 * 0.01 is 52.92, and 3 * 0.1 - 0.3 is 0, not 5.6e-17.
  return Number((get(view(bytes), f.at) * (f.scale ?? 1) + (f.offset ?? 0)).toFixed(9)) + 0;
}

/** The nearest that a float can hold, but for a limit never beyond it. */
function nearestFloat(value: number, round: Rounding | undefined): number {
  const near = Math.fround(value);
  const beyond = round === 'down' ? near > value : round === 'up' && near < value;
  // A step of 2^-23 of it is one or two of the floats.
  return beyond ? Math.fround(near + (near > value ? -1 : 1) * Math.abs(near) * 2 ** -23) : near;
}

/** Writes the count; a value that does not fit is held at the edge, never wrapped. NaN throws: no bytes would be true. */
export function writeField(bytes: Uint8Array, f: Field, value: number): void {
  if (Number.isNaN(value)) throw new RangeError('not a number, so there are no bytes for it');
  const { min, max, whole, set } = shapes[f.as];
  const counts = whole
    ? countsOf(f, value)
    : nearestFloat((value - (f.offset ?? 0)) / (f.scale ?? 1), f.round);
  set(view(bytes), f.at, Math.min(max, Math.max(min, counts)));
}

/** Reads a table of fields; a field beyond the end of the bytes is left out. */
export function readFields<K extends string>(
  bytes: Uint8Array,
  table: Readonly<Record<K, Field>>,
): { [N in K]?: number } {
  const values: { [N in K]?: number } = {};
  for (const name in table) {
    const value = readField(bytes, table[name]);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

const isWhole = <K extends string>(
  values: { readonly [N in K]?: number },
  table: Readonly<Record<K, Field>>,
): values is Readonly<Record<K, number>> => Object.keys(table).every((name) => name in values);

/** Reads a table of fields; undefined unless the bytes cover every one. */
export function readAll<K extends string>(
  bytes: Uint8Array,
  table: Readonly<Record<K, Field>>,
): Readonly<Record<K, number>> | undefined {
  const values = readFields(bytes, table);
  return isWhole(values, table) ? values : undefined;
}

/** Writes those fields of a table that have a value; the others keep their bytes. */
export function writeFields<K extends string>(
  bytes: Uint8Array,
  table: Readonly<Record<K, Field>>,
  values: { readonly [N in NoInfer<K>]?: number },
): void {
  for (const name in table) {
    const value = values[name];
    if (value !== undefined) writeField(bytes, table[name], value);
  }
}

/** The `i`th, from 0, of equal fields in a row. */
export const inRow = (first: Field, i: number): Field => ({
  ...first,
  at: first.at + i * shapes[first.as].bytes,
});

/** `count` equal fields in a row; what lies beyond the end is left out. */
export const readRow = (bytes: Uint8Array, first: Field, count: number): number[] =>
  Array.from({ length: count }, (_, i) => readField(bytes, inRow(first, i))).filter((n) => n !== undefined);

/** Writes equal fields in a row, the first value first. */
export const writeRow = (bytes: Uint8Array, first: Field, values: readonly number[]): void =>
  values.forEach((value, i) => {
    writeField(bytes, inRow(first, i), value);
  });
