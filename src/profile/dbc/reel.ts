import { refuseAt, type Token } from './tokens.ts';

const shape = {
  BO_: 'BO_ 849 Name: 8 Sender',
  SG_: 'SG_ Name : 0|16@1+ (0.1,0) [0|100] "V" Receiver',
  VAL_: 'VAL_ 849 Name 0 "off" 1 "on" ;',
} as const;

/** On one line: a text of a DBC may run over several. */
const shown = ({ text }: Token): string => text.slice(0, 40).replace(/\s+/g, ' ');

/** The tokens with a place among them; what is missing there is said with a line as it should be. */
export function reel(file: string, all: readonly Token[]) {
  let next = 0;
  const end: Token = {
    ...(all.at(-1) ?? { line: 1, column: 1 }),
    kind: 'sign',
    text: 'the end',
    first: true,
  };
  const peek = (): Token => all[next] ?? end;
  const like = (kind: keyof typeof shape) => `write the line like \`${shape[kind]}\``;

  function take(kind: Token['kind'], what: string, of: keyof typeof shape): Token {
    const token = peek();
    if (token.kind !== kind)
      refuseAt(file, token, `${what} should stand here, not \`${shown(token)}\`; ${like(of)}`);
    next++;
    return token;
  }
  return {
    file,
    peek,
    done: () => next >= all.length,
    /** The next token if it is this one. */
    has(text: string): boolean {
      if (peek().kind === 'text' || peek().text !== text || next >= all.length) return false;
      next++;
      return true;
    },
    word: (what: string, of: keyof typeof shape): string => take('word', what, of).text,
    number: (what: string, of: keyof typeof shape): number => Number(take('number', what, of).text),
    text: (what: string, of: keyof typeof shape): string =>
      take('text', what, of).text.replaceAll('\\"', '"').replaceAll('\uFFFD', '°'),
    sign(text: string, of: keyof typeof shape): void {
      if (!this.has(text))
        refuseAt(file, peek(), `\`${text}\` should stand here, not \`${shown(peek())}\`; ${like(of)}`);
    },
    step: (): void => void next++,
    /** Of what kind the next token is, `first` where it begins a line. */
    here: (): string => (peek().first ? 'first' : peek().kind),
    /** Past what is left of a statement: to its semicolon, or to the next line that begins with a keyword. */
    finish(): void {
      const begins = (token: Token) =>
        token.first && token.kind === 'word' && /_$|^VERSION$/.test(token.text);
      while (next < all.length && !begins(peek())) if (all[next++]?.text === ';') return;
    },
    /** Words up to the next statement. */
    words(): string[] {
      const found: string[] = [];
      while (peek().kind === 'word' && !peek().first && next < all.length) found.push(this.word('', 'BO_'));
      return found;
    },
    until: (isThere: (text: string) => boolean): void => {
      while (next < all.length && !isThere(peek().text)) next++;
    },
  };
}

export type Reel = ReturnType<typeof reel>;
