import { describe, expect, test } from 'vitest';
import { dumpLine, frameReader } from '../../src/can/dump-line.ts';
import { loadProfile } from '../../src/config/profile-files.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { byd, canProfile, compiledOf, solax } from '../wires/can-room.ts';

const frame = (id: number, hex: string, extended = false): CanFrame => ({
  id,
  extended,
  data: Uint8Array.from(Buffer.from(hex, 'hex')),
});

test('a frame is shown as candump shows it, with the time since the start', () => {
  expect(dumpLine(frame(0x51, '2802ff00'), 'can0', 1002.4)).toBe('(1.002)  can0  051   [4]  28 02 FF 00');
  expect(dumpLine(frame(0x4210, '', true), 'can0', 0)).toBe('(0.000)  can0  00004210   [0]');
});

describe('with a profile', () => {
  const { can } = loadProfile('pylontech-lv');
  const read = can ? frameReader(can) : () => [];
  const meaning = (heard: CanFrame) => read(heard).map((line) => line.trim());

  test('the limits are volts and amps', () => {
    expect(meaning(frame(0x351, '2802ff000000b801'))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^charge_voltage_limit_V +55\.2 V$/),
        expect.stringMatching(/^charge_current_limit_A +25\.5 A$/),
        expect.stringMatching(/^discharge_voltage_limit_V +44 V$/),
      ]),
    );
  });

  test('a constant is called so only where it stands; another battery has other bytes there', () => {
    expect(meaning(frame(0x359, '0a0000000a504e')).at(-1)).toMatch(/^PN +constant$/);
    expect(meaning(frame(0x359, '0a0000000a5359')).at(-1)).toMatch(/^PN +53 59$/);
  });

  test('the keep-alive of the inverter is called by its name', () => {
    expect(meaning(frame(0x305, '0000000000000000'))).toEqual([
      expect.stringMatching(/keep-alive/),
      'the inverter is there',
    ]);
  });

  test('a frame that is too short is not read as if it were whole', () => {
    expect(meaning(frame(0x351, '2802')).at(-1)).toBe('too short: the profile has 8 bytes');
  });

  test('what the profile does not have is said to be so, also the same id in 29 bits', () => {
    const unknown = ['no line of the profile names it'];
    expect(meaning(frame(0x123, '00'))).toEqual(unknown);
    expect(meaning(frame(0x351, '2802ff000000b801', true))).toEqual(unknown);
  });
});

describe('of a family that is polled, or carries several contents under one id', () => {
  const readerOf = (text: string) => {
    const { can } = compiledOf(text);
    if (!can) throw new Error('the profile speaks CAN');
    const read = frameReader(can);
    return (heard: CanFrame) => read(heard).map((line) => line.trim().replace(/ +/g, ' '));
  };

  test('a poll is read as what it asks for, an answer as what it says', () => {
    const read = readerOf(solax);
    expect(read(frame(0x1871, '0100000000000000', true))).toEqual(['asks for data']);
    expect(read(frame(0x1871, '0500000000000000', true))).toEqual(['asks for serial']);
    expect(read(frame(0x1875, '01', true))).toEqual(['bits code 1']);
    expect(read(frame(0x1871, '0900000000000000', true))).toEqual(['no line of the profile names it']);
  });

  test('what the inverter tells is in its units, and a frame that is too short is not read', () => {
    const read = readerOf(byd);
    expect(read(frame(0x091, '0fa0007b'))).toEqual(['inverter_voltage 400 V', 'inverter_current -12.3 A']);
    expect(read(frame(0x091, '0fa0'))).toEqual(['too short: the profile has 4 bytes']);
  });

  test('each content of an id is read by the byte that tells it apart', () => {
    const read = readerOf(
      canProfile(`
  every: 1s
  frames:
    - { id: 0x3D0, length: 3, title: first, part: { at: 0, value: 0 }, signals: [{ at: 1, as: u16, from: voltage_V, scale: 0.1, required: true }] }
    - { id: 0x3D0, length: 2, title: second, part: { at: 0, value: 1 }, signals: [{ at: 1, as: u8, from: soh_pct, required: true }] }
`),
    );
    expect(read(frame(0x3d0, '000802'))).toEqual(['first', 'part constant', 'voltage_V 52 V']);
    expect(read(frame(0x3d0, '014c'))).toEqual(['second', 'part constant', 'soh_pct 76 %']);
    expect(read(frame(0x3d0, '024c'))).toEqual(['no line of the profile names it']);
  });
});
