import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanFrame } from '../../src/model/can-frame.ts';
import {
  beatAt,
  type Heard,
  heard,
  isDue,
  judged,
  led,
  newTalk,
  silenced,
  spoke,
  type Talk,
  talkRules,
} from '../../src/profile/talk.ts';
import { byd, canProfile, compiledOf, pylontechHv, solax } from '../wires/can-room.ts';

function canOf(text: string) {
  const { can } = compiledOf(text);
  if (!can) throw new Error('the profile speaks CAN');
  return can;
}
const rulesOf = (text: string) => talkRules(canOf(text));

const frame = (id: number, data: readonly number[], extended = id > 0x7ff): CanFrame => ({
  id,
  extended,
  data: Uint8Array.from(data),
});

/** The frame as it was meant, or a failure of the test. */
function meant(now: Heard) {
  if (now.kind !== 'meant') throw new Error(`the frame is ${now.kind}`);
  return now;
}

test('a float that is no number is not told as the current of the inverter', () => {
  const rules = rulesOf(
    canProfile(`
  every: 1s
  frames: [{ id: 0x359, length: 1, bits: [{ at: 0, bit: 0, since: stale }] }]
  receives: [{ id: 0x305, signals: [{ at: 0, as: f32le, means: inverter_current }] }]
`),
  );
  const valuesIn = (...data: number[]) =>
    meant(heard(rules, newTalk(rules, 0), frame(0x305, data), 0)).values;
  expect(valuesIn(0, 0, 0x40, 0x40)).toEqual([{ means: 'inverter_current', value: 3 }]);
  expect(valuesIn(0, 0, 0xc0, 0x7f)).toEqual([]);
  expect(valuesIn(0, 0, 0x80, 0x7f)).toEqual([]);
});

describe('hearing a frame', () => {
  const rules = rulesOf(byd);
  const waiting = newTalk(rules, 0);

  test('the first sign of life starts a talk that waits for it, the next ones only keep it going', () => {
    const first = meant(heard(rules, waiting, frame(0x151, [0]), 5000));
    expect(first).toMatchObject({ starts: true, alive: true, asks: [] });
    expect(first.talk).toMatchObject({ going: true, sinceMs: 5000, heardAtMs: 5000, spoken: -1 });
    const second = meant(heard(rules, first.talk, frame(0x091, [0, 0, 0, 0]), 6000));
    expect(second).toMatchObject({ starts: false, talk: { sinceMs: 5000, heardAtMs: 6000 } });
  });

  test('another width of id, another id, other marks: not known', () => {
    for (const other of [frame(0x151, [0], true), frame(0x152, [0])])
      expect(heard(rules, waiting, other, 0)).toEqual({ kind: 'unknown' });
    const polled = rulesOf(pylontechHv);
    expect(heard(polled, newTalk(polled, 0), frame(0x4200, [1]), 0)).toEqual({ kind: 'unknown' });
  });

  test('too short for its marks or its values: malformed; longer than needed is fine', () => {
    expect(heard(rules, waiting, frame(0x151, []), 0)).toEqual({ kind: 'malformed' });
    expect(heard(rules, waiting, frame(0x091, [0, 0, 0]), 0)).toEqual({ kind: 'malformed' });
    expect(heard(rules, waiting, frame(0x091, [0, 0, 0, 0, 9, 9, 9, 9]), 0).kind).toBe('meant');
  });

  test('values are scaled in the byte order of the profile', () => {
    const { values } = meant(heard(rules, waiting, frame(0x091, [0x0f, 0xa0, 0xff, 0x85]), 0));
    expect(values).toEqual([
      { means: 'inverter_voltage', value: 400 },
      { means: 'inverter_current', value: 12.3 },
    ]);
  });

  test('what means nothing is no sign of life', () => {
    const polled = rulesOf(solax);
    const now = meant(heard(polled, newTalk(polled, 0), frame(0x1871, [3]), 0));
    expect(now).toMatchObject({ alive: false, starts: false, asks: [], talk: { going: false } });
  });

  test('a mark compares only the bits of its mask', () => {
    for (const byte of [1, 3, 0xff])
      expect(meant(heard(rules, waiting, frame(0x151, [byte]), 0)).asks).toEqual(['identity']);
    for (const byte of [0, 2, 0xfe])
      expect(meant(heard(rules, waiting, frame(0x151, [byte]), 0)).asks).toEqual([]);
  });

  test('no frame of any id, width, length or content throws', () => {
    const any = fc.record({
      id: fc.oneof(fc.constantFrom(0x151, 0x091, 0x4200, 0x1871), fc.nat(0x1fffffff)),
      extended: fc.boolean(),
      data: fc.uint8Array({ maxLength: 8 }),
    });
    for (const text of [byd, pylontechHv, solax]) {
      const all = rulesOf(text);
      fc.assert(
        fc.property(fc.array(any, { maxLength: 30 }), (frames) => {
          let talk = newTalk(all, 0);
          for (const [i, one] of frames.entries()) {
            const now = heard(all, talk, one, i * 700);
            if (now.kind === 'meant')
              talk = now.leadsTo === undefined ? now.talk : led(now.talk, now.leadsTo);
          }
          expect([undefined, 'announce', 'waiting', 'closed']).toContain(talk.phase);
        }),
      );
    }
  });
});

describe('phases', () => {
  const rules = rulesOf(solax);
  const started = (): Talk => meant(heard(rules, newTalk(rules, 0), frame(0x1871, [1]), 0)).talk;
  const close = frame(0x1871, [2, 0, 1, 0, 1, 0, 0, 0]);

  test('a frame leads on only from the phases that it names, and only once it has been answered', () => {
    const now = meant(heard(rules, started(), close, 1000));
    expect(now).toMatchObject({ asks: ['data'], leadsTo: 'waiting', talk: { phase: 'announce' } });
    const waiting = led(now.talk, 'waiting');
    expect(meant(heard(rules, waiting, close, 1500))).not.toHaveProperty('leadsTo');
    expect(meant(heard(rules, waiting, frame(0x1871, [1]), 1500)).leadsTo).toBe('closed');
  });

  test('a silence that is too long, or one of our own, begins with the first phase', () => {
    const closed = spoke(led(started(), 'closed'), 4);
    expect(judged(rules, closed, 2000)).toBe(closed);
    expect(judged(rules, closed, 2001)).toMatchObject({ going: false, phase: 'announce', spoken: -1 });
    expect(silenced(rules, closed)).toMatchObject({ going: true, phase: 'announce', spoken: -1 });
  });

  test('a talk that was never heard is not stopped by silence', () => {
    const open = rulesOf(solax.replace('starts: heard', 'starts: at_once'));
    expect(judged(open, newTalk(open, 0), 3_600_000).going).toBe(true);
  });
});

describe('whose turn it is', () => {
  const can = canOf(byd);
  const rules = talkRules(can);
  const layout = (id: number) => {
    const found = can.layouts.find((l) => l.id === id);
    if (!found) throw new Error('the profile has this frame');
    return found;
  };

  test('the first beat has every cyclic frame, polled ones have no turn', () => {
    const talk = newTalk(rules, 0);
    expect([0x110, 0x150, 0x190].map((id) => isDue(rules, talk, layout(id), 0))).toEqual([true, true, true]);
    expect(isDue(rules, talk, layout(0x2d0), 0)).toBe(false);
  });

  test('whatever beats are left out, each slow frame has exactly one turn for the multiples that passed', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (left) => {
        let talk = newTalk(rules, 0);
        let beat = 0;
        let turns = 0;
        const passed = new Set<number>();
        for (const step of [0, ...left]) {
          beat += step;
          if (isDue(rules, talk, layout(0x150), beat)) turns++;
          passed.add(Math.floor(beat / 5));
          talk = spoke(talk, beat);
        }
        expect(turns).toBe(passed.size);
      }),
    );
  });

  test('beats are counted from the start of the talk, to the nearest deadline', () => {
    const talk = { ...newTalk(rules, 1000.4), going: true };
    const beats = [1000, 1001, 1999, 2001, 3000, 3001, 60_999].map((ms) => beatAt(rules, talk, ms));
    expect(beats).toEqual([0, 0, 0, 1, 1, 1, 30]);
  });
});

test('a talk without phases, stops and openings has none', () => {
  const rules = rulesOf(canProfile('  every: 1s\n  frames: [{ id: 0x100, length: 1 }]'));
  expect(rules).toMatchObject({ firstPhase: undefined, waitsToBeHeard: false, opening: [] });
  expect(newTalk(rules, 7)).toEqual({ going: true, phase: undefined, sinceMs: 7, spoken: -1 });
});
