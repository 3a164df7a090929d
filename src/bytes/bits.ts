/** Numbers, from 1, of the bits that are set: 0b101 gives 1 and 3. `word` is a whole number below 2^53. */
export function bitsOf(word: number): number[] {
  const numbers: number[] = [];
  for (let [left, bit] = [word, 1]; left >= 1; left = Math.floor(left / 2), bit++)
    if (left % 2 === 1) numbers.push(bit);
  return numbers;
}

/** The word in which the bits of these numbers, from 1, are set; a number twice is set once. */
export const wordOf = (numbers: Iterable<number>): number =>
  [...new Set(numbers)].reduce((word, n) => word + 2 ** (n - 1), 0);
