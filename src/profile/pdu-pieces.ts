// A Modbus question and its answer from the function code on, byte by byte, with the entries of the map that they are about.
import type { Path } from './document.ts';
import { sizeOf } from './layout.ts';
import { forms, stepPieces } from './pdu-forms.ts';
import { lengthBytes, registersRead, wordAt } from './pdu-words.ts';
import { type Decoded, fact, gapless, hexOf, type Piece, piece } from './pieces.ts';
import { type Registers, toldPieces, writableAt, writtenPieces } from './register-pieces.ts';
import type { SpokenModbus } from './spoken.ts';

export interface Pdus {
  readonly unit: number;
  readonly request: Uint8Array;
  readonly reply: Uint8Array | undefined;
}

interface Range {
  readonly code: number;
  readonly first: number;
  readonly quantity: number;
}

const meets = ({ first, quantity }: Range, from: number, to: number): boolean =>
  from < first + quantity && to >= first;

/** The entries of all that a read is about, in the order of the map. */
function coveredPaths(map: SpokenModbus, unit: number, asked: Range): Path[] {
  const { windows, coils, discretes } = map;
  if (asked.code <= 2)
    return (asked.code === 1 ? coils : discretes)
      .filter(({ from, to }) => meets(asked, from, to))
      .map(({ path }) => path);
  const code = asked.code === 4 ? 4 : 3;
  const slots = windows
    .filter(({ functions }) => functions.includes(code))
    .flatMap(({ from, slots }) =>
      slots.filter((slot) => meets(asked, from + (slot.at >> 1), from + ((slot.at + sizeOf(slot) - 1) >> 1))),
    );
  const readBack = writableAt(map, unit).filter(({ address, length }) =>
    meets(asked, address, address + length - 1),
  );
  return [...new Map([...slots, ...readBack].map(({ path }) => [path.join('.'), path])).values()];
}

const restPiece = (kind: 'coils' | 'identity', bytes: Uint8Array, at: number): Piece[] =>
  at < bytes.length ? [piece(kind, [at, bytes.length - at], hexOf(bytes, at, bytes.length - at))] : [];

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** Entries of what is asked for stand beside the number of registers, of what is masked beside the register. */
function withPaths(
  map: SpokenModbus,
  { unit }: Pdus,
  code: number,
  steps: readonly Piece[],
  pdu: Uint8Array,
): Piece[] {
  const asked = { code, first: wordAt(pdu, 1), quantity: wordAt(pdu, 3) };
  const masked = writableAt(map, unit).filter(({ address, length }) =>
    meets({ ...asked, quantity: 1 }, address, address + length - 1),
  );
  return steps.map((step) => {
    if (step.kind === 'quantity' && [1, 2, 3, 4, 23].includes(code))
      return { ...step, paths: coveredPaths(map, unit, asked) };
    return step.kind === 'first' && code === 22 ? { ...step, paths: masked.map(({ path }) => path) } : step;
  });
}

/** The registers that a write is about; a write of one has no number of them. */
function written(pdu: Uint8Array, from: number): Registers {
  const at = pdu[0] === 23 ? 5 : 1;
  const quantity = pdu[0] === 6 ? 1 : wordAt(pdu, at + 2);
  return { first: wordAt(pdu, at), from, to: from + 2 * quantity };
}

/** A number of bytes that are not there, or are too many. */
const counted = (head: readonly Piece[], bytesBehind: number): Piece[] =>
  head.map((one) =>
    one.kind === 'bytes' && one.text !== `${bytesBehind}` ? { ...one, isWrong: true } : one,
  );

function decodeRequest(map: SpokenModbus, pdus: Pdus): Decoded {
  const { request } = pdus;
  const [code = 0] = request;
  const { steps, rest } = forms.get(code)?.request ?? { steps: ['function'] };
  const head = withPaths(map, pdus, code, stepPieces(steps, request), request);
  const at = lengthOf(head);
  const own = rest === 'written' ? writtenPieces(map, pdus.unit, written(request, at), request) : [];
  const other = rest === 'coils' || rest === 'identity' ? restPiece(rest, request, at) : [];
  const pieces = gapless([...counted(head, request.length - at), ...own, ...other], request);
  const isNamed = pieces.some(({ paths }) => paths.length > 0) || rest === 'coils' || rest === 'identity';
  const why = at > request.length ? [fact('damaged')] : isNamed ? [] : [fact('unknown')];
  return { facts: why, pieces };
}

/** Of an answer that refuses: the function with its highest bit, and why. */
const refusal = (reply: Uint8Array): Piece[] => [
  piece('function', [0, 1], `${(reply[0] ?? 0) & 0x7f}`),
  piece('exception', [1, 1], `${reply[1]}`),
];

/** The length field, as this map writes it. */
function lengthPiece(header: SpokenModbus['readHeader'], code: number, reply: Uint8Array): Piece {
  const size = lengthBytes(code, header);
  const text = `${size === 1 ? reply[1] : wordAt(reply, 1)}`;
  return piece(size === 2 && header === 'words16' ? 'quantity' : 'bytes', [1, size], text);
}

function replyPieces(map: SpokenModbus, pdus: Pdus, reply: Uint8Array): Piece[] {
  const [code = 0] = reply;
  if (code >= 0x80) return gapless(refusal(reply), reply);
  const form = forms.get(code)?.reply ?? { steps: ['function'] };
  if (form.rest === 'registers') {
    const read = registersRead(pdus.request, reply, map.readHeader);
    const head = [...stepPieces(['function'], reply), lengthPiece(map.readHeader, code, reply)];
    return read ? toldPieces(map, pdus.unit, read, head, reply) : gapless(head, reply);
  }
  const head = stepPieces(form.steps, reply);
  const at = lengthOf(head);
  if (form.rest === 'written')
    return gapless([...head, ...writtenPieces(map, pdus.unit, written(reply, at), reply)], reply);
  return gapless([...head, ...(form.rest ? restPiece(form.rest, reply, at) : [])], reply);
}

/** Question and answer; nothing throws, whatever the bytes are. */
export const decodePdus = (
  map: SpokenModbus,
  pdus: Pdus,
): readonly [request: Decoded, reply: Decoded | undefined] => [
  decodeRequest(map, pdus),
  pdus.reply && { facts: [], pieces: replyPieces(map, pdus, pdus.reply) },
];
