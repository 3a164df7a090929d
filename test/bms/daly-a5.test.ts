import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daly } from '../../src/bms/daly.ts';
import { dalyA5, dalyA5Line } from '../../src/bms/daly-a5.ts';
import type { Answer, Learned } from '../../src/bms/driver.ts';
import { nothingHeard } from '../../src/bms/listener.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex, tell } from './captures.ts';
import { a5Cells, a5Frame, a5Request, a5Sensors } from './daly-unit.ts';
import { expectAnyFrameIsBorne } from './rough-air.ts';

const toldBy = (name: string) =>
  transcribe(daly, captured(`daly/${name}`).entries).said.map(({ answer }) => answer);

/** The answers to these frames, one after the other, and what they taught; nothing is pending unless said. */
const heardAfter = (frames: readonly Uint8Array[], learned: Learned = {}, request?: Uint8Array) => {
  const { answers, heard } = tell(frames, request, { ...nothingHeard, learned }, dalyA5);
  return { answers, learned: heard.learned };
};
const readings = (answers: readonly Answer[]) =>
  answers.flatMap((a) => (a.kind === 'part' ? [a.reading] : []));
const reading = (frame: Uint8Array, learned: Learned = {}) =>
  readings(heardAfter([frame], learned).answers)[0];

const counts = (cells: number, sensors = 1) => a5Frame(0x94, [cells, sensors, 0, 0, 0, 0, 5]);
const state = (n: number) => a5Frame(0x93, [n, 1, 1, 0, 0, 2, 0x58, 0]);
const current = (count: number) => a5Frame(0x90, [0, 132, 0, 0, count >> 8, count & 0xff, 2, 238]);
const alarms = (...bytes: number[]) => reading(a5Frame(0x98, bytes));

describe('what an A5 board is asked', () => {
  const commands = [0x93, 0x90, 0x94, 0x95, 0x96, 0x98, 0x97];

  test('the state before the current, the numbers before cells and sensors; as an app, host 80', () => {
    expect(dalyA5.requests({}).map(({ bytes }) => bytes)).toEqual(commands.map((c) => a5Request(c)));
    expect(toHex(a5Request(0x90))).toBe('a5 80 90 08 00 00 00 00 00 00 00 00 bd');
  });

  test('or as a module on its line, host 40', () => {
    expect(dalyA5Line.requests({}).map(({ bytes }) => bytes)).toEqual(
      commands.map((c) => a5Request(c, 0x40)),
    );
  });

  test('only the balancing may stay unanswered', () => {
    expect(dalyA5.requests({}).flatMap(({ name, required }) => (required ? [] : name))).toEqual(['balance']);
  });
});

describe('the example of the reference and a recorded one', () => {
  test('13.1 V, 0 A, full; 25.7 V, 0 A, 32.6 %', () => {
    expect(toldBy('a5-pack-examples')).toMatchObject([
      { part: 'pack', reading: { voltageV: 13.1, currentA: 0, socPct: 100 } },
      { part: 'pack', reading: { voltageV: 25.7, currentA: 0, socPct: 32.6 } },
    ]);
  });
});

describe('a recorded battery under load', () => {
  const told = toldBy('a5-discharging-on-a-wire');

  test('discharges, though its count is above 30000', () => {
    expect(told.flatMap((a) => (a.kind === 'part' && a.part === 'pack' ? a.reading.currentA : []))).toEqual([
      -50, -18.7, -41.6, -51.1, -52.6,
    ]);
  });

  test('has switches and a remaining charge', () => {
    expect(told[2]).toMatchObject({
      part: 'state',
      reading: { chargeFet: true, dischargeFet: true, remainingCapacityAh: 316.8 },
    });
  });
});

describe('a whole round of 16 cells, charging', () => {
  test('every part', () => {
    expect(readings(toldBy('a5-16s-charging'))).toEqual([
      { chargeFet: true, dischargeFet: true, remainingCapacityAh: 153.6 },
      { voltageV: 52.6, currentA: 12.3, socPct: 65.5 },
      { cycles: 42 },
      { cellVoltagesV: Array.from({ length: 16 }, (_, i) => (3280 + i) / 1000) },
      { temperaturesC: [25, -10] },
      { alarms: [], warnings: ['cell_high_voltage'] },
      { balancingCells: [2, 16] },
    ]);
  });
});

describe('the sign of the current', () => {
  const amps = (frames: readonly Uint8Array[]) =>
    readings(heardAfter(frames).answers).flatMap(({ currentA }) => currentA ?? []);
  const discharge = [state(2), current(30125)];

  test.each([
    [1, 29875, 12.5],
    [2, 30125, -12.5],
    // A board that counts the other way round.
    [1, 30125, 12.5],
    [2, 29875, -12.5],
    // At rest: as most boards count.
    [0, 29995, 0.5],
    [0, 30005, -0.5],
    [0, 30000, 0],
    [2, 30000, 0],
  ])('state %i, count %i is %f A', (n, count, amperes) => {
    expect(amps([state(n), current(count)])).toEqual([amperes]);
  });

  test('without a state it is as most boards count', () => {
    expect(amps([current(30125)])).toEqual([-12.5]);
    expect(amps([current(29875)])).toEqual([12.5]);
  });

  test('is not turned by a current that turned between the two answers', () => {
    const turned = [state(2), current(29990)];
    expect(amps([...discharge, ...discharge, ...discharge, ...turned, ...discharge])).toEqual([
      -12.5, -12.5, -12.5, 1, -12.5,
    ]);
  });

  test('follows the state when the contradiction stays', () => {
    const other = [state(2), current(29990)];
    expect(amps([...discharge, ...discharge, ...discharge, ...other, ...other, ...other])).toEqual([
      -12.5, -12.5, -12.5, 1, -1, -1,
    ]);
  });

  test('is not learned from noise around zero, while the state still says what was before', () => {
    const noise = [29999, 29998, 29999, 29999].flatMap((counts) => [state(2), current(counts)]);
    expect(amps([...noise, state(2), current(31000)]).at(-1)).toBe(-100);
  });

  test('at rest is as this very board counts, once it has shown it', () => {
    expect(amps([state(1), current(30125), state(0), current(30005)])).toEqual([12.5, 0.5]);
  });

  test('is turned again for an owner who says so', () => {
    const inverted = { dialect: dalyA5, options: { invertCurrent: true } };
    expect(
      transcribe(
        { ...daly, dialects: [dalyA5] },
        captured('daly/a5-16s-charging').entries,
        undefined,
        inverted.options,
      ).said[1],
    ).toMatchObject({ answer: { reading: { currentA: -12.3 } } });
  });
});

describe('cells in several frames', () => {
  const row = Array.from({ length: 16 }, (_, i) => 3300 + i);
  const frames = a5Cells(row);
  const { learned } = heardAfter([counts(16)]);
  const gathered = (...order: number[]) =>
    readings(
      heardAfter(
        order.map((n) => frames[n - 1] ?? a5Frame(0x95, [n])),
        learned,
      ).answers,
    );

  test('are one row when all have come in order', () => {
    expect(gathered(1, 2, 3, 4, 5, 6)).toEqual([{ cellVoltagesV: row.map((mv) => mv / 1000) }]);
  });

  test.each([
    [[1, 2, 4, 5, 6]],
    [[2, 3, 4, 5, 6]],
    [[1, 3, 2, 4, 5, 6]],
    [[0, 1, 2, 3, 4, 5]],
    [[6, 5, 4, 3, 2, 1]],
    [[6]],
  ])('%j is none', (order) => {
    expect(gathered(...order)).toEqual([]);
  });

  test('a frame that comes twice shifts nobody', () => {
    expect(gathered(1, 2, 2, 3, 4, 5, 6)).toEqual([{ cellVoltagesV: row.map((mv) => mv / 1000) }]);
  });

  test('a row begins anew with frame 1', () => {
    expect(gathered(1, 2, 3, 1, 2, 3, 4, 5, 6)).toHaveLength(1);
  });

  test('a row that another answer interrupted does not go on', () => {
    const interrupted = [...frames.slice(0, 3), state(0), ...frames.slice(3)];
    expect(readings(heardAfter(interrupted, learned).answers)).toHaveLength(1); // the state alone
  });

  test('says which frame was due', () => {
    const { answers } = heardAfter(
      [frames[0], frames[2]].flatMap((f) => f ?? []),
      learned,
      a5Request(0x95),
    );
    expect(answers).toEqual([
      expect.objectContaining({ kind: 'more' }),
      { kind: 'rejected', why: 'frame 3 of 0x95 came while frame 2 was due' },
    ]);
  });

  test('more frames than cells are no harm, in their time or later', () => {
    const spare = a5Frame(0x95, [7]);
    const inTime = heardAfter([...frames, spare], learned, a5Request(0x95)).answers;
    expect(inTime.map(({ kind }) => kind)).toEqual([...Array(5).fill('more'), 'part', 'more']);
    expect(heardAfter([spare], learned, a5Request(0x96)).answers).toEqual([{ kind: 'more' }]);
  });

  test('are rejected before their number is known', () => {
    expect(heardAfter(frames.slice(0, 1)).answers).toEqual([
      { kind: 'rejected', why: 'cells came before their number was told (0x94)' },
    ]);
    expect(heardAfter(a5Sensors([60])).answers).toEqual([
      { kind: 'rejected', why: 'temperatures came before their number was told (0x94)' },
    ]);
  });

  test('a cell of 0 mV keeps its place', () => {
    const broken = a5Cells([3300, 0, 3300, 0]);
    expect(readings(heardAfter([counts(4), ...broken]).answers)[1]).toEqual({
      cellVoltagesV: [3.3, 0, 3.3, 0],
    });
  });

  test('48 cells are the most', () => {
    const most = readings(heardAfter([counts(48), ...a5Cells(Array(48).fill(3333))]).answers);
    expect(most[1]).toEqual({ cellVoltagesV: Array(48).fill(3.333) });
  });

  test.each([0, 49, 255])('%i cells cannot be', (cells) => {
    expect(heardAfter([counts(cells)]).answers).toEqual([
      { kind: 'rejected', why: `an A5 board cannot have ${cells} cells` },
    ]);
  });
});

describe('a jump of more than 300 mV', () => {
  const heard = (...rows: readonly (readonly number[])[]) =>
    readings(heardAfter([counts(4), ...rows.flatMap((row) => a5Cells(row))]).answers)
      .slice(1)
      .map(({ cellVoltagesV = [] }) => cellVoltagesV[1]);
  const at = (mv: number) => [3300, mv, 3300, 3300];

  test('is believed when the next row shows it again', () => {
    expect(heard(at(3300), at(2900), at(2910))).toEqual([3.3, 2.91]);
  });

  test('is forgotten when it does not', () => {
    expect(heard(at(3300), at(2900), at(3301), at(2900))).toEqual([3.3, 3.301]);
    expect(heard(at(3300), at(2900), at(4000), at(3302))).toEqual([3.3, 3.302]);
  });

  test('of 300 mV is none', () => {
    expect(heard(at(3300), at(3000))).toEqual([3.3, 3]);
  });
});

describe('the temperatures', () => {
  const heard = (raw: readonly number[], sensors = raw.length) =>
    readings(heardAfter([counts(4, sensors), ...a5Sensors(raw)]).answers)[1];

  test('count from −40 °C; a sensor that is not fitted is unknown in its place', () => {
    expect(heard([60, 0, 255, 20])).toEqual({ temperaturesC: [20, undefined, undefined, -20] });
  });

  test('16 sensors come in three frames', () => {
    const raw = Array.from({ length: 16 }, (_, i) => 60 + i);
    expect(heard(raw)).toEqual({ temperaturesC: raw.map((count) => count - 40) });
    expect(heard(raw, 200)).toMatchObject({ temperaturesC: { length: 16 } });
  });

  test('without a sensor there are none', () => {
    expect(heard([0, 0], 0)).toEqual({ temperaturesC: [] });
  });
});

describe('the alarm bytes', () => {
  const names = [
    ...['cell_high_voltage', 'cell_low_voltage', 'high_voltage', 'low_voltage'],
    ...['high_temperature_charge', 'low_temperature_charge', 'high_temperature', 'low_temperature'],
    ...['high_charge_current', 'high_discharge_current', undefined, 'low_soc'],
    ...['cell_imbalance', 'internal', undefined, undefined],
  ];
  test.each(names.map((name, i) => [i, name] as const))('pair %i is %s', (pair, name) => {
    const bytes = (bits: number) => Array.from({ length: 4 }, (_, i) => (i === pair >> 2 ? bits : 0));
    const shift = 2 * (pair & 3);
    const said = name === undefined ? [] : [name];
    expect(alarms(...bytes(1 << shift))).toEqual({ warnings: said, alarms: [] });
    expect(alarms(...bytes(2 << shift))).toEqual({ warnings: [], alarms: said });
  });

  const hardware = [
    ...['mosfet_high_temperature', 'mosfet_high_temperature', 'internal', 'internal'],
    ...['contactor', 'contactor', 'contactor', 'contactor'],
    ...['internal', 'internal', 'internal', 'internal', '(internal)', 'internal', '(internal)', 'internal'],
    ...['internal', 'internal', 'short_circuit', 'low_voltage', '', '', '', ''],
  ];
  test.each(hardware.map((name, i) => [i, name] as const))('hardware bit %i is %s', (bit, name) => {
    const bytes = Array.from({ length: 3 }, (_, i) => (i === bit >> 3 ? 1 << (bit & 7) : 0));
    const isWarning = name.startsWith('(');
    expect(alarms(0, 0, 0, 0, ...bytes)).toEqual({
      warnings: isWarning ? [name.slice(1, -1)] : [],
      alarms: isWarning || name === '' ? [] : [name],
    });
  });

  test('the code behind them may be left over from another answer and says nothing', () => {
    expect(alarms(0, 0, 0, 0, 0, 0, 0, 0xff)).toEqual({ warnings: [], alarms: [] });
  });
});

describe('an intact A5 frame that does not answer', () => {
  test('another command leaves the request pending', () => {
    expect(heardAfter([state(0)], {}, a5Request(0x90)).answers).toEqual([
      { kind: 'rejected', why: 'answers 0x93 while 0x90 is asked' },
    ]);
  });

  test('our own request, echoed on the wire', () => {
    expect(heardAfter([a5Request(0x90, 0x40)], {}, a5Request(0x90, 0x40)).answers).toEqual([
      { kind: 'rejected', why: 'a frame from 0x40 is no answer of the battery' },
    ]);
  });

  test('a command that nobody asked for', () => {
    expect(heardAfter([a5Frame(0xd8, [1])]).answers).toEqual([
      { kind: 'rejected', why: '0xd8 is no answer we know' },
    ]);
  });

  test('another length than 8', () => {
    expect(tell([hex('a5 01 90 07 00 83 00 00 75 30 03 e8 50')], undefined, undefined, dalyA5)).toMatchObject(
      {
        answers: [],
      },
    );
  });
});

describe('whatever the radio brings to A5', () => {
  test('any data is borne', () => {
    const frames = fc
      .tuple(
        fc.integer({ min: 0x90, max: 0x98 }),
        fc.array(fc.oneof(fc.nat(4), fc.nat(255)), { minLength: 8, maxLength: 8 }),
      )
      .map(([command, data]) => ({ request: a5Request(command), frame: a5Frame(command, data) }));
    expectAnyFrameIsBorne(dalyA5, frames);
  });
});
