// When the bytes came that wait for the rest of their frame.

export interface Arrivals {
  note(bytes: number, atMs: number): void;
  /** When the last byte of a frame came, behind which so many bytes stood when it was found. */
  atMs(behind: number): number;
  /** Only so many of the newest bytes still wait. */
  keep(bytes: number): void;
}

interface Piece {
  readonly bytes: number;
  readonly atMs: number;
}

export function newArrivals(): Arrivals {
  let newestFirst: readonly Piece[] = [];
  /** The place of the piece that holds the byte behind which so many stand; -1, the oldest, where echoes blur the count. */
  const placeOf = (behind: number): number => {
    let passed = 0;
    return newestFirst.findIndex(({ bytes }) => {
      passed += bytes;
      return passed > behind;
    });
  };
  return {
    note(bytes, atMs) {
      newestFirst = [{ bytes, atMs }, ...newestFirst];
    },
    atMs: (behind) => newestFirst.at(placeOf(behind))?.atMs ?? Number.NEGATIVE_INFINITY,
    keep(bytes) {
      if (bytes === 0) newestFirst = [];
      else if (placeOf(bytes - 1) >= 0) newestFirst = newestFirst.slice(0, placeOf(bytes - 1) + 1);
    },
  };
}
