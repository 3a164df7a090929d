// When the bytes came that wait for the rest of their frame.

export interface Arrivals {
  note(bytes: number, atMs: number): void;
  /** When the last byte of a frame came, behind which so many bytes stood when it was found. */
  atMs(behind: number): number;
}

/** Remembers the last `bound` bytes: no frame waits behind more. */
export function newArrivals(bound: number): Arrivals {
  let pieces: { readonly bytes: number; readonly atMs: number }[] = [];
  return {
    note(bytes, atMs) {
      let room = bound;
      pieces = [{ bytes, atMs }, ...pieces].filter((piece) => {
        const isNear = room > 0;
        room -= piece.bytes;
        return isNear;
      });
    },
    atMs(behind) {
      let passed = 0;
      const piece = pieces.find(({ bytes }) => {
        passed += bytes;
        return passed > behind;
      });
      return piece?.atMs ?? Number.NEGATIVE_INFINITY;
    },
  };
}
