// What a question of a serial codec asks for or tells, in the words of the profile.
import type { Path } from '../document.ts';
import { type Fact, fact, type Piece, piece } from '../pieces.ts';
import type { CompiledSerial } from './compile.ts';

/** What a codec's profile says of its telegrams; plain data. */
export type SpokenSerial = Pick<CompiledSerial, 'codec' | 'answers' | 'writes' | 'refuses'>;

/** The whole telegrams as they went over the wire; no reply is silence. */
export interface Telegrams {
  readonly request: Uint8Array;
  readonly reply: Uint8Array | undefined;
}

export interface Asked {
  readonly code: number;
  readonly title: string | undefined;
  readonly facts: readonly Fact[];
  readonly paths: readonly Path[];
}

const unknown = (code: number): Asked => ({ code, title: undefined, facts: [fact('unknown')], paths: [] });

function refused({ refuses }: SpokenSerial, code: number): Asked {
  const at = refuses.findIndex(({ ask }) => ask === code);
  const paths = [['serial', 'refuses', at]];
  return at < 0
    ? unknown(code)
    : { code, title: refuses[at]?.title, facts: [fact('refused', '', paths)], paths };
}

export function readBy(serial: SpokenSerial, code: number): Asked {
  const own = serial.answers.filter(({ ask }) => ask === code);
  return own.length
    ? { code, title: own[0]?.title, facts: [], paths: own.map(({ path }) => path) }
    : refused(serial, code);
}

export function writtenBy({ writes }: SpokenSerial, code: number): Asked {
  const at = writes.findIndex((write) => write.code === code);
  const paths = [['serial', 'writes', at]];
  return at < 0
    ? unknown(code)
    : { code, title: writes[at]?.title, facts: [fact('written', '', paths)], paths };
}

export const hexText = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

/** The code of the question, beside the line that answers it. */
export const commandPiece = (
  { code, paths }: Asked,
  place: readonly [at: number, length: number],
  digits: number,
): Piece => piece('command', place, hexText(code, digits), paths);
