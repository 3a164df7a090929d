import { GatewayError } from '../../model/errors.ts';

/** One word, number, text (without its quotes) or sign of a DBC file; line and column from 1. */
export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign';
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** It begins its line. */
  readonly first: boolean;
}

/** Where something stands in a file. */
export type At = Pick<Token, 'line' | 'column'>;

/** Throws one sentence about one place. */
export function refuseAt(file: string, { line, column }: At, message: string): never {
  throw new GatewayError('DOCUMENT_INVALID', { problems: [{ file, line, column, message }] });
}

const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Space or comment, text, number, word, sign: one of them matches at every place of a good file. */
const pieces =
  /(\s+|\/\/[^\n]*)|"((?:\\"|[^"])*)"|([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\p{L}\d_])|([\p{L}\d_]+)|([:|@()[\],;+-])/uy;

/** The groups of `pieces` from the second on. */
const kinds = ['text', 'number', 'word', 'sign'] as const;

const notDbc = 'this is not a DBC; give the .dbc file of the inverter or battery maker';

/** Counts lines as it goes, so that a long file costs one pass. */
function counter(text: string): (to: number) => At {
  let [line, begin, seen] = [1, 0, 0];
  return (to) => {
    for (; seen < to; seen++)
      if (text[seen] === '\n') {
        line++;
        begin = seen + 1;
      }
    return { line, column: to - begin + 1 };
  };
}

const strange = (sign: string): string =>
  sign === '"'
    ? 'a text begins here that does not end; put a `"` behind it'
    : `\`${sign}\` cannot stand here; correct or remove it`;

/** The pieces of a file. Throws with one sentence when it is none that could be a DBC. */
export function tokens(file: string, text: string): Token[] {
  const top = { line: 1, column: 1 };
  if (text.length > MAX_CHARACTERS)
    refuseAt(file, top, 'the file is larger than 4 MB; cut it down to the messages that matter here');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells a binary file from a text
  if (/[\0-\x08]/.test(text)) refuseAt(file, top, notDbc);
  if (!/^\s*BO_\s/m.test(text)) refuseAt(file, top, `no line here begins with \`BO_\`: ${notDbc}`);
  const found: Token[] = [];
  const placeAt = counter(text);
  for (let at = 0; at < text.length; at = pieces.lastIndex) {
    pieces.lastIndex = at;
    const piece = pieces.exec(text);
    if (!piece) return refuseAt(file, placeAt(at), strange(text[at] ?? ''));
    if (piece[1] !== undefined) continue;
    const which = kinds.findIndex((_, i) => piece[i + 2] !== undefined);
    const place = placeAt(at);
    found.push({
      kind: kinds[which] ?? 'sign',
      text: piece[which + 2] ?? '',
      ...place,
      first: found.at(-1)?.line !== place.line,
    });
  }
  return found;
}
