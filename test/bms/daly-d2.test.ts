import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daly } from '../../src/bms/daly.ts';
import { dalyD2 } from '../../src/bms/daly-d2.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex, tell } from './captures.ts';
import { d2Registers, inRow, modbusAnswer, modbusRefusal, modbusUnit, type Registers } from './daly-unit.ts';
import { expectAnyFrameIsBorne } from './rough-air.ts';

const askStatus = hex('d2 03 00 00 00 3e d7 b9');
const askThermal = hex('d2 03 00 3e 00 09 f7 a3');
const askSettings = hex('d2 03 00 80 00 29 96 5f');

/** What the board says to a request with these registers, as read. */
const answerOf = (registers: Registers, request = askStatus) => {
  const frame = modbusUnit(0xd2, 0xd2, registers)(request);
  return tell(frame ? [frame] : [], request, undefined, dalyD2).answers[0];
};
const readingOf = (change: Registers = {}, request = askStatus) => {
  const answer = answerOf({ ...d2Registers, ...change }, request);
  return answer?.kind === 'part' ? answer.reading : answer;
};
const toldBy = (name: string) =>
  transcribe(daly, captured(`daly/${name}`).entries).said.map(({ answer }) => answer);

describe('what a D2 board is asked', () => {
  test('is what the reference prints', () => {
    expect(dalyD2.requests({}).map(({ bytes }) => toHex(bytes))).toEqual(
      [askStatus, askThermal, askSettings].map((bytes) => toHex(bytes)),
    );
  });

  test('settings only once, and only the status must be answered', () => {
    expect(dalyD2.requests({}).map(({ required, once = false }) => [required, once])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});

describe('the 4-cell battery of the reference', () => {
  const [status, thermal] = toldBy('d2-4s');

  test('reads as volts, amps and percent', () => {
    expect(status).toEqual({
      kind: 'part',
      part: 'status',
      reading: {
        voltageV: 14,
        currentA: 3, // above 30000: charging
        socPct: 90,
        remainingCapacityAh: 345.6,
        cycles: 57,
        cellVoltagesV: [4.127, 4.137, 4.147, 4.157],
        temperaturesC: [20, 21, 22, 23],
        chargeFet: false,
        dischargeFet: true,
        alarms: [],
        warnings: [],
      },
    });
  });

  test('has a MOSFET at 38 °C and balances no cell', () => {
    expect(thermal).toEqual({
      kind: 'part',
      part: 'thermal',
      reading: { balancingCells: [], mosfetTemperatureC: 38 },
    });
  });
});

describe('recorded batteries', () => {
  test('24 cells at rest', () => {
    expect(toldBy('d2-24s')).toMatchObject([
      {
        part: 'status',
        reading: {
          voltageV: 79,
          currentA: 0,
          socPct: 33.3,
          remainingCapacityAh: 104.5,
          cycles: 0,
          cellVoltagesV: { length: 24, 0: 3.292, 1: 3.291, 6: 3.294, 23: 3.292 },
          temperaturesC: [16, 14, 16, 16],
          chargeFet: true,
          dischargeFet: true,
        },
      },
    ]);
  });

  test('16 cells that discharge at 2.5 A, in the longer status of a newer board', () => {
    expect(toldBy('d2-16s-80-words')).toMatchObject([
      {
        part: 'status',
        reading: {
          voltageV: 52.5,
          currentA: -2.5,
          socPct: 56.1,
          remainingCapacityAh: 117.8,
          cycles: 60,
          cellVoltagesV: { length: 16, 0: 3.281, 15: 3.283 },
          temperaturesC: [13, 13, 13, 13],
          mosfetTemperatureC: 15,
          balancingCells: [],
        },
      },
    ]);
  });

  test('settings: capacity, and where charging and discharging trip', () => {
    expect(toldBy('d2-settings')).toEqual([
      {
        kind: 'part',
        part: 'settings',
        reading: { nominalCapacityAh: 230, chargeOverCurrentA: 150, dischargeOverCurrentA: 210 },
      },
    ]);
  });
});

describe('a D2 board, 16 cells, discharging', () => {
  test('every field, and a cell of 0 mV in its place', () => {
    expect(readingOf()).toEqual({
      voltageV: 52.8,
      currentA: -12.5,
      socPct: 66.6,
      remainingCapacityAh: 153.2,
      cycles: 77,
      cellVoltagesV: [
        3.3, 3.301, 3.302, 3.303, 3.304, 3.305, 3.306, 3.307, 3.308, 3.309, 3.31, 3.311, 3.312, 3.313, 3.314,
        0,
      ],
      temperaturesC: [20, 24, undefined],
      chargeFet: true,
      dischargeFet: true,
      alarms: [],
      warnings: [],
    });
  });

  test('a cell of 0 mV in the middle shifts nobody', () => {
    expect(readingOf({ 2: 0 })).toMatchObject({ cellVoltagesV: { length: 16, 1: 3.301, 2: 0, 3: 3.303 } });
  });

  test('32 cells and 8 sensors are the most', () => {
    const most = { ...inRow(0, Array(32).fill(3333)), ...inRow(0x20, Array(8).fill(65)), 49: 32, 50: 8 };
    expect(readingOf(most)).toMatchObject({
      cellVoltagesV: Array(32).fill(3.333),
      temperaturesC: Array(8).fill(25),
    });
    expect(readingOf({ 50: 200 })).toMatchObject({ temperaturesC: { length: 8 } });
  });

  test.each([0, 33, 0xffff])('%d cells cannot be', (cells) => {
    expect(readingOf({ 49: cells })).toEqual({
      kind: 'rejected',
      why: `a D2 board cannot have ${cells === 0xffff ? 0 : cells} cells`,
    });
  });

  test('what is not told is absent', () => {
    const told = readingOf({ 42: 0xffff, 48: 0xffff, 51: 0xffff, 53: 0xffff, 32: 0xff });
    for (const name of ['socPct', 'remainingCapacityAh', 'cycles', 'chargeFet'])
      expect(told).not.toHaveProperty(name);
    expect(told).toMatchObject({ dischargeFet: true, temperaturesC: [undefined, 24, undefined] });
  });

  test('cells 1 and 16 balance; the MOSFET has 31 °C', () => {
    expect(readingOf({}, askThermal)).toEqual({ balancingCells: [1, 16], mosfetTemperatureC: 31 });
    expect(readingOf({ 63: 0x8000 }, askThermal)).toMatchObject({ balancingCells: [1, 16, 32] });
  });

  test.each([0, 0xff, 0xffff])('a MOSFET count of %d is no temperature', (count) => {
    expect(readingOf({ 66: count }, askThermal)).toEqual({ balancingCells: [1, 16] });
  });

  test('settings of 0 tell nothing', () => {
    expect(readingOf({ 128: 0, 148: 30000, 150: 0xffff }, askSettings)).toEqual({});
  });
});

describe('the alarm bits of D2', () => {
  const pairs = [
    [0x3a, 0, 'cell_high_voltage'],
    [0x3a, 2, 'cell_low_voltage'],
    [0x3a, 4, 'high_voltage'],
    [0x3a, 6, 'low_voltage'],
    [0x3a, 8, 'high_temperature_charge'],
    [0x3a, 10, 'low_temperature_charge'],
    [0x3a, 12, 'high_temperature'],
    [0x3a, 14, 'low_temperature'],
    [0x3b, 0, 'high_charge_current'],
    [0x3b, 2, 'high_discharge_current'],
    [0x3b, 6, 'low_soc'],
    [0x3b, 8, 'cell_imbalance'],
    [0x3b, 10, 'internal'],
  ] as const;
  test.each(pairs)('word %i: bit %i warns of %s, the next one is the alarm', (register, bit, name) => {
    expect(readingOf({ [register]: 1 << bit })).toMatchObject({ warnings: [name], alarms: [] });
    expect(readingOf({ [register]: 2 << bit })).toMatchObject({ warnings: [], alarms: [name] });
  });

  test.each([
    [0, 'mosfet_high_temperature'],
    [1, 'mosfet_high_temperature'],
    [2, 'internal'],
    [3, 'internal'],
    [4, 'contactor'],
    [5, 'contactor'],
    [6, 'contactor'],
    [7, 'contactor'],
    [8, 'internal'],
    [9, 'internal'],
    [10, 'internal'],
    [11, 'internal'],
    [13, 'internal'],
    [15, 'internal'],
  ])('word 3C: bit %i is the alarm %s', (bit, name) => {
    expect(readingOf({ 60: 1 << bit })).toMatchObject({ warnings: [], alarms: [name] });
  });

  test('the clock and the vehicle link only warn; full, and what is reserved, say nothing', () => {
    expect(readingOf({ 60: 0x5000 })).toMatchObject({ warnings: ['internal'], alarms: [] });
    expect(readingOf({ 59: 0xf030, 61: 0xffff })).toMatchObject({ warnings: [], alarms: [] });
  });

  test('each name once', () => {
    expect(readingOf({ 60: 0xaff3 })).toMatchObject({
      alarms: ['mosfet_high_temperature', 'contactor', 'internal'],
    });
  });
});

describe('an intact frame that does not answer', () => {
  const heard = (frame: Uint8Array, request?: Uint8Array) =>
    tell([frame], request, undefined, dalyD2).answers;

  test('other data than asked leaves the request pending', () => {
    expect(heard(modbusAnswer(0xd2, Array(9).fill(0)), askStatus)).toEqual([
      { kind: 'rejected', why: 'answers 18 data bytes while 124 from register 0x0000 are asked' },
    ]);
  });

  test('something that we do not read', () => {
    expect(heard(modbusAnswer(0xd2, [1]), hex('d2 03 00 cf 00 01 a7 96'))).toEqual([
      { kind: 'rejected', why: '1 words from register 0x00cf are no answer we know' },
    ]);
    expect(heard(modbusAnswer(0xd2, [1]))).toEqual([
      { kind: 'rejected', why: '2 data bytes are no answer we know' },
    ]);
  });

  test('a refusal is a complete answer', () => {
    expect(heard(modbusRefusal(0xd2, 2), askSettings)).toEqual([
      { kind: 'refused', why: 'the read was refused: unknown register' },
    ]);
    expect(heard(modbusRefusal(0xd2, 9), askSettings)).toMatchObject([
      { why: 'the read was refused: Modbus exception 9' },
    ]);
  });

  test('the torn start of a longer answer does not keep the true one waiting', () => {
    const torn = modbusAnswer(0xd2, Array(62).fill(3300)).slice(0, 20);
    for (const answer of [modbusAnswer(0xd2, Array(9).fill(60)), modbusRefusal(0xd2, 2)])
      expect(tell([torn, answer], askThermal, undefined, dalyD2).answers).toHaveLength(1);
  });

  test('half a word is no answer', () => {
    expect(tell([hex('d2 03 03 00 00 00 56 2d')], undefined, undefined, dalyD2).answers).toEqual([]);
  });

  test('another address, our own request and the echo of a write are none', () => {
    expect(heard(modbusAnswer(0x51, Array(62).fill(1)), askStatus)).toEqual([]);
    expect(heard(askStatus, askStatus)).toEqual([]);
    expect(heard(hex('d2 06 00 a5 00 01 4b 8a'), askStatus)).toEqual([
      { kind: 'rejected', why: 'answers function 6 while 3 is asked' },
    ]);
  });
});

describe('whatever the radio brings to D2', () => {
  test('any words are borne', () => {
    const block = fc.constantFrom([askStatus, 62], [askThermal, 9], [askSettings, 41]) as fc.Arbitrary<
      // fast-check widens the pairs to unions of their members.
      [Uint8Array, number]
    >;
    const frames = block.chain(([request, count]) =>
      fc
        .array(fc.nat(0xffff), { minLength: count, maxLength: count })
        .map((words) => ({ request, frame: modbusAnswer(0xd2, words) })),
    );
    expectAnyFrameIsBorne(dalyD2, frames);
  });
});
