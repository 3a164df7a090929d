import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchBetween, patched } from '../../src/model/api/patch.ts';

/** Any JSON whose objects have no null member; rows of numbers may have nulls. */
const { document } = fc.letrec<{ value: unknown; document: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.option(fc.integer())),
    tie('document'),
  ),
  document: fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'toString'),
    tie('value'),
    {
      noNullPrototype: true,
    },
  ),
}));

test('a patch leads from every document to every other, and there is none where nothing changed', () => {
  fc.assert(
    fc.property(document, document, (before, after) => {
      const patch = patchBetween(before, after);
      expect(JSON.stringify(patched(before, patch ?? {}), sorted)).toBe(JSON.stringify(after, sorted));
      expect(patchBetween(after, after)).toBeUndefined();
    }),
  );
});

/** Members in one order, whatever came first. */
const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    : value;

test('a broken sensor is null in its row, and stays so', () => {
  const before = { packs: { a: { temperatures_C: [20, 21] } } };
  const after = { packs: { a: { temperatures_C: [20, null] } } };
  expect(patched(before, patchBetween(before, after))).toEqual(after);
});
