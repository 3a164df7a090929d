import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { busLog } from '../../src/can/bus-log.ts';
import type { Overheard } from '../../src/can/port.ts';

const nothingKnown = () => false;

const message = (id: number, more: Partial<Overheard> = {}): Overheard => ({
  id,
  extended: false,
  remote: false,
  isError: false,
  data: Uint8Array.of(1, 2),
  ...more,
});

const anyMessage = fc.record({
  id: fc.integer({ min: 0, max: 40 }),
  extended: fc.boolean(),
  remote: fc.boolean(),
  isError: fc.constant(false),
  data: fc.uint8Array({ maxLength: 8 }),
});
const key = ({ id, extended, remote }: Pick<Overheard, 'id' | 'extended' | 'remote'>) =>
  `${id} ${extended} ${remote}`;

describe('who speaks on a bus', () => {
  test('has one row for each id, with its last bytes, its count, and its first and last moment', () => {
    const log = busLog(nothingKnown, 0);
    log.hear(message(0x305), 100);
    log.hear(message(0x305, { data: Uint8Array.of(3) }), 600);
    log.hear(message(0x305, { extended: true }), 700);
    log.hear(message(0x305, { remote: true, data: new Uint8Array() }), 800);
    expect(log.look(1000).ids).toMatchObject([
      { id: 0x305, extended: false, remote: false, count: 2, firstAtMs: 100, lastAtMs: 600, perS: 2 },
      { id: 0x305, extended: true, remote: false, count: 1 },
      { id: 0x305, extended: false, remote: true, count: 1 },
    ]);
    expect(log.look(2000).ids[0]?.data).toEqual(Uint8Array.of(3));
  });

  test('is told at the rate of the last five seconds', () => {
    const log = busLog(nothingKnown, 0);
    let rate: number | undefined;
    for (let s = 1; s <= 12; s++) {
      for (let i = 0; i < (s <= 6 ? 4000 : 0); i++) log.hear(message(7), s * 1000 - 500);
      rate = log.look(s * 1000).ids[0]?.perS;
      if (s === 6) expect(rate).toBe(4000);
      if (s === 8) expect(rate).toBe(2400);
    }
    expect(rate).toBe(0);
  });

  test('of an id that came later is told at the rate since the look before it', () => {
    const log = busLog(nothingKnown, 0);
    for (const s of [1, 2, 3]) log.look(s * 1000);
    for (let i = 0; i < 10; i++) log.hear(message(7), 3500);
    expect(log.look(4000).ids[0]?.perS).toBe(10);
    expect(log.look(5000).ids[0]?.perS).toBe(5);
  });

  test('loses no frame: each is counted in its row or beyond them, whatever comes and whatever is known', () => {
    const most = 16;
    const known = fc.uniqueArray(fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 300 }), known, (messages, ids) => {
        const isKnown = ({ id, remote }: { id: number; remote: boolean }) => !remote && ids.includes(id);
        const log = busLog(isKnown, 0, most);
        messages.forEach((one, i) => {
          log.hear(one, i);
          if (i % 50 === 49) log.look(i);
        });
        const { ids: rows, beyond } = log.look(messages.length + 1);
        const strange = messages.filter((one) => !isKnown(one));
        expect(rows.reduce((sum, { count }) => sum + count, beyond)).toBe(strange.length);
        expect(rows.length).toBe(Math.min(most, new Set(strange.map(key)).size));
        for (const row of rows) {
          const own = strange.filter((one) => key(one) === key(row));
          expect(row.count).toBe(own.length);
          expect(row.data).toEqual(own.at(-1)?.data);
          expect(row.perS).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('is bounded: of all ids that there are 256 are told apart', () => {
    const log = busLog(nothingKnown, 0);
    for (let id = 0; id < 0x800; id++) log.hear(message(id), 1);
    expect(log.look(1000)).toMatchObject({ ids: { length: 256 }, beyond: 0x800 - 256 });
  });

  test('loses its row once its id belongs there, as with another profile', () => {
    const known = new Set<number>();
    const log = busLog(({ id }) => known.has(id), 0);
    log.hear(message(0x305), 1);
    log.hear(message(0x306), 1);
    known.add(0x305);
    expect(log.look(1000).ids.map(({ id }) => id)).toEqual([0x306]);
    log.hear(message(0x305), 1500);
    expect(log.look(2000).ids.map(({ id }) => id)).toEqual([0x306]);
  });
});

describe('error frames', () => {
  test('are counted by what they are, and make no row', () => {
    const log = busLog(nothingKnown, 0);
    const error = (id: number, ...data: number[]) =>
      message(id, { isError: true, data: Uint8Array.from([...data, ...Array(8 - data.length).fill(0)]) });
    log.hear(error(0x004, 0, 0x20), 1);
    log.hear(error(0x020), 2);
    log.hear(error(0x020), 3);
    log.hear(error(0x088, 0, 0, 4), 4);
    expect(log.look(1000)).toMatchObject({
      ids: [],
      errors: [
        { kind: 'error-passive', count: 1, lastAtMs: 1 },
        { kind: 'no-ack', count: 2, lastAtMs: 3 },
        { kind: 'damaged', count: 1, lastAtMs: 4 },
      ],
    });
  });
});
