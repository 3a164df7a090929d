import { describe, expect, test } from 'vitest';
import { answerPdu } from '../../src/modbus/pdu.ts';
import { compileProfile } from '../../src/profile/compile.ts';
import { modbusVoice } from '../../src/wires/modbus-voice.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { refused, taken } from '../profile/profiles.ts';

const text = (writable: string, more = '') => `id: two-devices
version: '1.0.0'
title: one battery that an inverter polls as two devices
inverters: [{ brand: none, models: none }]
evidence: inferred
modbus:
  units: [3, 4]
  functions: [3, 6, 16]
  windows: [{ from: 0x10, to: 0x14, holes: zero }]
  signals:
    - { at: 0x10, as: u16, scale: 0.1, from: charge_current_limit_A, required: true }
  writable: [${writable}]
${more}
lacks: [charge_voltage_limit_V, discharge_current_limit_A, soc_told_pct, voltage_V, current_A]
lost: silent
examples: [{ given: { charge_current_limit_A: 50 }, then: { 0x10: '01 F4' } }]
`;
const atThree =
  '{ at: 0x10, as: u16, means: store, units: [3] }, { at: 0x11, as: u16, means: store, units: [3] }, { at: 0x12, as: u16, means: store }';

const bank = once(bankOf([[pack('a')]]), { a: reading() });

function battery(profile: string) {
  const compiled = compileProfile(taken(profile));
  if (!compiled.modbus) throw new Error('no register map');
  const said = () => ({ telling: { kind: 'say' } as const, state: bank });
  const voice = modbusVoice(
    compiled,
    compiled.modbus,
    said,
    () => 0,
    () => {},
  );
  return (unit: number, ...pdu: number[]) => {
    const reply = answerPdu(voice.slaveAt(unit), Uint8Array.from(pdu), false);
    return reply && [...reply].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  };
}

describe('registers that belong to one unit of a battery with two', () => {
  test('say what the bank says until they are written, and then only at the other unit', () => {
    const ask = battery(text(atThree));
    const limit = ask(4, 3, 0, 0x10, 0, 1);
    expect(limit).toMatch(/^03 02 (?!00 00)/);
    expect(ask(3, 3, 0, 0x10, 0, 1)).toBe(limit);
    expect(ask(3, 16, 0, 0x10, 0, 2, 4, 0x13, 0x88, 0, 7)).toBe('10 00 10 00 02');
    expect(ask(3, 3, 0, 0x10, 0, 2)).toBe('03 04 13 88 00 07');
    expect(ask(4, 3, 0, 0x10, 0, 1)).toBe(limit);
    expect(ask(4, 3, 0, 0x11, 0, 1)).toBe('03 02 00 00');
  });

  test('are not taken at the other unit, all or nothing; one of both units is read back at both', () => {
    const ask = battery(text(atThree));
    expect(ask(4, 6, 0, 0x10, 0x13, 0x88)).toBe('86 02');
    expect(ask(4, 16, 0, 0x11, 0, 2, 4, 0, 1, 0, 2)).toBe('90 02');
    expect(ask(4, 3, 0, 0x12, 0, 1)).toBe('03 02 00 00');
    expect(ask(4, 6, 0, 0x12, 0, 9)).toBe('06 00 12 00 09');
    expect([3, 4].map((unit) => ask(unit, 3, 0, 0x12, 0, 1))).toEqual(['03 02 00 09', '03 02 00 09']);
  });

  test('without a unit of their own must not lie where the bank tells something, and the unit must exist', () => {
    expect(refused(text('{ at: 0x10, as: u16, means: store }'))).toEqual([
      expect.stringContaining('register 0x0010 is already taken; move one of the two'),
    ]);
    expect(refused(text('{ at: 0x11, as: u16, means: store, units: [5] }'))).toEqual([
      expect.stringContaining('this profile has no unit 5; its units are 3, 4'),
    ]);
  });
});

test('a map may refuse writes to what can only be read with exception 3; what is not there stays exception 2', () => {
  const ask = battery(text(atThree, '  refuses_writes_with: 3'));
  expect(ask(4, 6, 0, 0x13, 0, 1)).toBe('86 03');
  expect(ask(4, 6, 0, 0x15, 0, 1)).toBe('86 02');
  expect(battery(text(atThree))(4, 6, 0, 0x13, 0, 1)).toBe('86 02');
});
