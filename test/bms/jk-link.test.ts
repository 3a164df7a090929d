import { describe, expect, test } from 'vitest';
import type { EarReport } from '../../src/ble/orders.ts';
import { session } from '../../src/ble/session.ts';
import { turns } from '../../src/ble/turns.ts';
import { type RadioUnit, unitPort } from '../../src/ble/unit-port.ts';
import { jk, jk02 } from '../../src/bms/jk.ts';
import { capturedSamples } from '../../src/bms/samples.ts';
import { crank } from '../ble/crank.ts';
import { captured } from './captures.ts';
import { chopped, flipsOf, framesIn, isFoundBehindGarbage, isHeard, standsNoise } from './damage.ts';
import { cellsFrame, infoFrame, moduleText, ready, settingsFrame } from './jk-unit.ts';

const address = 'c8:47:80:00:00:01';
const ANSWER_MS = 60;
const STREAM_MS = 500;
/** The session writes first when scan, link and settling are over. */
const FIRST_MS = 350;

interface Habits {
  /** Bytes of one notification. */
  readonly size?: number;
  readonly info?: Uint8Array;
  /** When the settings come after they are asked; undefined: never, the cells come at once. */
  readonly settingsMs?: number | undefined;
  readonly goesOn?: boolean;
  /** Deaf to so many first requests for settings and cells. */
  readonly deafTimes?: number;
}

/** A battery room with one JK, whose clock only turns by hand. */
function room({ size = 20, info = infoFrame(), goesOn = true, deafTimes = 0, ...habits }: Habits = {}) {
  const settingsMs = 'settingsMs' in habits ? habits.settingsMs : ANSWER_MS;
  const clock = crank();
  const reports: EarReport[] = [];
  const written: string[] = [];
  let counter = 0;
  let deaf = deafTimes;
  let isMute = false;
  let isStreaming = false;

  const unit: RadioUnit = {
    advert: { address, name: 'JK_PB2A16S15P', services: ['ffe0'], companyId: 0x4b4a },
    gatt: { service: 'ffe0', notify: 'ffe1', write: 'ffe1' },
    asked: (request, tell) => {
      const say = (...frames: Uint8Array[]) =>
        chopped(Uint8Array.from(frames.flatMap((frame) => [...frame])), size).forEach(tell);
      const stream = () => {
        if (!isMute) say(cellsFrame(32, { counter: goesOn ? ++counter : 1 }));
        clock.after(STREAM_MS, stream);
      };
      written.push(`${clock.now()} ${request[4]?.toString(16)}`);
      tell(moduleText);
      if (request[4] === 0x97) clock.after(ANSWER_MS, () => say(info, ready));
      if (request[4] !== 0x96 || deaf-- > 0) return;
      if (settingsMs !== undefined) clock.after(settingsMs, () => say(settingsFrame()));
      if (!isStreaming) clock.after(2 * ANSWER_MS, stream);
      isStreaming = true;
    },
  };
  session({
    address,
    driver: jk,
    batteries: [{ id: 'a' }],
    pollMs: 2000,
    turns: turns(unitPort([unit], clock), clock),
    timers: clock,
    report: (r) => reports.push(r),
  });
  const ofType = <T extends EarReport['type']>(type: T) =>
    // A report of this type is of this shape.
    reports.flatMap((r) => (r.type === type ? [r as Extract<EarReport, { type: T }>] : []));
  return {
    clock,
    written,
    samples: () => ofType('sample'),
    rejected: () => ofType('rejected'),
    notices: () => ofType('notice').map(({ text }) => text),
    states: () => ofType('link').map(({ state }) => state),
    mute: () => {
      isMute = true;
    },
  };
}

const whole = {
  name: 'garage',
  currentA: -5,
  socPct: 80,
  chargeOverCurrentA: 50,
  dischargeOverCurrentA: 100,
  nominalCapacityAh: 280,
  temperaturesC: [20.1, 20.2, 20.3, 20.4],
};

describe('a link to a JK', () => {
  test.each([20, 128, 512])(
    'in notifications of %d bytes gives a complete sample with each frame',
    async (size) => {
      const { clock, written, samples, rejected } = room({ size });
      await clock.to(5000);
      // Asked for the settings, then roused: to the board both are one request.
      expect(written).toEqual(['350 97', '410 96', '470 96']);
      expect(samples().length).toBeGreaterThanOrEqual(8);
      for (const { reading } of samples()) expect(reading).toMatchObject(whole);
      expect(rejected()).toEqual([]);
    },
  );

  test('stamps a sample with the first byte of its frame', async () => {
    const { clock, samples } = room();
    await clock.to(2000);
    const firstMs = FIRST_MS + ANSWER_MS + 2 * ANSWER_MS;
    expect(samples().map(({ atMs }) => atMs)).toEqual([firstMs, firstMs + 500, firstMs + 1000]);
  });

  test('needs no settings where a board sends its cells at once', async () => {
    const { clock, samples } = room({ settingsMs: undefined });
    await clock.to(3000);
    expect(samples().at(-1)?.reading).toMatchObject({ name: 'garage', currentA: -5 });
    expect(samples().at(-1)?.reading).not.toHaveProperty('chargeOverCurrentA');
  });

  test('takes settings that come late', async () => {
    const { clock, samples } = room({ settingsMs: 3000 });
    await clock.to(6000);
    expect(samples().at(-1)?.reading).toMatchObject(whole);
  });

  test('asks again where the first question was not heard', async () => {
    const { clock, written, samples } = room({ deafTimes: 1 });
    await clock.to(3000);
    expect(written.slice(0, 3)).toEqual(['350 97', '410 96', '1110 96']);
    expect(samples().at(-1)?.reading).toMatchObject(whole);
  });

  test('rouses a unit that fell silent', async () => {
    const { clock, written, mute } = room();
    await clock.to(3000);
    mute();
    await clock.to(8500);
    expect(written.at(-1)).toMatch(/ 96$/);
    expect(written).toHaveLength(4);
  });

  test('to a board that says the same frame for ever is dead', async () => {
    const { clock, samples, states } = room({ goesOn: false });
    await clock.to(8600);
    expect(samples()).toHaveLength(1);
    await clock.to(9200);
    expect(states()).toContain('lost');
  });

  test('to a JK04 gives no sample and one sentence', async () => {
    const { clock, samples, notices } = room({ info: infoFrame({ software: '3.3.0' }) });
    await clock.to(5000);
    expect(samples()).toEqual([]);
    expect(notices()).toEqual([
      'JK04 layout, software 3.3.0: not supported, for it tells neither current nor state of charge',
    ]);
  });
});

test('a capture replayed gives the sample of its link', () => {
  const samples = capturedSamples(jk, captured('jk/16s-19.27-discharging').entries);
  expect(samples).toMatchObject([
    {
      unit: 'a',
      sample: {
        reading: { name: 'JK-BMS', currentA: -0.727, chargeOverCurrentA: 80, nominalCapacityAh: 314 },
      },
    },
  ]);
});

// Thousands of frames: a busy machine needs its time.
describe('damage', { timeout: 60_000 }, () => {
  const names = [
    '13s-24s-cold',
    '16s-14.20-at-rest',
    '16s-19.27-discharging',
    '24s-10.07-at-rest',
    '8s-11.48-discharging',
  ];

  // A flipped bit changes a sum of 8 bits by a power of two, never by 0: a single flip is always caught; two may pass.
  test.each(names)('of one bit in any answer of %s is no reading', (name) => {
    const frames = framesIn(jk02, `jk/${name}`, 20);
    expect(frames.length).toBeGreaterThanOrEqual(2);
    for (const frame of frames) {
      expect(isHeard(jk02, undefined, frame)).toBe(true);
      const passed = [...flipsOf(frame)].filter((damaged) => isHeard(jk02, undefined, damaged));
      expect(passed).toEqual([]);
    }
  });

  test('and noise never throw and never grow', () => standsNoise(jk02, undefined, cellsFrame(32)));

  test('before a good frame does not hide it', () => isFoundBehindGarbage(jk02, undefined, cellsFrame(24)));
});
