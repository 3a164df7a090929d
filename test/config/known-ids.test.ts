import { expect, test } from 'vitest';
import { knownIdsAside } from '../../src/read-aside.ts';

test('a reader tells who sends which id, by the profiles of this installation', async () => {
  const known = await knownIdsAside();
  const of = (id: number, by: string, extended = false) => [
    ...new Set(
      known.flatMap((one) =>
        one.id === id && one.by === by && one.extended === extended ? one.profile : [],
      ),
    ),
  ];
  expect(of(0x305, 'inverter')).toEqual(expect.arrayContaining(['pylontech-lv', 'sma', 'victron']));
  expect(of(0x305, 'battery')).toEqual([]);
  expect(of(0x1871, 'inverter', true)).toEqual(['solax-hv']);
  expect(of(0x4210, 'battery', true)).toContain('pylontech-hv');
  expect(known.find(({ id, profile }) => id === 0x307 && profile === 'victron')?.title).toMatch(/GX/);
}, 300_000);
