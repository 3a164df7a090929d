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

describe('order of checks: function, then quantity, then address, then the deed', () => {
  test.each([
    ['a function nobody offers, whatever else is wrong', '07', '87 01'],
    ['coils with a wrong quantity, where there are no coils', '01 00 00 00 00', '81 01'],
    ['quantity 0 outside the map', '03 FF FF 00 00', '83 03'],
    ['quantity 126 outside the map', '04 FF FF 00 7E', '84 03'],
    ['a request that is too short', '03 01 00 00', '83 03'],
    ['a request that is too long', '03 01 00 00 01 00', '83 03'],
    ['a range that wraps past 0xFFFF', '03 FF FF 00 02', '83 02'],
    ['one register too many at the end', '04 01 87 00 02', '84 02'],
    ['a write to a read-only register', '06 01 00 00 01', '86 02'],
    ['124 registers in one write', `10 01 80 00 7C F8${' 00 01'.repeat(124)}`, '90 03'],
    ['a byte count that is not twice the quantity', '10 01 80 00 02 06 00 07 00 02', '90 03'],
    ['fewer bytes than the byte count', '10 01 80 00 02 04 00 07 00', '90 03'],
    ['an FC23 that reads 126', '17 01 00 00 7E 01 80 00 01 02 12 34', '97 03'],
    ['an FC23 that writes 122', `17 01 00 00 01 01 80 00 7A F4${' 00 00'.repeat(122)}`, '97 03'],
    ['identification of another kind (MEI 13)', '2B 0D 00', 'AB 01'],
    ['identification code 5', '2B 0E 05 00', 'AB 03'],
    ['an object that is not there', '2B 0E 04 09', 'AB 02'],
  ])('%s is refused and writes nothing', (_, request, reply) => {
    const battery = genericBattery();
    expect(ask(battery, request)).toBe(reply);
    expect(battery.written).toEqual([]);
  });
});

describe('writes are all or nothing', () => {
  test('two registers of which one is missing', () => {
    const battery = genericBattery();
    expect(ask(battery, '10 01 87 00 02 04 00 01 00 02')).toBe('90 02');
    expect(battery.written).toEqual([]);
  });

  test.each([
    ['the read part is outside the map', '17 02 00 00 01 01 80 00 01 02 12 34'],
    ['the write part is outside the map', '17 01 00 00 01 02 00 00 01 02 12 34'],
    ['the write part wraps', '17 01 00 00 01 FF FF 00 02 04 12 34 56 78'],
  ])('FC23 writes nothing when %s', (_, request) => {
    const battery = genericBattery();
    expect(ask(battery, request)).toBe('97 02');
    expect(battery.written).toEqual([]);
  });

  test('FC23 writes first: it reads back what it wrote', () => {
    expect(ask(genericBattery(), '17 01 80 00 01 01 80 00 01 02 12 34')).toBe('17 02 12 34');
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

  test('a map may refuse a value with the code of its own', () => {
    expect(ask({ ...genericBattery(), write: () => 3 }, '06 01 80 00 01')).toBe('86 03');
  });
});

describe('a broadcast', () => {
  test('is executed and not answered', () => {
    const battery = genericBattery();
    expect(ask(battery, '06 01 80 00 07', true)).toBeUndefined();
    expect(ask(battery, '10 01 81 00 01 02 00 08', true)).toBeUndefined();
    expect(battery.written).toEqual(['0x0180=7', '0x0181=8']);
  });

  test('is not answered even when it is wrong, and reads nothing', () => {
    const battery = genericBattery();
    for (const pdu of ['03 01 00 00 01', '07', '06 00 00 00 01', '17 01 00 00 01 01 80 00 01 02 12 34'])
      expect(ask(battery, pdu, true)).toBeUndefined();
    expect(battery.written).toEqual([]);
  });
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

describe('coils, where a map has them', () => {
  const withCoils = () => {
    const coils = Array.from({ length: 2000 }, (_, i) => i % 3 === 0);
    const battery = genericBattery();
    battery.bits = {
      read: (_, at, n) => (at + n <= coils.length ? coils.slice(at, at + n) : undefined),
      write(at, values) {
        if (at + values.length > coils.length) return false;
        for (const [i, value] of values.entries()) coils[at + i] = value;
        return true;
      },
    };
    return { ...battery, functions: new Set([1, 2, 5, 15]) };
  };

  test('are read eight to a byte, the first in the lowest bit', () => {
    expect(ask(withCoils(), '01 00 00 00 0A')).toBe('01 02 49 02');
  });

  test('are written one by one and many at once, and read back', () => {
    const battery = withCoils();
    expect(ask(battery, '05 00 01 FF 00')).toBe('05 00 01 FF 00');
    expect(ask(battery, '0F 00 08 00 09 02 FF 01')).toBe('0F 00 08 00 09');
    expect(ask(battery, '01 00 00 00 11')).toBe('01 03 4B FF 01');
  });

  test.each([
    ['2001 coils', '01 00 00 07 D1', '81 03'],
    ['a coil past the end', '02 07 CF 00 02', '82 02'],
    ['neither on nor off', '05 00 03 12 34', '85 03'],
    ['a byte count that does not fit', '0F 00 00 00 09 01 FF', '8F 03'],
    ['1969 coils', `0F 00 00 07 B1 F7${' 00'.repeat(247)}`, '8F 03'],
  ])('%s is refused', (_, request, reply) => {
    expect(ask(withCoils(), request)).toBe(reply);
  });
});

describe('who are you', () => {
  const text = (s: string) => hex(new TextEncoder().encode(s));

  test('FC17 tells the name and that it runs', () => {
    expect(ask(genericBattery(), '11')).toBe(`11 08 ${text('bmsgate')} FF`);
  });

  test('FC43/14 tells the basic objects in one stream', () => {
    expect(ask(genericBattery(), '2B 0E 01 00')).toBe(
      `2B 0E 01 81 00 00 03 00 07 ${text('bmsgate')} 01 0E ${text('generic-modbus')} 02 03 ${text('1.0')}`,
    );
  });

  test('FC43/14 tells one object alone', () => {
    expect(ask(genericBattery(), '2B 0E 04 02')).toBe(`2B 0E 04 81 00 00 01 02 03 ${text('1.0')}`);
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
