// A person switches a FET of a JK, whose board acknowledges nothing and shows its state in what it says by itself.
import { describe, expect, test } from 'vitest';
import type { RadioUnit } from '../../src/ble/unit-port.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { jk } from '../../src/bms/jk.ts';
import { jkControl } from '../../src/bms/jk-control.ts';
import { toHex } from '../../src/bytes/hex.ts';
import type { Crank } from '../ble/crank.ts';
import { hex } from './captures.ts';
import { cellsFrame, floatsFrame, infoFrame, type JkPack, ready, settingsFrame } from './jk-unit.ts';
import { linkTo } from './one-link.ts';

const zeros = (count: number) => '00'.repeat(count);
/** As BLE reference 2.5 writes them; the sums were computed apart from our code. */
const frames = {
  chargeOn: `aa5590eb1d0401${zeros(12)}9c`,
  chargeOff: `aa5590eb1d0400${zeros(12)}9b`,
  dischargeOn: `aa5590eb1e0401${zeros(12)}9d`,
  dischargeOff: `aa5590eb1e0400${zeros(12)}9c`,
};

interface Habits extends JkPack {
  /** Does what it is told. */
  readonly obeys?: boolean;
  readonly saysReady?: boolean;
  readonly cells?: (pack: JkPack) => Uint8Array;
}

/** A JK that speaks twice a second. */
function room({
  obeys = true,
  saysReady = true,
  cells = (pack) => cellsFrame(32, pack),
  ...pack
}: Habits = {}) {
  const fets = { chargeFet: true, dischargeFet: true };
  let counter = 0;
  let isMute = false;
  const unitOf = (clock: Crank): Pick<RadioUnit, 'asked'> => ({
    asked: (request, tell) => {
      const say = (...frames: Uint8Array[]) =>
        frames.flatMap((frame) => inNotifications(frame, 128)).forEach(tell);
      const stream = () => {
        if (!isMute) say(cells({ ...pack, ...fets, counter: ++counter }));
        clock.after(500, stream);
      };
      const [, , , , command = 0, , value] = request;
      if (command === 0x97) say(infoFrame());
      if (command === 0x96) clock.after(60, () => say(settingsFrame()));
      if (command === 0x96 && counter === 0) stream();
      if (command !== 0x1d && command !== 0x1e) return;
      if (obeys) Object.assign(fets, { [command === 0x1d ? 'chargeFet' : 'dischargeFet']: value === 1 });
      if (saysReady) say(ready);
    },
  });
  const link = linkTo(unitOf, { driver: jk });
  return {
    ...link,
    fets,
    fall: () => {
      isMute = true;
    },
    switched: () => link.asked.flatMap(({ hex }) => (/^aa 55 90 eb 1[de]/.test(hex) ? [hex] : [])),
  };
}

const off = (direction: 'charge' | 'discharge') => ({ kind: 'fet', direction, on: false }) as const;
const on = (direction: 'charge' | 'discharge') => ({ kind: 'fet', direction, on: true }) as const;

describe('a person switches a FET of a JK', () => {
  test('with the one frame of that FET, written once, and the other FET stays as it is', async () => {
    const { clock, commanded, fets, samples, rejected } = room({ currentMA: 0 });
    await clock.to(3000);
    expect(await commanded(off('charge'), 6000)).toEqual({
      sent: [toHex(hex(frames.chargeOff))],
      heard: [],
    });
    expect(fets).toEqual({ chargeFet: false, dischargeFet: true });
    expect(samples().at(-1)?.reading).toMatchObject({ chargeFet: false, dischargeFet: true });
    expect(rejected()).toEqual([]);
  });

  test.each([
    ['charge', frames.chargeOn],
    ['discharge', frames.dischargeOn],
  ] as const)('and closes the %s FET under current', async (direction, frame) => {
    const { clock, commanded } = room({ currentMA: -40_000 });
    await clock.to(3000);
    expect((await commanded(on(direction), 6000))?.sent).toEqual([toHex(hex(frame))]);
  });

  test('whether or not the board says ready', async () => {
    const { clock, commanded, fets } = room({ currentMA: 0, saysReady: false });
    await clock.to(3000);
    expect((await commanded(off('discharge'), 6000))?.sent).toEqual([toHex(hex(frames.dischargeOff))]);
    expect(fets).toEqual({ chargeFet: true, dischargeFet: false });
  });

  test('and its rounds go on: no sample is late by it', async () => {
    const { clock, commanded, samples } = room({ currentMA: 0 });
    await clock.to(3000);
    await commanded(off('charge'), 10_000);
    const stamps = samples().map(({ atMs }) => atMs);
    expect(stamps.slice(1).every((t, i) => t - (stamps[i] ?? 0) === 500)).toBe(true);
  });

  test('but opens none under 2 A or more, whatever a sample said before', async () => {
    for (const currentMA of [2000, -2000, 40_000]) {
      const { clock, commanded, switched } = room({ currentMA });
      await clock.to(3000);
      expect((await commanded(off('charge'), 6000))?.why).toMatch('2 A or more flow again');
      expect(switched()).toEqual([]);
    }
    const { clock, commanded } = room({ currentMA: 1999 });
    await clock.to(3000);
    expect((await commanded(off('charge'), 6000))?.why).toBeUndefined();
  });

  test('of a board that has fallen silent nothing is sent: its state and its current are not known', async () => {
    const { clock, commanded, switched, fall } = room({ currentMA: 0 });
    await clock.to(3000);
    fall();
    expect((await commanded(off('charge'), 7000))?.why).toBe('the unit does not tell how its FETs are now');
    expect(switched()).toEqual([]);
  });

  test('of an active balancer nothing is sent: it has none that are known', async () => {
    const { clock, commanded, switched } = room({ cells: ({ counter = 0 }) => floatsFrame({ counter }) });
    await clock.to(3000);
    for (const wish of [off('charge'), on('discharge')])
      expect((await commanded(wish, clock.now() + 3000))?.why).toBe(
        'the unit does not tell how its FETs are now',
      );
    expect(switched()).toEqual([]);
  });

  test('who ignores it is seen by its state, which stays', async () => {
    const { clock, commanded, samples } = room({ currentMA: 0, obeys: false });
    await clock.to(3000);
    expect((await commanded(off('charge'), 6000))?.why).toBeUndefined();
    expect(samples().at(-1)?.reading.chargeFet).toBe(true);
  });
});

describe('of raw bytes', () => {
  test('only the two questions are reads', () => {
    expect(jkControl.isRead(hex(`aa5590eb97${zeros(14)}11`))).toBe(true);
    expect(jkControl.isRead(hex(`aa5590eb96${zeros(14)}10`))).toBe(true);
    for (const frame of [...Object.values(frames), `aa5590eb97${zeros(14)}12`, `aa5590eb9701${zeros(13)}12`])
      expect(jkControl.isRead(hex(frame))).toBe(false);
  });

  test('whatever begins like one that switches is one, with any length, value and sum', () => {
    for (const frame of [...Object.values(frames), 'aa5590eb1d', 'aa5590eb1e0107'])
      expect(jkControl.isSwitch(hex(frame))).toBe(true);
    for (const frame of [
      `aa5590eb1f0400${zeros(12)}9d`,
      'aa5590eb',
      '55aaeb901d',
      '0110107800020400000001',
      '0110161e0001020000',
      '010310700002',
    ])
      expect(jkControl.isSwitch(hex(frame))).toBe(false);
  });
});

test('no link to a JK ever writes more than its two questions by itself', async () => {
  const { clock, asked } = room();
  await clock.to(60_000);
  expect(new Set(asked.map(({ hex }) => hex.split(' ')[4]))).toEqual(new Set(['97', '96']));
});
