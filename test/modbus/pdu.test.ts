import { describe, expect, test } from 'vitest';
import { answerPdu } from '../../src/modbus/pdu.ts';
import type { Slave } from '../../src/modbus/slave.ts';
import { bytes, genericBattery, hex } from './battery.ts';
import { examples, staleExample } from './examples.ts';

/** Unit and CRC taken off. */
const pduOf = (frame: string) => bytes(frame).subarray(1, -2);
const ask = (slave: Slave, pdu: string, broadcast = false) => {
  const reply = answerPdu(slave, bytes(pdu), broadcast);
  return reply && hex(reply);
};

describe('the generic map', () => {
  test.each(examples)('answers %s as the reference says', (_, request, reply) => {
    expect(ask(genericBattery(), hex(pduOf(request)))).toBe(hex(pduOf(reply)));
  });

  test('says zero limits and both stale bits 75 s after the last data (G11)', () => {
    const battery = genericBattery();
    battery.goStale();
    const [request, reply] = staleExample;
    expect(ask(battery, hex(pduOf(request)))).toBe(hex(pduOf(reply)));
  });
});

describe('what no frame of RTU can carry, and one of TCP can', () => {
  test.each([
    ['a read that is too long', '03 01 00 00 01 00', '83 03'],
    ['a write that is too long', '06 01 80 00 07 00', '86 03'],
    ['fewer bytes than the byte count', '10 01 80 00 02 04 00 07 00', '90 03'],
    ['more bytes than the byte count', '10 01 80 00 01 02 00 07 00', '90 03'],
  ])('%s is refused and writes nothing', (_, request, reply) => {
    const battery = genericBattery();
    expect(ask(battery, request)).toBe(reply);
    expect(battery.written).toEqual([]);
  });
});

test('FC23 that leaves nothing to read is told as a failure, not as an empty answer', () => {
  const battery = genericBattery();
  const { read, write } = battery;
  let written = false;
  battery.read = (fc, address, quantity) => (written ? undefined : read(fc, address, quantity));
  battery.write = (address, values) => {
    written = true;
    return write(address, values);
  };
  expect(ask(battery, '17 01 80 00 01 01 80 00 01 02 00 07')).toBe('97 04');
});

describe('the mood of a slave', () => {
  test('silent: nothing is answered and nothing is written', () => {
    const battery = genericBattery();
    battery.mood = () => 'silent';
    for (const pdu of ['03 01 00 00 01', '07', '06 01 80 00 01']) expect(ask(battery, pdu)).toBeUndefined();
    expect(ask(battery, '06 01 80 00 07', true)).toBeUndefined();
    expect(battery.written).toEqual([]);
  });

  test('an exception: every addressed request gets it, and nothing is written', () => {
    const battery = genericBattery();
    battery.mood = () => 4;
    expect(ask(battery, '03 01 00 00 01')).toBe('83 04');
    expect(ask(battery, '06 01 80 00 01')).toBe('86 04');
    expect(ask(battery, '07')).toBe('87 04');
    expect(ask(battery, '06 01 80 00 07', true)).toBeUndefined();
    expect(battery.written).toEqual([]);
  });
});

describe('who are you', () => {
  const text = (s: string) => hex(new TextEncoder().encode(s));

  test('FC43/14 tells the basic objects in one stream', () => {
    expect(ask(genericBattery(), '2B 0E 01 00')).toBe(
      `2B 0E 01 81 00 00 03 00 07 ${text('bmsgate')} 01 0E ${text('generic-modbus')} 02 03 ${text('1.0')}`,
    );
  });

  test('what does not fit one answer is told in the next', () => {
    const objects = new Map([0, 1, 2].map((id) => [id, String(id).repeat(120)]));
    const battery = { ...genericBattery(), identity: { serverId: 'x', objects } };
    expect(ask(battery, '2B 0E 01 00')?.slice(0, 20)).toBe('2B 0E 01 81 FF 02 02');
    expect(ask(battery, '2B 0E 01 02')?.slice(0, 26)).toBe('2B 0E 01 81 00 00 01 02 78');
  });

  test('a slave without a name does not know the question', () => {
    const { identity: _, ...nameless } = genericBattery();
    expect(ask(nameless, '11')).toBe('91 01');
    expect(ask(nameless, '2B 0E 01 00')).toBe('AB 01');
  });
});

// RS485 reference, section 8: V1 in the three dialects that field firmware shows.
describe('the length field of an FC03 reply', () => {
  test.each([
    ['bytes8', '03 02 00 10'],
    ['bytes16', '03 00 02 00 10'],
    ['words16', '03 00 01 00 10'],
  ] as const)('%s', (readHeader, reply) => {
    const battery: Slave = { ...genericBattery(), read: () => Uint16Array.of(0x10), readHeader };
    expect(ask(battery, '03 00 10 00 01')).toBe(reply);
    expect(ask(battery, '04 00 10 00 01')).toBe('04 02 00 10');
  });
});
