// The rules of the RS485 reference, sections 1.1 to 1.3, each a sentence: what a master asks on the line, and what it hears.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Slave } from '../../src/modbus/slave.ts';
import { profileText, shipped, shippedIds, taken } from '../profile/profiles.ts';
import { type Battery, bytes, everyFunctionBattery, genericBattery, hex } from './battery.ts';
import { batteryTold } from './battery-told.ts';
import { lineWith, request } from './line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** More than any idle time. */
const SILENCE_MS = 100;
const SILENT = '';

/** A sentence, the PDU that is asked, the PDU of the answer, and what was written. */
type Rule = readonly [rule: string, ask: string, answer: string, written?: readonly string[]];

async function exchange(frames: readonly Uint8Array[], slaves: ReadonlyMap<number, Slave>) {
  const line = await lineWith(slaves);
  for (const frame of frames) line.hear(frame);
  line.pass(SILENCE_MS);
  return { ...line, heard: line.said() };
}

const frameOf = (unit: number, pdu: string): string[] => (pdu === SILENT ? [] : [hex(request(unit, pdu))]);

async function obeys(battery: Battery, [, ask, answer, written = []]: Rule, unit = 1): Promise<void> {
  const { heard } = await exchange([request(unit, ask)], new Map([[1, battery]]));
  expect([heard, battery.written]).toEqual([frameOf(1, answer), written]);
}

describe('1.1 frames and units', () => {
  test('the CRC of the reference is the one we send and want: 0x4B37 of "123456789", low byte first', () => {
    const frame = request(0x31, '32 33 34 35 36 37 38 39');
    expect(hex(frame.subarray(-2))).toBe('37 4B');
  });

  test.each([
    ['a read with a wrong CRC', '01 03 01 00 00 01 04 37'],
    ['a write with a flipped bit', '01 06 01 80 00 FE C9 9E'],
    ['a write whose CRC has its bytes swapped', '01 06 01 80 00 FF 9E C9'],
    ['a frame for unit 2 whose unit was damaged into ours', '01 06 01 80 00 FF C9 AD'],
    ['noise of the right length', '01 06 AA BB CC DD EE FF'],
    ['two bytes', '01 03'],
  ])('%s: silence, and nothing is done', async (_, frame) => {
    const battery = genericBattery();
    const { heard } = await exchange([bytes(frame)], new Map([[1, battery]]));
    expect([heard, battery.written]).toEqual([[], []]);
  });

  test.for<Rule>([
    ['FC06 is executed', '06 01 80 00 07', SILENT, ['0x0180=7']],
    ['FC16 is executed', '10 01 81 00 01 02 00 08', SILENT, ['0x0181=8']],
    ['FC05 is executed', '05 00 03 FF 00', SILENT, ['coil 3=1']],
    ['FC15 is executed', '0F 00 08 00 03 01 05', SILENT, ['coil 8=101']],
    ['a wrong one is not executed', '06 01 00 00 07', SILENT],
    ['a read is nothing', '03 01 00 00 01', SILENT],
    ['a write with a read is nothing', '17 01 00 00 01 01 80 00 01 02 12 34', SILENT],
    ['an unknown function is nothing', '41', SILENT],
  ])('unit 0 is never answered: %s', async (rule) => {
    await obeys(everyFunctionBattery(), rule, 0);
  });

  test.each([2, 247, 248, 255])('unit %i is not us, and nothing makes us answer for all', async (unit) => {
    await obeys(genericBattery(), ['', '06 01 80 00 07', SILENT], unit);
  });

  test('one line serves several units, each with its own battery', async () => {
    const [three, four] = [genericBattery(), genericBattery()];
    four.image[0] = 12;
    const slaves = new Map([
      [3, three],
      [4, four],
    ]);
    const line = await lineWith(slaves);
    for (const unit of [3, 4, 5]) line.hear(request(unit, '03 01 00 00 01'));
    expect(line.said()).toEqual([hex(request(3, '03 02 00 4C')), hex(request(4, '03 02 00 0C'))]);
  });

  test('a broadcast reaches every battery once, also one that stands at two units', async () => {
    const [one, two] = [genericBattery(), genericBattery()];
    const slaves = new Map([
      [1, one],
      [2, two],
      [9, one],
    ]);
    const { heard } = await exchange([request(0, '06 01 80 00 07')], slaves);
    expect([one.written, two.written, heard]).toEqual([['0x0180=7'], ['0x0180=7'], []]);
  });
});

describe('1.2 functions that are offered', () => {
  test.for<Rule>([
    ['FC01 reads coils, eight to a byte, the first in the lowest bit', '01 00 00 00 0A', '01 02 49 02'],
    ['FC02 reads discrete inputs', '02 00 00 00 03', '02 01 01'],
    ['FC03 reads holding registers', '03 01 00 00 03', '03 06 00 4C 02 10 FF 83'],
    ['FC04 reads the same image', '04 01 00 00 03', '04 06 00 4C 02 10 FF 83'],
    ['FC05 sets a coil', '05 00 01 FF 00', '05 00 01 FF 00', ['coil 1=1']],
    ['FC05 clears a coil', '05 00 03 00 00', '05 00 03 00 00', ['coil 3=0']],
    ['FC06 writes a register and echoes all of it', '06 01 80 00 07', '06 01 80 00 07', ['0x0180=7']],
    ['FC15 writes coils', '0F 00 08 00 09 02 FF 01', '0F 00 08 00 09', ['coil 8=111111111']],
    ['FC16 writes registers', '10 01 80 00 02 04 00 07 00 02', '10 01 80 00 02', ['0x0180=7', '0x0181=2']],
    ['FC17 tells the name and that it runs', '11', '11 08 62 6D 73 67 61 74 65 FF'],
    ['FC22 sets the bits that it names', '16 01 80 F0 F0 0A 0A', '16 01 80 F0 F0 0A 0A', ['0x0180=2570']],
    [
      'FC23 writes first: it reads back what it wrote',
      '17 01 80 00 01 01 80 00 01 02 12 34',
      '17 02 12 34',
      ['0x0180=4660'],
    ],
    ['FC43/14 tells one object', '2B 0E 04 02', '2B 0E 04 81 00 00 01 02 03 31 2E 30'],
  ])('%s', async (rule) => {
    await obeys(everyFunctionBattery(), rule);
  });

  test('FC22 keeps the bits that its mask keeps', async () => {
    const battery = everyFunctionBattery();
    battery.image[0x80] = 0x1234;
    await obeys(battery, ['', '16 01 80 00 FF 56 00', '16 01 80 00 FF 56 00', [`0x0180=${0x5634}`]]);
  });

  test.each([
    ['2000 coils', '01 00 00 07 D0', 255],
    ['125 registers', '03 01 00 00 7D', 255],
    ['125 registers after 3 are written', '17 01 00 00 7D 01 80 00 03 06 00 01 00 02 00 03', 255],
  ])('the longest answers are whole: %s', async (_, ask, length) => {
    const { heard } = await exchange([request(1, ask)], new Map([[1, everyFunctionBattery()]]));
    expect(heard.map((frame) => bytes(frame).length)).toEqual([length]);
  });

  test('the longest write is taken: 1968 coils', async () => {
    const battery = everyFunctionBattery();
    const ask = `0F 00 00 07 B0 F6${' 00'.repeat(246)}`;
    await obeys(battery, ['', ask, '0F 00 00 07 B0', [`coil 0=${'0'.repeat(1968)}`]]);
  });
});

/** The least request of each function that nobody here offers: FC07, 08, 11, 12, 20, 21, 24 and one of a maker. */
const rare = [
  '07',
  '08 00 00 12 34',
  '0B',
  '0C',
  '14 07 06 00 01 00 00 00 01',
  '15 00',
  '18 00 00',
  '41 01 02',
];

describe('1.3 exceptions: function, then quantity and byte count, then address, then the deed', () => {
  test.each(rare)('01: function %s, which nobody offers', async (ask) => {
    const [fc = 0] = bytes(ask);
    await obeys(everyFunctionBattery(), ['', ask, `${hex(Uint8Array.of(fc | 0x80))} 01`]);
  });

  test.for<Rule>([
    ['01: coils, where there are none, whatever else is wrong', '01 00 00 00 00', '81 01'],
    ['01: discrete inputs, where there are none', '02 00 00 00 01', '82 01'],
    ['01: one coil, where there are none', '05 00 00 FF 00', '85 01'],
    ['01: many coils, where there are none', '0F 00 00 00 01 01 01', '8F 01'],
    ['01: a mask, where the map has no such function', '16 01 80 00 00 00 00', '96 01'],
    ['02: one register past the end', '04 01 87 00 02', '84 02'],
    ['02: a write to a read-only register', '06 01 00 00 01', '86 02'],
  ])('%s', async (rule) => {
    await obeys(genericBattery(), rule);
  });

  test.for<Rule>([
    ['01: identification of another kind (MEI 13)', '2B 0D 00', 'AB 01'],
    ['02: a range that wraps past 0xFFFF', '03 FF FF 00 02', '83 02'],
    ['02: coils past the end', '02 07 CF 00 02', '82 02'],
    ['02: a coil that is not there', '05 07 D0 FF 00', '85 02'],
    ['02: two registers of which one is missing', '10 01 87 00 02 04 00 01 00 02', '90 02'],
    ['02: a mask over a read-only register', '16 01 00 FF 00 00 01', '96 02'],
    ['02: a mask over a register that is not there', '16 02 00 FF 00 00 01', '96 02'],
    ['02: FC23 whose read part is outside', '17 02 00 00 01 01 80 00 01 02 12 34', '97 02'],
    ['02: FC23 whose write part is outside', '17 01 00 00 01 02 00 00 01 02 12 34', '97 02'],
    ['02: FC23 whose write part wraps', '17 01 00 00 01 FF FF 00 02 04 12 34 56 78', '97 02'],
    ['02: an object that is not there', '2B 0E 04 09', 'AB 02'],
    ['03: quantity 0, also outside the map', '03 FF FF 00 00', '83 03'],
    ['03: quantity 126, also outside the map', '04 FF FF 00 7E', '84 03'],
    ['03: 2001 coils', '01 00 00 07 D1', '81 03'],
    ['03: a coil neither on nor off', '05 00 03 12 34', '85 03'],
    ['03: a byte count that is not twice the quantity', '10 01 80 00 02 02 00 07', '90 03'],
    ['03: a byte count beyond what came', '10 01 80 00 02 06 00 07 00 02', '90 03'],
    ['03: quantity 0 in a write', '10 01 80 00 00 00', '90 03'],
    ['03: 124 registers in one write', `10 01 80 00 7C F8${' 00 01'.repeat(124)}`, '90 03'],
    ['03: a byte count that does not fit the coils', '0F 00 00 00 09 01 FF', '8F 03'],
    ['03: an FC23 that reads 126', '17 01 00 00 7E 01 80 00 01 02 12 34', '97 03'],
    ['03: an FC23 that writes 122', `17 01 00 00 01 01 80 00 7A F4${' 00 00'.repeat(122)}`, '97 03'],
    ['03: identification code 5', '2B 0E 05 00', 'AB 03'],
    ['03: a request that is too short', '03 01 00 00', '83 03'],
  ])('%s, and nothing is written', async (rule) => {
    await obeys(everyFunctionBattery(), rule);
  });

  test('04: a map that throws, and the cause is told', async () => {
    const told: unknown[] = [];
    const read = () => {
      throw new Error('no image');
    };
    const broken = new Map([[1, { ...genericBattery(), read }]]);
    const line = await lineWith(broken, {}, { onFault: (error) => told.push(error) });
    line.hear(request(1, '03 01 00 00 01'));
    expect([line.said(), told]).toEqual([[hex(request(1, '83 04'))], [new Error('no image')]]);
  });

  test('a map may refuse a value with a code of its own', async () => {
    await obeys({ ...genericBattery(), write: () => 3 }, ['', '06 01 80 00 01', '86 03']);
  });
});

describe('every shipped register map', () => {
  const maps = shippedIds.filter((id) => taken(profileText(id)).modbus);
  const small: Record<number, string> = {
    ...Object.fromEntries(rare.map((ask) => [bytes(ask)[0], ask])),
    15: '0F 00 00 00 01 01 00',
    16: '10 00 00 00 01 02 00 00',
    17: '11',
    22: '16 00 00 FF FF 00 00',
    23: '17 00 00 00 01 00 00 00 01 02 00 00',
    43: '2B 0E 01 00',
  };

  test.each(maps)('%s answers each function as it says, every other one with exception 01', async (id) => {
    const given = taken(profileText(id)).examples[0]?.given ?? {};
    const { ask } = await batteryTold(id, given);
    const unit = shipped(id).modbus?.units[0] ?? 1;
    const offered = shipped(id).modbus?.functions;
    for (let fc = 1; fc < 0x80; fc++) {
      const pdu = small[fc] ?? `${hex(Uint8Array.of(fc))} 00 00 00 01`;
      const refusal = hex(request(unit, `${hex(Uint8Array.of(fc | 0x80))} 01`));
      expect([fc, ask(request(unit, pdu)) === refusal]).toEqual([fc, !offered?.has(fc)]);
    }
  });
});
