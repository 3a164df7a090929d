// What the page says an inverter is told, beside the bytes that each shipped profile puts on its wire, read by hand.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { shippedIds } from '../profile/profiles.ts';
import type { Read } from '../profile/safety-readers.ts';
import { ages, type BesideWire, besideWire, type Look } from './beside-wire.ts';
import { contradictions } from './contradictions.ts';

/** The page looks four times a second, and hears what is new once a second. */
const LOOK_MS = 250;
const PAGE_MS = 1000;
/** The bank is evaluated once a second. */
const EVALUATION_MS = 1000;
/** A zero of the wire that an inverter does not ignore. */
const LEAST_A = 0.1;

/** Nobody was heard yet, all is well, silence through the whole ladder, and back. */
function ladder(room: BesideWire): number {
  room.silent(5);
  room.speaking(21);
  const lastTrueMs = room.lastTrueMs();
  room.silent(75);
  room.speaking(25);
  return lastTrueMs;
}

const limits = ({ cclA = [], dclA = [], cclW, dclW }: Read): number[] => [
  ...cclA,
  ...dclA,
  ...[cclW, dclW].filter((watts) => watts !== undefined),
];

const momentOf = (looks: readonly Look[], fromMs: number, is: (look: Look) => boolean): number =>
  (looks.find((look) => look.atMs > fromMs && is(look))?.atMs ?? Number.NaN) - fromMs;

describe('the page says what the wire of the profile says', () => {
  test.each(shippedIds)('%s: from the first word to lost, and back', (id) => {
    const room = besideWire(id);
    ladder(room);
    expect(contradictions(id, room)).toEqual([]);
    const words = new Set(room.looks.map(({ inverter }) => inverter.telling));
    for (const word of ['nothing yet', 'the truth', 'last values', 'stale']) expect(words).toContain(word);
    expect(words.has('silence') !== words.has('holds zero')).toBe(true);
    expect(room.looks.at(-1)).toMatchObject({
      saysTold: true,
      isSpoken: true,
      inverter: { telling: 'the truth', told: { soc_told_pct: 50 } },
    });
  });

  test.each(shippedIds)(
    '%s: an alarm, charging blocked, a full cell, half a bank, one that stops listening',
    (id) => {
      const room = besideWire(id, '  on_partial_loss: reduce');
      room.speaking(9);
      room.speaking(7, reading({ alarms: ['short_circuit'] }));
      room.speaking(13);
      room.speaking(7, reading({ chargeFet: false, socPct: 99.6 }));
      room.speaking(13, reading({ socPct: 3.4, cellV: 3.02 }));
      room.speaking(7, reading({ cellV: 3.6 }));
      room.speaking(13);
      room.speaking(31, reading(), ['a']);
      room.wakes(false);
      room.speaking(21);
      room.wireIs('unavailable');
      room.speaking(3);
      expect(contradictions(id, room)).toEqual([]);
      const read = room.looks.flatMap(({ wire }) => wire ?? []);
      expect(new Set(read.flatMap(({ soc }) => soc)).size).toBeGreaterThan(2);
      expect(read.some((one) => limits(one).includes(0) || limits(one).includes(LEAST_A))).toBe(true);
      expect(room.looks.at(-1)?.saysTold).toBe(false);
    },
  );

  test.each(shippedIds)('%s: the rung and its countdown come when the wire changes, to the beat', (id) => {
    const room = besideWire(id);
    const lastTrueMs = ladder(room);
    const { looks, everyMs } = room;
    const on = (step: string) => momentOf(looks, lastTrueMs, ({ ladder: { here } }) => here === step);
    const due = {
      late: ages.fresh_ms,
      stale: ages.late_ms,
      zero: ages.late_ms + ages.ramp_ms,
      lost: ages.lost_ms,
    };
    for (const [step, ms] of Object.entries(due)) {
      expect([step, Math.abs(on(step) - ms) <= EVALUATION_MS + LOOK_MS]).toEqual([step, true]);
      for (const {
        atMs,
        ladder: { next },
      } of looks)
        if (next?.step === step && atMs > lastTrueMs && atMs < lastTrueMs + ms)
          expect(atMs + next.inMs - lastTrueMs).toBe(ms);
    }
    const well = limits(looks.find(({ wire, atMs }) => wire && atMs <= lastTrueMs)?.wire ?? never());
    const falls = momentOf(looks, lastTrueMs, ({ wire }) =>
      limits(wire ?? never()).some((n, i) => n < (well[i] ?? 0)),
    );
    const zero = momentOf(looks, lastTrueMs, ({ wire }) =>
      limits(wire ?? never()).every((n) => n <= LEAST_A),
    );
    const silent = momentOf(looks, lastTrueMs, ({ isSpoken }) => !isSpoken);
    const beatMs = Math.max(PAGE_MS, everyMs) + LOOK_MS;
    expect(Math.abs(falls - on('stale'))).toBeLessThanOrEqual(beatMs);
    expect(Math.abs(zero - on('zero'))).toBeLessThanOrEqual(beatMs);
    const isSilentWhenLost = looks.some(({ inverter }) => inverter.telling === 'silence');
    if (isSilentWhenLost) expect(Math.abs(silent - on('lost'))).toBeLessThanOrEqual(beatMs);
    else expect(silent).toBeNaN();
  });
});

function never(): never {
  throw new Error('nothing was told');
}

describe('the page never says that is told what is not', () => {
  const said = fc.record({
    socPct: fc.double({ min: 0, max: 100, noNaN: true }),
    cellV: fc.double({ min: 2.6, max: 3.66, noNaN: true }),
    currentA: fc.double({ min: -120, max: 120, noNaN: true }),
    temperaturesC: fc.array(fc.integer({ min: -12, max: 58 }), { minLength: 1, maxLength: 2 }),
    chargeFet: fc.boolean(),
    alarms: fc.constantFrom([], [], [], ['high_temperature' as const], ['cell_low_voltage' as const]),
  });
  const happening = fc.record({
    seconds: fc.integer({ min: 1, max: 25 }),
    says: said,
    packs: fc.constantFrom(['a', 'b'], ['a', 'b'], ['a', 'b'], ['a'], []),
    wakes: fc.constantFrom(true, true, true, false),
    wire: fc.constantFrom('open', 'open', 'open', 'error-passive', 'no-ack', 'unavailable'),
    hangs: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
  });
  const loss = fc.constantFrom('reduce', 'hold', 'exclude', 'block');

  test('of any bank, on any wire, whatever becomes of either', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shippedIds),
        loss,
        fc.array(happening, { minLength: 2, maxLength: 8 }),
        (id, policy, day) => {
          const room = besideWire(id, `  on_partial_loss: ${policy}`);
          room.speaking(4);
          for (const { seconds, says, packs, wakes, wire, hangs } of day) {
            room.wakes(wakes);
            room.wireIs(wire);
            if (hangs) room.hang();
            room.speaking(seconds, reading(says), packs);
          }
          expect(contradictions(id, room)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
