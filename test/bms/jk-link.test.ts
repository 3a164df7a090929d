import { describe, expect, test } from 'vitest';
import type { RadioUnit } from '../../src/ble/unit-port.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { jk, jk02 } from '../../src/bms/jk.ts';
import { capturedSamples } from '../../src/bms/samples.ts';
import type { Crank } from '../ble/crank.ts';
import { captured } from './captures.ts';
import { joinedUp } from './exchanges.ts';
import { cellsFrame, infoFrame, moduleText, ready, settingsFrame } from './jk-unit.ts';
import { linkTo } from './one-link.ts';
import { expectHeardAtOnce } from './rough-air.ts';

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

/** A link to one JK, with a clock that only turns by hand. */
function room({ size = 20, info = infoFrame(), goesOn = true, deafTimes = 0, ...habits }: Habits = {}) {
  const settingsMs = 'settingsMs' in habits ? habits.settingsMs : ANSWER_MS;
  let counter = 0;
  let deaf = deafTimes;
  let isMute = false;
  let isStreaming = false;

  const unitOf = (clock: Crank): Pick<RadioUnit, 'asked'> => ({
    asked: (request, tell) => {
      const say = (...frames: Uint8Array[]) => inNotifications(joinedUp(frames), size).forEach(tell);
      const stream = () => {
        if (!isMute) say(cellsFrame(32, { counter: goesOn ? ++counter : 1 }));
        clock.after(STREAM_MS, stream);
      };
      tell(moduleText);
      if (request[4] === 0x97) clock.after(ANSWER_MS, () => say(info, ready));
      if (request[4] !== 0x96 || deaf-- > 0) return;
      if (settingsMs !== undefined) clock.after(settingsMs, () => say(settingsFrame()));
      if (!isStreaming) clock.after(2 * ANSWER_MS, stream);
      isStreaming = true;
    },
  });
  const { said, asked, ...link } = linkTo(unitOf, { driver: jk });
  return {
    ...link,
    /** When each request was written, and its command. */
    written: () => asked.map(({ nowMs, hex }) => `${nowMs} ${hex.split(' ')[4]}`),
    notices: () => said.flatMap((r) => (r.type === 'notice' ? [r.text] : [])),
    states: () => said.flatMap((r) => (r.type === 'link' ? [r.state] : [])),
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
      expect(written()).toEqual(['350 97', '410 96', '470 96']);
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
    expect(written().slice(0, 3)).toEqual(['350 97', '410 96', '1110 96']);
    expect(samples().at(-1)?.reading).toMatchObject(whole);
  });

  test('rouses a unit that fell silent', async () => {
    const { clock, written, mute } = room();
    await clock.to(3000);
    mute();
    await clock.to(8500);
    expect(written().at(-1)).toMatch(/ 96$/);
    expect(written()).toHaveLength(4);
  });

  test('to a board that says the same frame for ever is dead', async () => {
    const { clock, samples, states } = room({ goesOn: false });
    await clock.to(8600);
    expect(samples()).toHaveLength(1);
    await clock.to(9200);
    expect(states()).toContain('lost');
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

test('noise before a good frame does not hide it', () => {
  expectHeardAtOnce(jk02, undefined, cellsFrame(32));
}, 300_000);
