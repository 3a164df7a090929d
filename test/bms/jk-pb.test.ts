// JK's PB series on its RS485 line: the frames of Bluetooth, asked for and closed by Modbus.
import { describe, expect, test } from 'vitest';
import { WIRED_GATT } from '../../src/ble/port.ts';
import type { Answer } from '../../src/bms/driver.ts';
import { firstWordsOf } from '../../src/bms/first-words.ts';
import { jk } from '../../src/bms/jk.ts';
import { jkPb } from '../../src/bms/jk-pb.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { speaksForSeveral } from '../../src/bms/units.ts';
import { waysOf } from '../../src/bms/ways.ts';
import { captured, hex, tell } from './captures.ts';
import { cellsFrame, pbAnswer, pbRequest, pbUnit, settingsFrame } from './jk-unit.ts';
import { oneLink } from './one-link.ts';

const askCells = hex('011016200001020000d6f1');
const askSettings = hex('0110161e0001020000d22f');
const askInfo = hex('0110161c0001020000d3cd');
const CELLS = 0x20;
const SETTINGS = 0x1e;

const said = (answer: Uint8Array, request = askCells): readonly Answer[] =>
  tell([answer], request, undefined, jkPb).answers;

describe('what a PB board is asked', () => {
  test('is cells, settings, info, in the bytes that its master and the maker’s program write', () => {
    expect(jkPb.requests({}).map(({ bytes }) => bytes)).toEqual([askCells, askSettings, askInfo]);
    expect(jkPb.requests({ unit: 2 })[0]?.bytes).toEqual(hex('021016200001020000c201'));
  });

  test('only on a wire, and nothing else there; on the air nobody writes it', () => {
    expect(waysOf(jk, true).map(({ id }) => id)).toEqual(['pb']);
    expect(waysOf(jk, false).map(({ id }) => id)).toEqual(['jk02']);
    expect(firstWordsOf(jk).map(({ bytes }) => bytes[0])).toEqual([0xaa]);
    expect([speaksForSeveral(jk, true), speaksForSeveral(jk, false)]).toEqual([true, false]);
  });
});

test('a recorded line reads as volts, amperes and percent', () => {
  const { said, skippedBytes } = transcribe(jk, captured('jk/16s-pb-on-a-wire').entries);
  expect(skippedBytes).toBe(0);
  expect(said.map(({ answer }) => answer)).toMatchObject([
    {
      part: 'cells',
      reading: {
        voltageV: 52.287,
        currentA: 0,
        socPct: 64,
        remainingCapacityAh: 201.93,
        temperaturesC: [16.7, 17.2, 16.9, 17.1],
        mosfetTemperatureC: 17.4,
      },
    },
    {
      part: 'settings',
      reading: { nominalCapacityAh: 314, chargeOverCurrentA: 40, dischargeOverCurrentA: 150 },
    },
  ]);
});

describe('an answer', () => {
  test('is one only with its tail, and of the unit that is asked', () => {
    expect(said(pbAnswer(1, CELLS, cellsFrame(32)))).toMatchObject([{ kind: 'part', part: 'cells' }]);
    expect(said(cellsFrame(32))).toEqual([]);
    expect(said(pbAnswer(2, CELLS, cellsFrame(32)))).toEqual([
      { kind: 'rejected', why: 'unit 2 answers while unit 1 is asked' },
    ]);
  });

  test('to another question is none, nor a frame that its tail does not name', () => {
    const why = 'answers another question than is asked';
    expect(said(pbAnswer(1, SETTINGS, settingsFrame()))).toEqual([{ kind: 'rejected', why }]);
    expect(said(pbAnswer(1, CELLS, settingsFrame()))).toEqual([{ kind: 'rejected', why }]);
  });

  test('with a wrong sum or a wrong CRC is lost', () => {
    const good = pbAnswer(1, CELLS, cellsFrame(32));
    for (const at of [100, 299, 300, 307])
      expect(said(Uint8Array.from(good, (byte, i) => (i === at ? byte ^ 1 : byte)))).toEqual([]);
  });

  test('keeps its counter, whatever it is: each is a new measurement', () => {
    const same = pbAnswer(1, CELLS, cellsFrame(32, { counter: 5 }));
    const { answers } = tell([same, same], askCells, undefined, jkPb);
    expect(answers.map(({ kind }) => kind)).toEqual(['part', 'part']);
  });
});

describe('a line', () => {
  test('with two units is read unit by unit, and none ever for the other', async () => {
    const answerOf = [pbUnit(1, () => ({ currentMA: -1000 })), pbUnit(2, () => ({ currentMA: 2000 }))];
    const { clock, samples, rejected } = oneLink({
      driver: jk,
      gatt: WIRED_GATT,
      batteries: [
        { id: 'a', options: { unit: 1 } },
        { id: 'b', options: { unit: 2 } },
      ],
      answer: (request) => answerOf.map((answer) => answer(request)).find((bytes) => bytes),
    });
    await clock.to(20_000);
    for (const [id, amperes] of [
      ['a', -1],
      ['b', 2],
    ] as const) {
      expect(samples(id).length).toBeGreaterThan(8);
      expect(new Set(samples(id).map(({ reading }) => reading.currentA))).toEqual(new Set([amperes]));
    }
    expect(samples('b').at(-1)?.reading).toMatchObject({ chargeOverCurrentA: 50, nominalCapacityAh: 280 });
    expect(rejected()).toEqual([]);
  });

  test('whose first unit is off is read for the second', async () => {
    const { clock, samples } = oneLink({
      driver: jk,
      gatt: WIRED_GATT,
      batteries: [
        { id: 'a', options: { unit: 1 } },
        { id: 'b', options: { unit: 2 } },
      ],
      answer: pbUnit(2, () => ({})),
    });
    await clock.to(20_000);
    expect([samples('a').length, samples('b').length > 3]).toEqual([0, true]);
  });

  test('where no FET can be switched says so', async () => {
    const { clock, commanded, asked } = oneLink({
      driver: jk,
      gatt: WIRED_GATT,
      answer: pbUnit(1, () => ({ currentMA: 0 })),
    });
    await clock.to(3000);
    const result = await commanded({ kind: 'fet', direction: 'charge', on: false }, 5000);
    expect(result).toEqual({
      sent: [],
      heard: [],
      why: 'FETs of a unit that talks `pb` cannot be switched from here',
    });
    expect(new Set(asked.map(({ hex }) => hex))).toEqual(
      new Set(
        [CELLS, SETTINGS, 0x1c].map((register) =>
          [...pbRequest(1, register)].map((b) => b.toString(16).padStart(2, '0')).join(' '),
        ),
      ),
    );
  });
});
