import { describe, expect, test } from 'vitest';
import { dumpLine, meaningLines } from '../../src/can/dump-line.ts';
import { loadProfile } from '../../src/config/profile-files.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';

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
  const meaning = (heard: CanFrame) => (can ? meaningLines(can, heard).map((line) => line.trim()) : []);

  test('the limits are volts and amps', () => {
    expect(meaning(frame(0x351, '2802ff000000b801'))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^charge_voltage_limit_V +55\.2 V$/),
        expect.stringMatching(/^charge_current_limit_A +25\.5 A$/),
        expect.stringMatching(/^discharge_voltage_limit_V +44 V$/),
      ]),
    );
  });

  test('the keep-alive of the inverter is called by its name', () => {
    expect(meaning(frame(0x305, '0000000000000000'))[0]).toMatch(/keep-alive/);
  });

  test('a frame that is too short is not read as if it were whole', () => {
    expect(meaning(frame(0x351, '2802')).at(-1)).toBe('too short: the profile has 8 bytes');
  });

  test('what the profile does not have stays raw, also the same id in 29 bits', () => {
    expect([meaning(frame(0x123, '00')), meaning(frame(0x351, '2802ff000000b801', true))]).toEqual([[], []]);
  });
});
