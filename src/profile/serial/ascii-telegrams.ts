// A Pylontech question and its answer, from `~` to CR. A place counts characters; two of them are a byte of the content.
import { type Decoded, type Fact, fact, gapless, moved, type Piece, piece } from '../pieces.ts';
import { BARE, CHECK, charactersAt, head, isMeasured, isSummed, numberAt } from './ascii-frame.ts';
import { type Asked, commandPiece, readBy, type SpokenSerial, type Telegrams } from './asked.ts';
import { answerPieces } from './pieces.ts';

const INFO = BARE - CHECK;
/** The device class of batteries. */
const BATTERIES = 0x46;

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** The text between `~` and CR; undefined where the bytes are no such telegram. */
function textIn(bytes: Uint8Array): string | undefined {
  const text = latin(bytes);
  const isWhole = text.length >= BARE + 2 && text.startsWith('~') && text.endsWith('\r');
  return isWhole ? text.slice(1, -1) : undefined;
}

/** Empty where it is no whole number of bytes. */
function contentOf(text: string): Uint8Array {
  const info = text.slice(INFO, -CHECK);
  const bytes = Array.from({ length: info.length / 2 }, (_, i) => numberAt(info, [2 * i, 2]));
  const whole = bytes.filter((byte) => byte !== undefined);
  return info.length % 2 || whole.length < bytes.length ? new Uint8Array() : Uint8Array.from(whole);
}

/** The `~` stands before the first place. */
const onWire = ([at, length]: readonly [number, number]) => [at + 1, length] as const;

const judged = (one: Piece, isRight: boolean): Piece => (isRight ? one : { ...one, isWrong: true });

/** What stands around the content and the command. */
function around(text: string): Piece[] {
  const check = [text.length - CHECK, CHECK] as const;
  const [adr, length] = [numberAt(text, head.adr), numberAt(text, head.length)];
  return [
    piece('start', [0, 1], '~'),
    piece('version', onWire(head.ver), charactersAt(text, head.ver)),
    piece('address', onWire(head.adr), `${adr ?? charactersAt(text, head.adr)}`),
    piece('device', onWire(head.cid1), charactersAt(text, head.cid1)),
    judged(piece('characters', onWire(head.length), `${(length ?? 0) & 0xfff}`), isMeasured(text)),
    judged(piece('checksum', onWire(check), charactersAt(text, check)), isSummed(text)),
    piece('end', [text.length + 1, 1], 'CR'),
  ];
}

/** The pieces of the content as they lie in the characters. */
const inCharacters = (pieces: readonly Piece[]): Piece[] =>
  moved(
    pieces.map((one) => ({ ...one, at: 2 * one.at, length: 2 * one.length })),
    INFO + 1,
  );

function whole(bytes: Uint8Array, text: string, command: Piece, content: readonly Piece[]): Piece[] {
  return gapless([...around(text), command, ...inCharacters(content)], bytes, (at, length) =>
    piece('unnamed', [at, length], latin(bytes.subarray(at, at + length))),
  );
}

const damaged = (bytes: Uint8Array): Decoded => ({ facts: [fact('damaged')], pieces: gapless([], bytes) });

/** Of a command that names a battery the number of that battery. */
function askedPieces({ answers }: SpokenSerial, { code }: Asked, content: Uint8Array): Piece[] {
  const named = answers.find(
    ({ ask, parts }) => ask === code && parts.some(({ kind }) => kind === 'address'),
  );
  return gapless(
    named && content.length ? [piece('address', [0, 1], `${content[0]}`, [named.path])] : [],
    content,
  );
}

function decodeAnswer({ answers }: SpokenSerial, { code }: Asked, bytes: Uint8Array): Decoded {
  const text = textIn(bytes);
  if (text === undefined) return damaged(bytes);
  // Some masters look for their command in the place of return code 00.
  const kind = numberAt(text, head.cid2) === code ? 'command' : 'returnCode';
  const result = piece(kind, onWire(head.cid2), charactersAt(text, head.cid2));
  return { facts: [], pieces: whole(bytes, text, result, answerPieces(answers, code, contentOf(text))) };
}

/** What keeps anybody from answering it. */
function faultsOf(text: string): Fact[] {
  const device = charactersAt(text, head.cid1);
  if (!isSummed(text) || !isMeasured(text)) return [fact('unsound')];
  return numberAt(text, head.cid1) === BATTERIES ? [] : [fact('otherDevice', device)];
}

/** A telegram that is none of this codec is said to be damaged, and names nothing. */
export function asciiTelegrams(
  serial: SpokenSerial,
  { request, reply }: Telegrams,
): readonly [request: Decoded, reply: Decoded | undefined] {
  const text = textIn(request);
  const cid2 = text === undefined ? undefined : numberAt(text, head.cid2);
  if (text === undefined || cid2 === undefined) return [damaged(request), reply && damaged(reply)];
  const asked = readBy(serial, cid2);
  const { title, facts } = asked;
  const command = commandPiece(asked, onWire(head.cid2), 2);
  const pieces = whole(request, text, command, askedPieces(serial, asked, contentOf(text)));
  return [
    { ...(title !== undefined && { title }), facts: [...faultsOf(text), ...facts], pieces },
    reply && decodeAnswer(serial, asked, reply),
  ];
}
