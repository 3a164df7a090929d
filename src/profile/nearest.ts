/** Letters to change, add, take away or swap with their neighbour to get from one word to the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]?.push(
        Math.min(change, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped ? at(i - 2, j - 2) + 1 : change),
      );
    }
  }
  return at(a.length, b.length);
}

/** The known word that was probably meant; undefined when none is near. A word that begins or ends like one counts as near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const asked = word.slice(0, 80).toLowerCase();
  const near = (name: string): number => {
    const other = name.toLowerCase();
    const part = asked.length > 2 && (other.startsWith(asked) || other.endsWith(`_${asked}`));
    return part ? 1 : distance(asked, other);
  };
  const [best] = known
    .map((name) => ({ name, far: near(name) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.far - b.far);
  return best?.name;
}

/** `; did you mean …?` or nothing, to end a sentence with. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const name = nearest(word, known);
  return name === undefined ? '' : `; did you mean \`${name}\`?`;
};
