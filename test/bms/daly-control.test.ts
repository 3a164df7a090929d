// A person switches a FET of a Daly, in the dialect that the board talks.
import { describe, expect, test } from 'vitest';
import { WIRED_GATT } from '../../src/ble/port.ts';
import { daly } from '../../src/bms/daly.ts';
import { dalyA5, dalyA5Line } from '../../src/bms/daly-a5.ts';
import { d2Control } from '../../src/bms/daly-control.ts';
import { dalyD2 } from '../../src/bms/daly-d2.ts';
import type { Gatt } from '../../src/bms/driver.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { hex } from './captures.ts';
import {
  a5Battery,
  a5Frame,
  a5Switchable,
  d2Switchable,
  modbusUnit,
  p81Registers,
  type Unit,
} from './daly-unit.ts';
import { oneLink } from './one-link.ts';

/** Read out of the talk of the maker's app (fl4p/batmon-ha issue 356). */
const d2Frames = {
  chargeOn: 'd20600a500014b8a',
  chargeOff: 'd20600a500008a4a',
  dischargeOn: 'd20600a60001bb8a',
  dischargeOff: 'd20600a600007a4a',
};
const AT_REST = 30000;
const calm = { ...a5Battery, state: 0, current: AT_REST };

const fet = (direction: 'charge' | 'discharge', on: boolean) => ({ kind: 'fet', direction, on }) as const;
const inRoom = (answer: Unit, gatt?: Gatt) => oneLink({ driver: daly, answer, size: 200, gatt });
const isD2Write = (request: Uint8Array) => request[0] === 0xd2 && request[1] === 6;

/** Register 29 of D2: tenths of an ampere from -3000 A. */
const amperes = (a: number) => ({ 41: 30000 + 10 * a });

describe('a person switches a FET of a D2 board', () => {
  test.each([
    ['charge', true, d2Frames.chargeOn],
    ['charge', false, d2Frames.chargeOff],
    ['discharge', true, d2Frames.dischargeOn],
    ['discharge', false, d2Frames.dischargeOff],
  ] as const)('%s on: %s, with the frame of the maker’s app', async (direction, on, frame) => {
    const { unit, fets } = d2Switchable(amperes(0));
    const { clock, commanded, samples, rejected } = inRoom(unit);
    await clock.to(3000);
    expect(await commanded(fet(direction, on), 8000)).toEqual({ sent: [toHex(hex(frame))], heard: [] });
    const state = { charge: true, discharge: true, [direction]: on };
    expect(fets).toEqual({ 53: Number(state.charge), 54: Number(state.discharge) });
    expect(samples().at(-1)?.reading).toMatchObject({
      chargeFet: state.charge,
      dischargeFet: state.discharge,
    });
    expect(rejected()).toEqual([]);
  });

  test('but opens none under 2 A or more, and closes one', async () => {
    for (const a of [2, -2, -125]) {
      const { unit, fets } = d2Switchable(amperes(a));
      const { clock, commanded } = inRoom(unit);
      await clock.to(3000);
      expect(await commanded(fet('charge', false), 8000)).toMatchObject({
        sent: [],
        why: expect.stringMatching('2 A or more flow again'),
      });
      expect(fets).toEqual({ 53: 1, 54: 1 });
      expect((await commanded(fet('charge', true), 11_000))?.why).toBeUndefined();
    }
  });

  test('which does not tell its current: nothing is sent', async () => {
    const { unit, fets } = d2Switchable({ 41: 0xffff });
    const { clock, commanded } = inRoom(unit);
    await clock.to(3000);
    expect((await commanded(fet('charge', false), 8000))?.sent).toEqual([]);
    expect(fets).toEqual({ 53: 1, 54: 1 });
  });

  test('which refuses it, and says so', async () => {
    const { unit } = d2Switchable(amperes(0));
    const { clock, commanded } = inRoom((r) => (isD2Write(r) ? hex('d286023258') : unit(r)));
    await clock.to(3000);
    const result = await commanded(fet('charge', false), 8000);
    expect(result?.why).toBe('the write was refused: unknown register');
  });

  test('whose echo says another thing than was written, which is no echo', async () => {
    const { unit } = d2Switchable(amperes(0));
    const { clock, commanded, rejected } = inRoom((r) => (isD2Write(r) ? hex(d2Frames.chargeOn) : unit(r)));
    await clock.to(3000);
    expect((await commanded(fet('charge', false), 8000))?.why).toMatch('did not answer');
    expect(rejected()).toContain('the echo is not what was written');
  });

  test('which stays silent: it is told twice, then the person', async () => {
    const { unit } = d2Switchable(amperes(0));
    const { clock, commanded, asked, samples } = inRoom((r) => (isD2Write(r) ? undefined : unit(r)));
    await clock.to(3000);
    expect((await commanded(fet('charge', false), 9000))?.why).toMatch('did not answer');
    expect(asked.filter(({ hex }) => hex.startsWith('d2 06'))).toHaveLength(2);
    await clock.to(15_000);
    expect(samples().at(-1)?.atMs).toBeGreaterThan(12_000);
  });

  test('which echoes and does nothing, which its state shows', async () => {
    const { unit } = d2Switchable(amperes(0), false);
    const { clock, commanded, samples } = inRoom(unit);
    await clock.to(3000);
    expect((await commanded(fet('charge', false), 8000))?.why).toBeUndefined();
    expect(samples().at(-1)?.reading.chargeFet).toBe(true);
  });
});

describe.each([
  ['an app', 0x80, undefined],
  ['a module on its line', 0x40, WIRED_GATT],
])('a person switches a FET of an A5 board that listens to %s', (_, host, gatt) => {
  test.each([
    ['charge', false, 0xda],
    ['charge', true, 0xda],
    ['discharge', false, 0xd9],
    ['discharge', true, 0xd9],
  ] as const)('%s on: %s', async (direction, on, command) => {
    const { unit, fets } = a5Switchable(calm, host);
    const { clock, commanded, samples } = inRoom(unit, gatt);
    await clock.to(6000);
    const frame = toHex(a5Frame(command, [Number(on)], host));
    expect(await commanded(fet(direction, on), 14_000)).toEqual({ sent: [frame], heard: [] });
    expect(fets).toEqual({ chargeFet: true, dischargeFet: true, [`${direction}Fet`]: on });
    expect(samples().at(-1)?.reading).toMatchObject(fets);
  });

  test('but opens none under 2 A or more', async () => {
    const { unit, fets } = a5Switchable({ ...calm, state: 2, current: AT_REST + 20 }, host);
    const { clock, commanded } = inRoom(unit, gatt);
    await clock.to(6000);
    expect(await commanded(fet('discharge', false), 14_000)).toMatchObject({
      sent: [],
      why: expect.stringMatching('2 A or more flow again'),
    });
    expect(fets).toEqual({ chargeFet: true, dischargeFet: true });
  });

  test('which ignores it, which its state shows', async () => {
    const { unit } = a5Switchable(calm, host, false);
    const { clock, commanded, samples } = inRoom(unit, gatt);
    await clock.to(6000);
    expect((await commanded(fet('charge', false), 14_000))?.why).toBeUndefined();
    expect(samples().at(-1)?.reading.chargeFet).toBe(true);
  });
});

test('a P81 board is left alone: nobody can tell which of two registers is its switch', async () => {
  const { clock, commanded, asked } = inRoom(modbusUnit(0x81, 0x51, p81Registers));
  await clock.to(4000);
  expect(await commanded(fet('charge', true), 8000)).toMatchObject({
    sent: [],
    why: 'FETs of a unit that talks `p81` cannot be switched from here',
  });
  expect(asked.filter(({ hex }) => / 06 /.test(hex.slice(0, 9)))).toEqual([]);
});

describe('of raw bytes', () => {
  const controls = [dalyD2, dalyA5, dalyA5Line].flatMap(({ control }) => control ?? []);
  const isSwitch = (text: string) => controls.map((control) => control.isSwitch(hex(text)));

  test('all our questions are reads', () => {
    for (const { requests, control } of [dalyD2, dalyA5, dalyA5Line])
      for (const { bytes } of requests({})) expect(control?.isRead(bytes)).toBe(true);
  });

  test('what holds the password is not read, nor what is no whole question', () => {
    // 3 words from C9; 1 word of it; 80 words around it; the switch of the balancer, behind it; a wrong sum; a write.
    expect(d2Control.isRead(hex('d20300c90003c656'))).toBe(false);
    expect(d2Control.isRead(hex('d20300cb0001e657'))).toBe(false);
    expect(d2Control.isRead(hex('d20300cf0001a796'))).toBe(true);
    expect(d2Control.isRead(hex('d203003e0009f7a4'))).toBe(false);
    expect(d2Control.isRead(hex(d2Frames.chargeOn))).toBe(false);
  });

  test.each([
    ...Object.values(d2Frames),
    'd210009f000a14',
    'd21000a50001020001',
    '81060121000100',
    '82100120000204',
    'a540d9080100000000000000',
    'a520da08',
  ])('%s switches, or may', (text) => {
    expect(isSwitch(text)).toEqual(controls.map(() => true));
  });

  test.each(['d20600a70001', 'd20300a50001', 'd2100097000a', 'a5409308', 'd206'])('%s does not', (text) => {
    expect(isSwitch(text)).toEqual(controls.map(() => false));
  });
});
