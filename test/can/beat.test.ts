import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BeatOptions, startBeat } from '../../src/can/beat.ts';
import { createPace } from '../../src/can/pace.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { between } from '../between.ts';
import { type CrankedClock, crankedClock } from './clock.ts';
import { monologue } from './monologue.ts';

const frame = (id: number, ...bytes: number[]): CanFrame => ({
  id,
  extended: false,
  data: Uint8Array.from(bytes),
});

const LIMITS = 0x351;
const SOC = 0x355;
const MEASURED = 0x356;

interface Said {
  readonly atMs: number;
  readonly id: number;
  readonly bytes: readonly number[];
}

interface Beating extends Partial<BeatOptions> {
  readonly frames?: (nowMs: number) => readonly CanFrame[] | undefined;
}

function beating(time: CrankedClock, { frames = () => [], ...options }: Beating) {
  const said: Said[] = [];
  const beat = startBeat({
    everyMs: 1000,
    speaker: monologue(frames),
    ...time,
    send: ({ id, data }) => said.push({ atMs: time.clock(), id, bytes: [...data] }) > 0,
    ...options,
  });
  return { said, beat, ids: () => said.map(({ id }) => id), times: () => said.map(({ atMs }) => atMs) };
}

describe('the beat', () => {
  test('speaks at start and then once a second', () => {
    const time = crankedClock(500);
    const { times } = beating(time, { frames: () => [frame(LIMITS)] });
    time.until(4000);
    expect(times()).toEqual([500, 1500, 2500, 3500]);
  });

  test('does not drift in 10 000 beats, however late each timer comes', () => {
    const time = crankedClock(0, { oversleepMs: () => 0.37 });
    const { times, beat } = beating(time, { frames: () => [frame(LIMITS)] });
    time.until(10_000_500);
    expect(times()).toHaveLength(10_001);
    expect(times().at(-1)).toBeCloseTo(10_000_000.37, 6);
    expect(beat.report()).toMatchObject({ beats: 10_001, skipped: 0 });
    expect(beat.report().lateness.maxMs).toBeCloseTo(0.37, 6);
  });

  test('never drifts nor bunches, however late each timer comes: every beat belongs to a deadline of its own', () => {
    fc.assert(
      fc.property(fc.array(between(0, 4500), { minLength: 1, maxLength: 60 }), (late) => {
        let n = 0;
        const time = crankedClock(0, { oversleepMs: () => late[n++ % late.length] ?? 0 });
        const { times, beat } = beating(time, { frames: () => [frame(LIMITS)] });
        time.until(100_000);
        const { beats, skipped, nextAtMs } = beat.report();
        expect(times()).toHaveLength(beats);
        expect(nextAtMs % 1000).toBe(0);
        expect(beats + skipped).toBe(nextAtMs / 1000);
        // After a stall the nearest deadline counts: half a period is the least between two beats.
        const gaps = times().map((at, i) => at - (times()[i - 1] ?? Number.NEGATIVE_INFINITY));
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
      }),
    );
  });

  test('keeps 5 ms between the frames of a batch', () => {
    const time = crankedClock();
    const { said } = beating(time, { frames: () => [frame(LIMITS), frame(SOC), frame(MEASURED)] });
    time.until(999);
    expect(said.map(({ atMs, id }) => [atMs, id])).toEqual([
      [0, LIMITS],
      [5, SOC],
      [10, MEASURED],
    ]);
  });

  test('keeps them apart even when handing one over takes a while', () => {
    const time = crankedClock();
    const atMs: number[] = [];
    beating(time, {
      frames: () => [frame(LIMITS), frame(SOC)],
      send: () => {
        atMs.push(time.clock());
        time.stallUntil(time.clock() + 3);
        return true;
      },
    });
    time.until(999);
    expect(atMs).toEqual([0, 8]);
  });

  test('says one image per batch, even if the image changes while it speaks', () => {
    const time = crankedClock();
    const image = [frame(LIMITS, 1), frame(SOC, 1)];
    const { said } = beating(time, { frames: () => image });
    time.until(2);
    image[1]?.data.set([2]);
    time.until(999);
    expect(said.map(({ bytes }) => bytes)).toEqual([[1], [1]]);
  });

  test('is silent while there is nothing true to say, and speaks again at the next deadline', () => {
    const time = crankedClock();
    const { times, beat } = beating(time, {
      frames: (nowMs) => (nowMs >= 2000 && nowMs < 4000 ? undefined : [frame(LIMITS)]),
    });
    time.until(5500);
    expect(times()).toEqual([0, 1000, 4000, 5000]);
    expect(beat.report()).toMatchObject({ beats: 4, silent: 2, attendedAtMs: 5000 });
  });

  test('leaves out the beats that a stall swallowed and goes on in the old rhythm', () => {
    const time = crankedClock();
    const { times, beat } = beating(time, { frames: () => [frame(LIMITS)] });
    time.until(1500);
    time.stallUntil(5400);
    time.until(7500);
    expect(times()).toEqual([0, 1000, 5400, 6000, 7000]);
    expect(beat.report().skipped).toBe(3);
  });

  test('waits for the next deadline when a stall ends shortly before it', () => {
    const time = crankedClock();
    const { times } = beating(time, { frames: () => [frame(LIMITS)] });
    time.until(1500);
    time.stallUntil(5600);
    time.until(7500);
    expect(times()).toEqual([0, 1000, 6000, 7000]);
  });

  test('does not give the rest of a batch out after a stall because somebody asks first', () => {
    const time = crankedClock();
    const said: number[] = [];
    const pace = createPace({ gapMs: 5, minGapMs: 0, ...time, send: ({ id }) => said.push(id) > 0 });
    pace.say({ groups: [], frames: [frame(LIMITS), frame(SOC)] });
    // The frame of the inverter is read before the timer that slept through the stall.
    time.jump(5000);
    pace.say({ groups: ['who'], frames: [frame(MEASURED)] });
    time.until(6000);
    expect(said).toEqual([LIMITS, MEASURED]);
  });

  test('drops the rest of a batch that a stall cut in two', () => {
    const time = crankedClock();
    const { said } = beating(time, { frames: () => [frame(LIMITS), frame(SOC)] });
    time.until(2);
    time.stallUntil(3600);
    time.until(4004);
    expect(said.map(({ atMs, id }) => [atMs, id])).toEqual([
      [0, LIMITS],
      [4000, LIMITS],
    ]);
  });

  test('never starts a beat over an unfinished batch', () => {
    const time = crankedClock();
    const frames = [frame(1), frame(2), frame(3)];
    const { said, beat } = beating(time, { frames: () => frames, everyMs: 100, gapMs: 60 });
    time.until(330);
    expect(said.map(({ atMs, id }) => [atMs, id])).toEqual([
      [0, 1],
      [60, 2],
      [120, 3],
      [200, 1],
      [260, 2],
      [320, 3],
    ]);
    expect(beat.report().skipped).toBe(2);
  });

  test('goes on when the line takes nothing, and counts what it did not take', () => {
    const time = crankedClock();
    const { beat } = beating(time, { frames: () => [frame(LIMITS), frame(SOC)], send: () => false });
    time.until(2500);
    expect(beat.report()).toMatchObject({ beats: 3, unsent: 6, attendedAtMs: 2000 });
  });

  test('says with the next beat what the line did not take and is not due before long, as it is then', () => {
    const time = crankedClock();
    const everyTenth = (nowMs: number) => frame(MEASURED, Math.floor(nowMs / 1000));
    const usual = monologue(() => [frame(LIMITS)]);
    let isAway = true;
    const said: Said[] = [];
    const { beat } = beating(time, {
      speaker: {
        ...usual,
        beat: (nowMs) => [
          { groups: [], frames: [frame(LIMITS), ...(nowMs % 10_000 < 1000 ? [everyTenth(nowMs)] : [])] },
        ],
        unasked: (nowMs) => [frame(LIMITS), everyTenth(nowMs)],
      },
      send: ({ id, data }) => {
        if (!isAway) said.push({ atMs: time.clock(), id, bytes: [...data] });
        return !isAway;
      },
    });
    time.until(2500);
    isAway = false;
    time.until(12_500);
    expect(said.filter(({ id }) => id === MEASURED)).toEqual([
      { atMs: 3005, id: MEASURED, bytes: [3] },
      { atMs: 10_005, id: MEASURED, bytes: [10] },
    ]);
    expect(said.filter(({ id }) => id === LIMITS)).toHaveLength(10);
    expect(beat.report()).toMatchObject({ unsent: 6, skipped: 0 });
  });

  test('says nothing after it was stopped, not even the rest of a batch', () => {
    const time = crankedClock();
    const { ids, beat } = beating(time, { frames: () => [frame(LIMITS), frame(SOC)] });
    time.until(2);
    beat.stop();
    beat.urgent();
    time.until(5000);
    expect(ids()).toEqual([LIMITS]);
  });

  test('says nothing when it is stopped by the very one who is asked for the frames', () => {
    const time = crankedClock();
    const { ids, beat } = beating(time, {
      frames: () => {
        beat.stop();
        return [frame(LIMITS)];
      },
    });
    time.until(5000);
    expect(ids()).toEqual([]);
  });

  test('never leaves more than a period between two beats, at 200 random phases', () => {
    const phases = between(0, 5000);
    const late = between(0, 2);
    fc.assert(
      fc.property(phases, phases, late, (startMs, changesMs, oversleepMs) => {
        const time = crankedClock(startMs, { oversleepMs: () => oversleepMs });
        const { said } = beating(time, { frames: (nowMs) => [frame(LIMITS, nowMs >= changesMs ? 0 : 100)] });
        time.until(startMs + 12_000);
        const told = said.find(({ bytes }) => bytes[0] === 0)?.atMs ?? Number.POSITIVE_INFINITY;
        expect(told - Math.max(startMs, changesMs)).toBeLessThanOrEqual(1000 + 1 + 2 * oversleepMs);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a hard zero between two beats', () => {
  function withLimit(options: Beating = {}) {
    const time = crankedClock();
    const bank = { limitA: 100, voltageV: 52 };
    const frames = () => [frame(LIMITS, bank.limitA), frame(SOC, 80), frame(MEASURED, bank.voltageV)];
    return { time, bank, ...beating(time, { frames, ...options }) };
  }

  test('is sent at once, alone, and the rhythm goes on', () => {
    const { time, bank, said, beat } = withLimit();
    time.until(400);
    bank.limitA = 0;
    beat.urgent();
    time.until(1000);
    expect(said.slice(3)).toEqual([
      { atMs: 400, id: LIMITS, bytes: [0] },
      { atMs: 1000, id: LIMITS, bytes: [0] },
    ]);
  });

  test('sends nothing when no byte changed', () => {
    const { time, beat, ids } = withLimit();
    time.until(400);
    beat.urgent();
    time.until(999);
    expect(ids()).toEqual([LIMITS, SOC, MEASURED]);
  });

  test('waits for the least distance to the same id, and so does the beat after it', () => {
    const { time, bank, said, beat } = withLimit({ minGapMs: 200 });
    time.until(150);
    bank.limitA = 0;
    beat.urgent();
    time.until(900);
    bank.limitA = 1;
    beat.urgent();
    time.until(1999);
    const limits = said.filter(({ id }) => id === LIMITS);
    expect(limits.map(({ atMs }) => atMs)).toEqual([0, 200, 900, 1100]);
    expect(said.filter(({ id }) => id === SOC).map(({ atMs }) => atMs)).toEqual([5, 1000]);
  });

  test('overtakes a batch under way, of which the rest comes from the new image', () => {
    const { time, bank, said, beat } = withLimit();
    time.until(6);
    bank.limitA = 0;
    bank.voltageV = 51;
    beat.urgent();
    time.until(999);
    expect(said.slice(2)).toEqual([
      { atMs: 10, id: LIMITS, bytes: [0] },
      { atMs: 15, id: MEASURED, bytes: [51] },
    ]);
  });

  test('is tried again by the next urgent call when the line did not take it', () => {
    const taken: boolean[] = [];
    const { time, bank, beat } = withLimit({
      send: ({ id }) =>
        taken.push(id !== LIMITS || bank.limitA > 0) > 0 && (id !== LIMITS || bank.limitA > 0),
    });
    time.until(400);
    bank.limitA = 0;
    beat.urgent();
    time.until(500);
    beat.urgent();
    expect(taken).toEqual([true, true, true, false, false]);
  });

  test('an image that is no longer true silences the rest of the batch', () => {
    const time = crankedClock();
    let valid = true;
    const { ids, beat } = beating(time, { frames: () => (valid ? [frame(LIMITS), frame(SOC)] : undefined) });
    time.until(2);
    valid = false;
    beat.urgent();
    time.until(900);
    expect(ids()).toEqual([LIMITS]);
  });

  test('the parts of a name under one id are told apart', () => {
    const time = crankedClock();
    const parts = [frame(0x3d0, 0, 66), frame(0x3d0, 1, 45), frame(0x3d0, 2, 101)];
    const { said, beat } = beating(time, {
      frames: () => parts,
      keyOf: ({ id, data }) => `${id}/${data[0]}`,
    });
    time.until(100);
    parts[1]?.data.set([1, 46]);
    beat.urgent();
    time.until(200);
    expect(said.slice(3)).toEqual([{ atMs: 100, id: 0x3d0, bytes: [1, 46] }]);
  });
});

describe('answers between the beats', () => {
  const POLLED = [0x4210, 0x4220, 0x4280];

  function answering(options: Partial<BeatOptions> = {}) {
    const time = crankedClock();
    const bank = { limitA: 100, tells: true };
    const frames = (): CanFrame[] | undefined =>
      bank.tells ? [frame(LIMITS, bank.limitA), frame(SOC, 80)] : undefined;
    const answer = (groups: readonly string[]): CanFrame[] | undefined =>
      bank.tells ? (groups.includes('all') ? POLLED.map((id) => frame(id, bank.limitA)) : []) : undefined;
    const speaker = { ...monologue(frames), answer, renewed: answer };
    return { time, bank, ...beating(time, { speaker, minGapMs: 200, ...options }) };
  }

  test('go out at once and leave the rhythm alone', () => {
    const { time, beat, times, ids } = answering();
    time.until(400);
    expect(beat.answer(['all'])).toBe(true);
    time.until(1500);
    expect(times()).toEqual([0, 5, 400, 405, 410, 1000, 1005]);
    expect(ids().slice(2, 5)).toEqual(POLLED);
  });

  test('never cost a beat: one that falls into an answer follows it', () => {
    const { time, beat, said } = answering();
    time.until(998);
    beat.answer(['all']);
    time.until(1500);
    expect(said.slice(2).map(({ atMs, id }) => [atMs, id])).toEqual([
      [998, 0x4210],
      [1003, 0x4220],
      [1008, 0x4280],
      [1013, LIMITS],
      [1018, SOC],
    ]);
    expect(beat.report().skipped).toBe(0);
  });

  test('do not keep the distance that unasked repeats keep', () => {
    const { time, beat, times } = answering();
    for (const ms of [100, 120, 140]) {
      time.until(ms);
      beat.answer(['all']);
    }
    time.until(900);
    expect(times().slice(2)).toEqual([100, 105, 110, 120, 125, 130, 140, 145, 150]);
  });

  test('are refused while there is nothing true to say', () => {
    const { time, bank, beat, ids } = answering();
    time.until(400);
    bank.tells = false;
    expect(beat.answer(['all'])).toBe(false);
    time.until(900);
    expect(ids()).toEqual([LIMITS, SOC]);
  });

  test('are not queued while they still go out, but count as given', () => {
    const { time, beat, ids } = answering();
    time.until(400);
    for (let i = 0; i < 1000; i++) expect(beat.answer(['all'])).toBe(true);
    time.until(900);
    expect(ids().slice(2)).toEqual(POLLED);
  });

  test('give way to a hard zero, and what still waited of them says it too', () => {
    const { time, bank, beat, said } = answering();
    time.until(401);
    beat.answer(['all']);
    time.until(403);
    bank.limitA = 0;
    beat.urgent();
    time.until(900);
    expect(said.slice(2).map(({ atMs, id, bytes }) => [atMs, id, bytes[0]])).toEqual([
      [401, 0x4210, 100],
      [406, LIMITS, 0],
      [411, 0x4220, 0],
      [416, 0x4280, 0],
    ]);
  });

  test('are forgotten with the rest when the image is no longer true', () => {
    const { time, bank, beat, ids } = answering();
    time.until(400);
    beat.answer(['all']);
    time.until(402);
    bank.tells = false;
    beat.urgent();
    time.until(900);
    expect(ids()).toEqual([LIMITS, SOC, 0x4210]);
  });

  test('a beat that is started anew speaks at once and counts its deadlines from there', () => {
    const { time, beat, times } = answering();
    time.until(444);
    beat.restart();
    time.until(2500);
    expect(times()).toEqual([0, 5, 444, 449, 1444, 1449, 2444, 2449]);
    beat.stop();
    beat.restart();
    expect(beat.answer(['all'])).toBe(false);
    time.until(9000);
    expect(times()).toHaveLength(8);
  });

  test('a beat without frames of its own is no silence, and an answer is not measured against it', () => {
    const { time, beat } = answering({
      speaker: {
        ...monologue(() => []),
        answer: () => [frame(0x4210)],
        renewed: () => [],
      },
    });
    time.until(2400);
    beat.answer(['all']);
    time.until(2500);
    expect(beat.report()).toMatchObject({ beats: 3, silent: 0, lateness: { sumMs: 0, maxMs: 0 } });
  });
});
