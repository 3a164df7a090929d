// What the content of an answer says, part by part as its profile puts it together: counted rows are told number by number.
import { inRow, readField, shapes } from '../../bytes/field.ts';
import { type SignalValues, signalSpec } from '../../model/signals.ts';
import { freeIn } from '../frame-pieces.ts';
import { asField, gapless, moved, type Piece, piece } from '../pieces.ts';
import { rowsOf } from '../rows.ts';
import type { AddressPart, AnswerLayout, Part, RowPart, StatesPart, StretchPart } from './layout.ts';

/** Undefined: the bytes end before the part does, and nothing behind it has a place. */
type PartPieces = readonly Piece[] | undefined;

/** Its layout counts from the protocol's own first byte. */
function stretchPieces({ layout, first }: StretchPart, bytes: Uint8Array, given?: SignalValues): PartPieces {
  const own = bytes.subarray(0, layout.length - first);
  if (own.length < layout.length - first) return undefined;
  const whole = new Uint8Array(layout.length);
  whole.set(own, first);
  return gapless(moved(rowsOf(layout, whole, given).map(asField), -first), own, freeIn(layout, own));
}

const countPiece = (name: string, count: number, { path }: Part): Piece => ({
  ...piece('count', [0, 1], `${count}`, [path]),
  label: name,
});

/** The count, then as many numbers of one size. */
function counted(
  part: RowPart | StatesPart,
  name: string,
  bytes: Uint8Array,
  { size, textAt }: { readonly size: number; readonly textAt: (i: number) => string },
): PartPieces {
  const [count] = bytes;
  if (count === undefined || bytes.length < 1 + count * size) return undefined;
  const numbers = Array.from({ length: count }, (_, i) => ({
    ...asField({ at: 1 + i * size, length: size, label: name, text: textAt(i), paths: [part.path] }),
    nth: [i + 1, count] as const,
  }));
  return [countPiece(name, count, part), ...numbers];
}

function rowPieces(part: RowPart, bytes: Uint8Array): PartPieces {
  const { row, as, scale, offset, name = row } = part;
  const unit = signalSpec(row).unit;
  const textAt = (i: number) =>
    `${readField(bytes, inRow({ at: 1, as, scale, offset }, i))}${unit ? ` ${unit}` : ''}`;
  return counted(part, name, bytes, { size: shapes[as].bytes, textAt });
}

const statesPieces = (part: StatesPart, bytes: Uint8Array): PartPieces =>
  counted(part, part.name ?? part.states, bytes, { size: 1, textAt: (i) => `${bytes[1 + i]}` });

const addressPieces = ({ path }: AddressPart, [address]: Uint8Array): PartPieces =>
  address === undefined ? undefined : [piece('address', [0, 1], `${address}`, [path])];

function partPieces(part: Part, bytes: Uint8Array, given?: SignalValues): PartPieces {
  switch (part.kind) {
    case 'stretch':
      return stretchPieces(part, bytes, given);
    case 'row':
      return rowPieces(part, bytes);
    case 'states':
      return statesPieces(part, bytes);
    case 'address':
      return addressPieces(part, bytes);
  }
}

/**
 * Every byte of the content in order; what stands behind the last part, or where a part is cut off, is unnamed. `given` marks
 * what was never measured; leave it out for bytes from a line.
 */
export function contentPieces(
  { parts }: Pick<AnswerLayout, 'parts'>,
  content: Uint8Array,
  given?: SignalValues,
): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const part of parts) {
    const own = partPieces(part, content.subarray(at), given);
    if (!own) break;
    found.push(...moved(own, at));
    at += own.reduce((sum, { length }) => sum + length, 0);
  }
  return gapless(found, content);
}

/** The answers of a question differ by phase; the one whose parts fit the content is meant, else the first. */
export function answerPieces(answers: readonly AnswerLayout[], ask: number, content: Uint8Array): Piece[] {
  const meant = answers
    .filter((answer) => answer.ask === ask)
    .map((answer) => contentPieces(answer, content));
  return (
    meant.find((pieces) => pieces.every(({ kind }) => kind !== 'unnamed')) ?? meant[0] ?? gapless([], content)
  );
}
