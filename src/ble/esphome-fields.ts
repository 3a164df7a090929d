import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The types of value that the messages of a proxy hold, and what each is here. */
interface Scalars {
  uint32: number;
  int32: number;
  sint32: number;
  uint64: bigint;
  bool: boolean;
  string: string;
  bytes: Uint8Array;
}
type Scalar = keyof Scalars;

/** Where a value lies in its message: under which field number, as what, once or in a row. */
type FieldAt =
  | { readonly at: number; readonly as: Scalar }
  | { readonly at: number; readonly rowOf: Scalar | Fields };
export interface Fields {
  readonly [name: string]: FieldAt;
}

type ValueOf<F> = F extends { as: infer S extends Scalar }
  ? Scalars[S]
  : F extends { rowOf: infer R }
    ? readonly (R extends Scalar ? Scalars[R] : ValuesOf<R>)[]
    : never;
export type ValuesOf<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** Protocol Buffers send no zeros: what is missing is this. */
const zeros: Scalars = {
  uint32: 0,
  int32: 0,
  sint32: 0,
  uint64: 0n,
  bool: false,
  string: '',
  bytes: new Uint8Array(),
};

const wireTypes: { readonly [S in Scalar]: WireType } = {
  uint32: WireType.Varint,
  int32: WireType.Varint,
  sint32: WireType.Varint,
  uint64: WireType.Varint,
  bool: WireType.Varint,
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
};

function readScalar(reader: BinaryReader, as: Scalar): Scalars[Scalar] {
  return as === 'uint64' ? BigInt(reader.uint64()) : reader[as]();
}

/** One entry of a row, or several numbers packed into one. */
function readEntries(reader: BinaryReader, of: Scalar | Fields, type: WireType): unknown[] {
  if (typeof of !== 'string') return [readMessage(of, reader.bytes())];
  if (type === wireTypes[of]) return [readScalar(reader, of)];
  const packed = new BinaryReader(reader.bytes());
  const entries: unknown[] = [];
  while (packed.pos < packed.len) entries.push(readScalar(packed, of));
  return entries;
}

/** Throws when the bytes are no such message. Fields that the table does not name are passed over. */
export function readMessage<F extends Fields>(fields: F, bytes: Uint8Array): ValuesOf<F> {
  const byNumber = new Map(Object.entries(fields).map(([name, field]) => [field.at, { name, field }]));
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) values[name] = 'as' in field ? zeros[field.as] : [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const known = byNumber.get(number);
    if (!known) reader.skip(type, number);
    else if ('as' in known.field) values[known.name] = readScalar(reader, known.field.as);
    // A row begins as the empty one above.
    else (values[known.name] as unknown[]).push(...readEntries(reader, known.field.rowOf, type));
  }
  // Every name of the table got a value of the table's type above.
  return values as ValuesOf<F>;
}

function writeScalar(writer: BinaryWriter, at: number, as: Scalar, value: unknown): void {
  writer.tag(at, wireTypes[as]);
  // The table that typed the value for the caller is the one that is read here.
  (writer[as] as (value: unknown) => BinaryWriter)(value);
}

/** What is left out is zero for the reader. */
export function writeMessage<F extends Fields>(fields: F, values: Partial<ValuesOf<F>>): Uint8Array {
  const writer = new BinaryWriter();
  for (const [name, field] of Object.entries(fields)) {
    const value: unknown = values[name];
    if (value === undefined) continue;
    if ('as' in field) writeScalar(writer, field.at, field.as, value);
    else throw new Error(`rows such as ${name} are only ever read`);
  }
  return writer.finish();
}
