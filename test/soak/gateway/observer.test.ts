// The observer of the gateway soak can fail: each lie on a wire is one sentence, and the truth is none.
import { beforeEach, describe, expect, test } from 'vitest';
import { BASIC, CELLS } from '../../../src/bms/jbd-fields.ts';
import { randomFrom } from '../../bms/noise.ts';
import { crankedClock } from '../../can/clock.ts';
import type { SoakUnit } from '../unit.ts';
import { soakUnit } from '../unit.ts';
import { ask } from './ask.ts';
import { bankQuestion, damagedWrite, isHiddenByChance } from './bad-bytes.ts';
import { beats, FAMILY, type Frame } from './beats.ts';
import { monotonicOf } from './bus.ts';
import { excuses } from './excuses.ts';
import type { Image } from './image.ts';
import { type Ladder, ladder } from './ladder.ts';
import { calmEndsMs, gatewayFaults, planStorms } from './plan.ts';
import { crcOf } from './rtu-bytes.ts';
import { scratch } from './scratch.ts';
import { bankOf, basicOf, highestOf, lowestOf, tells } from './told.ts';

const never = { between: () => 0 };
const most = { cclA: 60, dclA: 90, cvlV: 57.6 };

describe('the judge of a wire', () => {
  let time: ReturnType<typeof crankedClock>;
  let units: readonly SoakUnit[];
  let wrong: string[];
  let judge: Ladder;

  /** Both packs answer a round. */
  const round = () => {
    for (const unit of units) {
      ask(unit, BASIC);
      ask(unit, CELLS);
    }
  };

  /** What a true gateway tells of these answers. */
  function told(
    answers: readonly number[],
    more: Partial<Image> = {},
    registers: Partial<Image['more']> = {},
  ): Image {
    const parts = answers.map((answer, i) => ({ unit: i + 1, answer }));
    const end = (of: typeof lowestOf, cell: number, better: (a: number, b: number) => boolean) =>
      parts
        .map(({ unit, answer }) => ({ milliV: of(unit, answer + 1), pack: unit, cell }))
        .reduce((a, b) => (better(b.milliV, a.milliV) ? b : a));
    const atMs = time.clock();
    const bank = bankOf(parts);
    return {
      atMs,
      ...bank,
      currentA: parts.reduce((sum, { unit, answer }) => sum + (basicOf(unit, answer).currentA ?? 0), 0),
      voltageStepV: 0.001,
      socStepPct: 0.01,
      ...most,
      cvlV: 55.2,
      isStale: false,
      ...more,
      more: {
        isLate: more.isStale ?? false,
        isValid: !more.isStale,
        ageS: 0,
        heartbeat: Math.floor(atMs / 1000) % 256,
        packsOnline: 2,
        lowest: end(lowestOf, 2, (a, b) => a < b),
        highest: end(highestOf, 3, (a, b) => a > b),
        enables: [(more.cclA ?? 1) > 0, (more.dclA ?? 1) > 0],
        ...registers,
      },
    };
  }

  beforeEach(() => {
    time = crankedClock(1000);
    units = [1, 2].map((n) => soakUnit(n, tells, time.clock));
    wrong = [];
    judge = ladder({ wire: 'line', units, most, stillness: never, fail: (sentence) => wrong.push(sentence) });
    round();
  });

  test('takes what is true, of one round and of the next', () => {
    judge.see(told([1, 1]));
    time.until(2000);
    round();
    judge.see(told([3, 3]));
    expect(wrong).toEqual([]);
    expect([judge.isWell(), judge.seen()]).toEqual([true, 2]);
  });

  test('sees a wrong value', () => {
    judge.see(told([1, 1], { voltageV: told([1, 1]).voltageV + 0.01 }));
    judge.see(told([1, 1], { socPct: told([1, 1]).socPct - 1 }));
    judge.see(told([1, 1], { temperatureC: 0 }));
    judge.see(told([1, 1], { currentA: 0.3 }));
    expect(wrong).toEqual([
      expect.stringContaining('torn or wrong'),
      expect.stringContaining('torn or wrong'),
      expect.stringContaining('torn or wrong'),
      expect.stringContaining('no packs tell such a current'),
    ]);
  });

  test('sees an image that is torn between two rounds', () => {
    time.until(2000);
    round();
    judge.see({ ...told([3, 3]), currentA: told([1, 1]).currentA });
    judge.see({ ...told([3, 3], {}, { lowest: { milliV: lowestOf(1, 2), pack: 1, cell: 2 } }) });
    expect(wrong).toEqual([
      expect.stringContaining('torn or wrong'),
      expect.stringContaining('lowest or highest cell'),
    ]);
  });

  test('sees an answer that was never given, one that was bent, and one that is older than the last', () => {
    judge.see(told([3, 3]));
    units[0]?.bendNext(1, 1);
    time.until(2000);
    round();
    judge.see(told([3, 1]));
    judge.see(told([1, 3]));
    judge.see(told([1, 1]));
    expect(wrong).toEqual(Array(3).fill(expect.stringContaining('not given or is older')));
  });

  test('sees old data without a sign: late, stale, and limits that do not fall', () => {
    const later = (ms: number, more: Partial<Image> = {}, registers: Partial<Image['more']> = {}) => {
      time.until(1000 + ms);
      judge.see(told([1, 1], more, { ageS: Math.floor(ms / 1000), ...registers }));
      return wrong.splice(0);
    };
    expect(later(6500)).toEqual([]);
    expect(later(7200)).toEqual(['line: not late although its oldest pack is 7.2 s old']);
    expect(later(16_200, {}, { isLate: true })).toEqual([
      'line: no sign of old data although its oldest pack is 16.2 s old',
    ]);
    expect(later(16_300, { isStale: true })).toEqual([]);
    expect(later(26_200, { isStale: true, cclA: 1 })).toEqual([
      expect.stringMatching(/^line: allows 1 A, 90 A although/),
      expect.stringMatching(/^line: the heartbeat goes from 17 to 27 while stale$/),
    ]);
  });

  test('sees an age that is not that of what is told', () => {
    time.until(4000);
    judge.see(told([1, 1], {}, { ageS: 0 }));
    judge.see(told([1, 1], {}, { ageS: 30 }));
    expect(wrong).toEqual([
      'line: says 0 s of age, by the book it is 3.0 s',
      'line: says 30 s of age, by the book it is 3.0 s',
    ]);
  });

  test('sees a pack that does not count, though each is needed', () => {
    judge.see(told([1], {}, { packsOnline: 1 }));
    expect(wrong).toEqual([
      'line: no sign of old data although a pack does not count',
      'line: not late although a pack does not count',
    ]);
  });

  test('sees limits of nobody, enables beside them, and one that rises too fast', () => {
    judge.see(told([1, 1], { cclA: 61 }));
    judge.see(told([1, 1], { cclA: 0 }, { enables: [true, true] }));
    time.until(1500);
    judge.see(told([1, 1], { cclA: 20 }));
    expect(wrong).toEqual([
      expect.stringContaining('limits that nobody configured'),
      expect.stringContaining('enables true,true beside 0 A, 90 A'),
      'line: a limit rises by 20.0 A in 0.5 s',
    ]);
  });

  test('sees a way back that is too short, and a heartbeat that stands still', () => {
    judge.see(told([1, 1]));
    for (let atMs = 1000; atMs < 6000; atMs += 1000) {
      time.until(atMs);
      judge.see(told([1, 1], { isStale: true }, { heartbeat: 1, ageS: Math.floor((atMs - 1000) / 1000) }));
    }
    time.until(6000);
    round();
    judge.see(told([3, 3], {}, { heartbeat: 1 }));
    expect(wrong.splice(0)).toEqual(['line: back after 5.0 s of old data']);
    time.until(11_500);
    round();
    judge.see(told([5, 5], {}, { heartbeat: 1 }));
    expect(wrong).toEqual(['line: the heartbeat stands at 1 for 6.5 s and the bank is not stale']);
  });
});

describe('the judge of beats', () => {
  let wrong: string[];
  let whole: number[];
  let judge: ReturnType<typeof beats>;
  const excused = excuses();

  const frame = (id: number, atMs: number, data = Buffer.from([0, 0, 50, 0, 90, 0, 0, 0])): Frame => ({
    id,
    atMs,
    data,
  });
  const beat = (atMs: number) => {
    FAMILY.forEach((id, i) => {
      judge.hear(frame(id, atMs + 5 * i));
    });
  };

  beforeEach(() => {
    wrong = [];
    whole = [];
    judge = beats({
      stillness: never,
      fail: (sentence) => wrong.push(sentence),
      isExcused: excused.covers,
      onBeat: (_, atMs) => whole.push(atMs),
    });
    for (let n = 0; n < 6; n++) beat(n * 1000);
  });

  test('takes a beat in each second, and gives each as a whole', () => {
    judge.look(5200);
    expect(wrong).toEqual([]);
    expect([judge.count(), whole.length]).toEqual([6, 6]);
  });

  test('sees a beat that is missing, one off its deadline, and a drift', () => {
    beat(7000);
    expect(wrong.splice(0)).toEqual(['no beat for 2000 ms']);
    beat(8150);
    expect(wrong.splice(0)).toEqual([
      'no beat for 1150 ms',
      expect.stringMatching(/^a beat 150 ms after its deadline/),
    ]);
    for (let n = 9; n < 20; n++) beat(n * 1000 + 40 * (n - 8));
    expect(wrong[0]).toMatch(/^a beat 120 ms after its deadline/);
  });

  test('sees silence without waiting for a frame', () => {
    judge.look(7500);
    expect(wrong).toEqual(['no beat for 2500 ms']);
  });

  test('sees a burst', () => {
    for (const ms of [6000, 6010, 6020]) judge.hear(frame(0x355, ms));
    expect(wrong).toEqual(['a burst: 3 frames 355 within 20 ms']);
  });

  test('takes a limit that becomes zero between two beats, and no other frame there', () => {
    judge.hear(frame(0x351, 5500, Buffer.from([0, 0, 0, 0, 90, 0, 0, 0])));
    expect(wrong).toEqual([]);
    judge.hear(frame(0x351, 5700, Buffer.from([0, 0, 9, 0, 90, 0, 0, 0])));
    expect(wrong).toEqual([expect.stringMatching(/^a beat 700 ms after/)]);
  });
});

test('what lies in the register for link tests is what was written last and whole', () => {
  const wrong: string[] = [];
  const stored = scratch((sentence) => wrong.push(sentence));
  stored.written(7);
  stored.read(7);
  expect(wrong).toEqual([]);
  stored.read(8);
  expect(wrong).toEqual([expect.stringContaining('a damaged write was executed')]);
});

test('no damaged write passes for a true one', () => {
  const random = randomFrom(5);
  for (let n = 0; n < 2000; n++) {
    const frame = damagedWrite(random);
    expect(crcOf(frame.subarray(0, -2))).not.toBe(frame.readUInt16LE(frame.length - 2));
  }
});

test('noise hides a question only where both make an intact frame of another device', () => {
  expect(isHiddenByChance(Buffer.from('0704', 'hex'), bankQuestion)).toBe(true);
  expect(isHiddenByChance(Buffer.from('0705', 'hex'), bankQuestion)).toBe(false);
  expect(isHiddenByChance(Buffer.alloc(0), bankQuestion)).toBe(false);
});

test('stamps stay monotonic while the wall clock is stepped, and of two clocks that are near each other the one in force counts', () => {
  const ahead = 1_790_000_000_000;
  const clocks = [
    { aheadMs: ahead, fromMs: 0, toMs: 1000 },
    { aheadMs: ahead + 3_600_000, fromMs: 990, toMs: 2000 },
    { aheadMs: ahead - 300, fromMs: 1990, toMs: Number.POSITIVE_INFINITY },
  ];
  expect(monotonicOf(ahead + 500, clocks, 5000)).toBe(500);
  expect(monotonicOf(ahead + 3_600_000 + 1500, clocks, 5000)).toBe(1500);
  expect(monotonicOf(ahead - 300 + 4000, clocks, 5000)).toBe(4000);
});

describe('the plan of storms', () => {
  const plan = planStorms(gatewayFaults, { seed: 4, units: 4, fromMs: 30_000, toMs: 1_800_000 });

  test('follows from its seed, and every kind comes', () => {
    expect(planStorms(gatewayFaults, { seed: 4, units: 4, fromMs: 30_000, toMs: 1_800_000 })).toEqual(plan);
    expect(new Set(plan.map(({ kind }) => kind)).size).toBe(Object.keys(gatewayFaults).length);
  });

  test('leaves a calm of a minute before each of its ends', () => {
    for (const endMs of calmEndsMs(30_000, 1_800_000))
      expect(plan.filter(({ atMs, forMs }) => atMs < endMs && atMs + forMs > endMs - 60_000)).toEqual([]);
  });
});
