import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daly } from '../../src/bms/daly.ts';
import { dalyP81 } from '../../src/bms/daly-p81.ts';
import { nothingHeard } from '../../src/bms/listener.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex, tell } from './captures.ts';
import { inRow, modbusAnswer, modbusRefusal, modbusUnit, p81Registers, type Registers } from './daly-unit.ts';
import { expectAnyFrameIsBorne } from './rough-air.ts';

const askCells = hex('81 03 00 00 00 40 5b fa');
const askState = hex('81 03 00 41 00 3e 8b ce');
const [, , askCapacity = askCells, askCurrents = askCells] = dalyP81.requests({}).map(({ bytes }) => bytes);

/** What the board with these registers tells to the requests, asked one after the other. */
const tells = (change: Registers, ...requests: readonly Uint8Array[]) => {
  const unit = modbusUnit(0x81, 0x51, { ...p81Registers, ...change });
  let heard = nothingHeard;
  return requests.flatMap((request) => {
    const frame = unit(request);
    const told = tell(frame ? [frame] : [], request, heard, dalyP81);
    heard = told.heard;
    return told.answers.map((answer) => (answer.kind === 'part' ? answer.reading : answer));
  });
};
const toldBy = (name: string) =>
  transcribe(daly, captured(`daly/${name}`).entries).said.map(({ answer }) => answer);

describe('what a P81 board is asked', () => {
  test('is what the reference prints, and where it keeps capacity and trip points', () => {
    expect(dalyP81.requests({}).map(({ bytes }) => toHex(bytes))).toEqual([
      '81 03 00 00 00 40 5b fa',
      '81 03 00 41 00 3e 8b ce',
      '81 03 01 00 00 0d 9a 33',
      '81 03 01 40 00 0a da 25',
    ]);
  });

  test('never the words 126 to 128, where the pass code lies', () => {
    for (const { bytes } of dalyP81.requests({})) {
      const [first, count] = [256 * (bytes[2] ?? 0) + (bytes[3] ?? 0), bytes[5] ?? 0];
      expect(first > 0x128 || first + count <= 0x126).toBe(true);
    }
  });
});

describe('a recorded ESS board, 16 cells, discharging', () => {
  const [cells, state, capacity, currents] = toldBy('p81-16s');

  test('cells, temperatures, volts, amps and percent', () => {
    expect(cells).toMatchObject({
      part: 'cells',
      reading: {
        voltageV: 53,
        currentA: -8.9, // below 30000, and its state says discharging
        socPct: 86.4,
        cellVoltagesV: [
          3.316, 3.312, 3.315, 3.314, 3.315, 3.313, 3.315, 3.315, 3.312, 3.315, 3.315, 3.316, 3.315, 3.315,
          3.315, 3.317,
        ],
        temperaturesC: [22, 22, 22, 22],
      },
    });
  });

  test('capacity, cycles, switches and the MOSFET', () => {
    expect(state).toMatchObject({
      part: 'state',
      reading: {
        remainingCapacityAh: 271.2,
        cycles: 7,
        balancingCells: [],
        chargeFet: true,
        dischargeFet: true,
        mosfetTemperatureC: 24,
        alarms: [],
        warnings: [],
      },
    });
  });

  test('314 Ah, which fit 86.4 % and 271.2 Ah, and both trip points', () => {
    expect(capacity).toEqual({ kind: 'part', part: 'capacity', reading: { nominalCapacityAh: 314 } });
    expect(currents).toEqual({
      kind: 'part',
      part: 'currents',
      reading: { chargeOverCurrentA: 200, dischargeOverCurrentA: 200 },
    });
  });
});

describe('a recorded board without sensors', () => {
  test('knows none of the temperatures that it announces', () => {
    expect(toldBy('p81-4s-no-sensors')).toMatchObject([
      {
        part: 'cells',
        reading: {
          voltageV: 13,
          currentA: -0.4,
          socPct: 11.2,
          cellVoltagesV: [3.281, 3.216, 3.235, 3.285],
          temperaturesC: [undefined, undefined],
        },
      },
      { part: 'state', reading: { remainingCapacityAh: 20.1, cycles: 0, mosfetTemperatureC: 29 } },
    ]);
  });
});

describe('a P81 board, 48 cells, charging', () => {
  test('every field', () => {
    expect(tells({}, askCells, askState)).toEqual([
      {
        voltageV: 154.1,
        currentA: 25,
        socPct: 50,
        cellVoltagesV: Array.from({ length: 48 }, (_, i) => (3200 + i) / 1000),
        temperaturesC: [15, 16, 17, 18, 19, 20, 21, 22],
      },
      {
        remainingCapacityAh: 100,
        cycles: 12,
        balancingCells: [1, 32, 48],
        chargeFet: false,
        dischargeFet: true,
        mosfetTemperatureC: 35,
        alarms: [],
        warnings: [],
      },
    ]);
  });

  test.each([0, 49])('%d cells cannot be', (cells) => {
    expect(tells({ 60: cells }, askCells)).toEqual([
      { kind: 'rejected', why: `a P81 board cannot have ${cells} cells` },
    ]);
  });

  test('words that are not told are absent', () => {
    const [state] = tells({ 75: 0xffff, 76: 0xffff, 81: 0xffff, 109: 0xffff, 90: 0xff }, askState);
    expect(state).toEqual({ chargeFet: false, dischargeFet: true });
  });

  test.each([
    [0x6d, 0x0001, 'cell_high_voltage'],
    [0x6d, 0x0008, 'cell_low_voltage'],
    [0x6d, 0x0100, 'cell_imbalance'],
    [0x6d, 0x0800, 'high_temperature_charge'],
    [0x6e, 0x0001, 'low_temperature_charge'],
    [0x6e, 0x0008, 'high_temperature'],
  ])('word %i: level 1 at %i warns of %s, a higher one is the alarm', (register, one, name) => {
    expect(tells({ [register]: one }, askState)).toMatchObject([{ warnings: [name], alarms: [] }]);
    for (const level of [2, 3, 7])
      expect(tells({ [register]: level * one }, askState)).toMatchObject([{ warnings: [], alarms: [name] }]);
  });

  test('a smart charger is no alarm, and a bit without a name warns', () => {
    expect(tells({ 109: 0xc0c0 }, askState)).toMatchObject([{ warnings: [], alarms: [] }]);
    expect(tells({ 110: 0x8000 }, askState)).toMatchObject([{ warnings: ['internal'], alarms: [] }]);
  });
});

describe('what a P81 board may hold', () => {
  const capacityOf = (change: Registers) => tells(change, askCells, askState, askCapacity)[2];

  test('is 100 Ah at 50 %: the word 100 says 200 Ah and is believed', () => {
    expect(capacityOf({})).toEqual({ nominalCapacityAh: 200 });
  });

  test('is told in mAh at 109 by others', () => {
    expect(capacityOf({ 256: 1, ...inRow(0x109, [3, 0x0d40]) })).toEqual({ nominalCapacityAh: 200 });
  });

  test('is unknown when neither fits the charge, or the charge is not known', () => {
    expect(capacityOf({ 256: 2300 })).toEqual({});
    expect(capacityOf({ 256: 0 })).toEqual({});
    expect(capacityOf({ 58: 0xffff })).toEqual({});
    expect(tells({}, askCapacity)).toEqual([{}]);
  });

  const trips = (...words: number[]) => tells(inRow(0x140, words), askCurrents)[0];

  test('trips where the words stand in order, and is unknown where they are something else', () => {
    expect(trips(29000, 28800, 1000, 27000, 1000, 30500, 30700)).toEqual({
      chargeOverCurrentA: 70,
      dischargeOverCurrentA: 120,
    });
    expect(trips(28800, 29000, 1000, 27000, 1000, 30500, 30700)).toEqual({});
    expect(trips(29000, 28800, 1000, 27000, 1000, 30700, 30500)).toEqual({});
    expect(trips(90, 95, 90, 1000, 45, 40, 45)).toEqual({});
    expect(trips(0, 0, 0, 0, 0, 65535, 65535)).toEqual({});
  });
});

describe('whatever the radio brings to P81', () => {
  test('an answer from the address that is asked is not one of this dialect', () => {
    expect(tell([modbusAnswer(0x81, Array(64).fill(1))], askCells, undefined, dalyP81).answers).toEqual([]);
  });

  test('a refusal comes from the answering address', () => {
    expect(tell([modbusRefusal(0x51, 2)], askCapacity, undefined, dalyP81).answers).toEqual([
      { kind: 'refused', why: 'the read was refused: unknown register' },
    ]);
  });

  test('any words are borne', () => {
    const frames = fc.constantFrom(...dalyP81.requests({})).chain(({ bytes: request }) => {
      const count = request[5] ?? 0;
      return fc
        .array(fc.nat(0xffff), { minLength: count, maxLength: count })
        .map((words) => ({ request, frame: modbusAnswer(0x51, words) }));
    });
    expectAnyFrameIsBorne(dalyP81, frames);
  });
});
