// How questions and answers of Modbus begin, by function code.
import { addressText } from './describe.ts';
import { wordAt } from './pdu-words.ts';
import { hexOf, type Piece, type PieceKind, piece } from './pieces.ts';

export interface Form {
  readonly steps: readonly PieceKind[];
  /** What follows to the end. */
  readonly rest?: 'written' | 'coils' | 'registers' | 'identity';
}

const range = ['function', 'first', 'quantity'] as const;
const asks: Form = { steps: range };
const register: Form = { steps: ['function', 'first'], rest: 'written' };
const bit: Form = { steps: ['function', 'first'], rest: 'coils' };
const mask: Form = { steps: ['function', 'first', 'andMask', 'orMask'] };
const identity: Form = { steps: ['function'], rest: 'identity' };
const told: Form = { steps: ['function', 'bytes'], rest: 'registers' };
const toldBits: Form = { steps: ['function', 'bytes'], rest: 'coils' };

/** Modbus Application Protocol V1.1b3, chapter 6. */
export const forms: ReadonlyMap<number, { readonly request: Form; readonly reply: Form }> = new Map([
  [1, { request: asks, reply: toldBits }],
  [2, { request: asks, reply: toldBits }],
  [3, { request: asks, reply: told }],
  [4, { request: asks, reply: told }],
  [5, { request: bit, reply: bit }],
  [6, { request: register, reply: register }],
  [15, { request: { steps: [...range, 'bytes'], rest: 'coils' }, reply: asks }],
  [16, { request: { steps: [...range, 'bytes'], rest: 'written' }, reply: asks }],
  [17, { request: identity, reply: identity }],
  [22, { request: mask, reply: mask }],
  [
    23,
    { request: { steps: [...range, 'writeFirst', 'writeQuantity', 'bytes'], rest: 'written' }, reply: told },
  ],
  [43, { request: identity, reply: identity }],
]);

const sizes: Partial<Record<PieceKind, number>> = { function: 1, bytes: 1 };
const texts: Partial<Record<PieceKind, (bytes: Uint8Array, at: number) => string>> = {
  function: (bytes, at) => `${bytes[at]}`,
  bytes: (bytes, at) => `${bytes[at]}`,
  quantity: (bytes, at) => `${wordAt(bytes, at)}`,
  writeQuantity: (bytes, at) => `${wordAt(bytes, at)}`,
  andMask: (bytes, at) => hexOf(bytes, at, 2),
  orMask: (bytes, at) => hexOf(bytes, at, 2),
};

/** What stands before the rest, whether the bytes reach that far or not. */
export function stepPieces(steps: readonly PieceKind[], pdu: Uint8Array): Piece[] {
  let at = 0;
  return steps.map((kind) => {
    const length = sizes[kind] ?? 2;
    const text = texts[kind]?.(pdu, at) ?? addressText(wordAt(pdu, at));
    at += length;
    return piece(kind, [at - length, length], text);
  });
}
