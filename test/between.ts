import fc from 'fast-check';

const STEPS = 1_000_000;

/** Numbers of a range as they occur: evenly spread, and now and then an odd one (fast-check's doubles crowd around 0). */
export const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: STEPS }).map((n) => min + ((max - min) * n) / STEPS) },
    { weight: 1, arbitrary: fc.double({ min, max, noNaN: true }) },
  );
