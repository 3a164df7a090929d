// A Kostal/BYD question and its answer, from the pointer to the closing zero; what stands in them is told with the zeros put back.
import { type Decoded, fact, gapless, hexOf, moved, type Piece, piece } from '../pieces.ts';
import {
  type Asked,
  commandPiece,
  hexText,
  readBy,
  type SpokenSerial,
  type Telegrams,
  writtenBy,
} from './asked.ts';
import { HEADER, isHeaded, type KostalFrame, kinds, kostalSum, TAIL, unstuffed } from './kostal-frame.ts';
import { answerPieces } from './pieces.ts';

interface Opened extends KostalFrame {
  readonly plain: Uint8Array;
}

/** Undefined where the bytes are no such telegram; its checksum may be wrong. */
function opened(bytes: Uint8Array): Opened | undefined {
  const plain = unstuffed(bytes);
  if (!plain || !isHeaded(plain)) return undefined;
  return { plain, kind: plain[1] ?? 0, content: plain.subarray(HEADER, -TAIL) };
}

const damaged = (bytes: Uint8Array): Decoded => ({ facts: [fact('damaged')], pieces: gapless([], bytes) });

function whole(bytes: Uint8Array, { plain, kind }: Opened, content: readonly Piece[]): Piece[] {
  const check = [plain.length - TAIL, 1] as const;
  const sum = piece('checksum', check, hexOf(plain, ...check));
  const around = [
    piece('pointer', [0, 1], hexOf(bytes, 0, 1)),
    piece('function', [1, 1], hexText(kind, 2)),
    piece('header', [2, HEADER - 2], hexOf(plain, 2, HEADER - 2)),
    kostalSum(plain) === 0 ? sum : { ...sum, isWrong: true as const },
    piece('end', [plain.length - 1, 1], '00'),
  ];
  return gapless([...around, ...moved(content, HEADER)], plain);
}

const nothing: Asked = { code: 0, title: undefined, facts: [fact('unknown')], paths: [] };

/** A read has its code in two bytes, low byte first; a write in one, and what it tells behind it. */
function askedIn(serial: SpokenSerial, { kind, content }: Opened): readonly [Asked, bytes: 0 | 1 | 2] {
  const [low, high] = content;
  if (kind === kinds.read && low !== undefined && high !== undefined)
    return [readBy(serial, low | (high << 8)), 2];
  return kind === kinds.write && low !== undefined ? [writtenBy(serial, low), 1] : [nothing, 0];
}

function decodeAnswer({ answers }: SpokenSerial, { code }: Asked, bytes: Uint8Array): Decoded {
  const answer = opened(bytes);
  if (!answer) return damaged(bytes);
  const { kind, content } = answer;
  const pieces = kind === kinds.told ? answerPieces(answers, code, content) : [];
  return { facts: [], pieces: whole(bytes, answer, pieces) };
}

/** A telegram that is none of this codec is said to be damaged, and names nothing. */
export function kostalTelegrams(
  serial: SpokenSerial,
  { request, reply }: Telegrams,
): readonly [request: Decoded, reply: Decoded | undefined] {
  const question = opened(request);
  if (!question) return [damaged(request), reply && damaged(reply)];
  const [asked, bytes] = askedIn(serial, question);
  const { title, facts } = asked;
  const command = bytes ? [commandPiece(asked, [0, bytes], 2 * bytes)] : [];
  const pieces = whole(request, question, command);
  return [
    { ...(title !== undefined && { title }), facts, pieces },
    reply && decodeAnswer(serial, asked, reply),
  ];
}
