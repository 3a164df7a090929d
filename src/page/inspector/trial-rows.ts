// Old and new bytes of one place, side by side.
export interface ByteBeside {
  /** Two digits. */
  readonly hex: string;
  readonly isChanged: boolean;
}

const bytesIn = (hex: string | undefined): string[] =>
  hex === undefined ? [] : (hex.replace(/\s/g, '').match(/../g) ?? []);

/** Each side's bytes, those marked that the other does not have at the same place. */
export function sideBySide(before: string | undefined, after: string | undefined) {
  const [old, fresh] = [bytesIn(before), bytesIn(after)];
  const marked = (side: string[], other: string[]): ByteBeside[] =>
    side.map((hex, i) => ({ hex, isChanged: hex.toLowerCase() !== other[i]?.toLowerCase() }));
  return { before: marked(old, fresh), after: marked(fresh, old) };
}

/** Where a line and column lie in the text, both from 1: positions of its first sign and of the end of its line. */
export function spanAt(text: string, line: number, column: number): readonly [number, number] {
  const lines = text.split('\n');
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const begin = lines.slice(0, at).reduce((sum, one) => sum + one.length + 1, 0);
  const length = lines[at]?.length ?? 0;
  return [begin + Math.min(Math.max(column, 1) - 1, length), begin + length];
}
