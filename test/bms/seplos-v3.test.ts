import { describe, expect, test } from 'vitest';
import type { Answer, DriverOptions, Learned } from '../../src/bms/driver.ts';
import { driverFor } from '../../src/bms/drivers.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { readRequest } from '../../src/bms/modbus-frame.ts';
import { seplosV3, seplosV3Modbus } from '../../src/bms/seplos-v3.ts';
import { BANK, PACK, STATE } from '../../src/bms/seplos-v3-fields.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex } from './captures.ts';
import { partsAmong, understood } from './exchanges.ts';
import { answerOf, anyAnswerTo, frameOf, words } from './modbus-unit.ts';
import { oneLink } from './one-link.ts';
import { expectAnyFrameIsBorne, expectNoiseTellsNothing } from './rough-air.ts';
import { seplosUnit } from './seplos-v3-unit.ts';

/** As they come from the air, for the table of all families. */
const adverts = [
  { name: 'SP05B2312190075       ', services: ['fff0'] },
  { name: 'SP51B2407270006       ', services: ['1800', '1801', 'fff0', '02f0000000000000800000000000fe00'] },
  { name: 'SP66B2404270002       ', services: ['fff0'] },
  { name: 'SP47B-A2410230006', services: ['fff0'] },
  { name: 'SP95B-B2503190001', services: ['fff0'] },
  { name: 'SP112B2507310104', services: ['fff0'] },
  { name: 'XZHXLD012404120010', services: ['fff0'] },
  { name: 'CSY012405290042', services: ['fff0'] },
].map((advert) => ({ address: 'c0:d6:3c:00:00:01', ...advert }));

const captures = ['two-packs', 'logged', 'vendor-examples'].map((name) => captured(`seplos-v3/${name}`));
const [twoPacks, logged, vendor] = captures.map(
  ({ entries }) =>
    new Map(
      transcribe(seplosV3, entries).said.map(({ answer }, i) => [
        answer.kind === 'part' ? `${answer.part} ${i}` : `${answer.kind} ${i}`,
        answer,
      ]),
    ),
);

const requestsOf = (options: DriverOptions) => seplosV3Modbus.requests(options);
const named = (name: string, options: DriverOptions = {}) =>
  requestsOf(options).find((request) => request.name === name)?.bytes;

const answerTo = (
  frame: Uint8Array,
  request?: Uint8Array,
  more: { options?: DriverOptions; learned?: Learned } = {},
) => seplosV3Modbus.answer(frame, { request, options: {}, learned: {}, ...more });
const readingOf = (answer: Answer) => (answer.kind === 'part' ? answer.reading : answer);

/** PIA with some registers changed. */
const pack = (change: { readonly [register: number]: number } = {}, unit = 1) =>
  answerOf(
    unit,
    4,
    words(
      ...[5281, 1530, 17500, 20000, 3, 875, 1000, 7, 3300, 2944, 3302, 3296, 2946, 2943, 0, 180, 180].map(
        (word, i) => change[i] ?? word,
      ),
    ),
  );
const events = (bytes: { readonly [byte: number]: number }) =>
  Array.from({ length: 10 }, (_, i) => bytes[i] ?? 0);
const bank = (bytes: { readonly [byte: number]: number }) => answerOf(0, 1, events(bytes));
const state = (
  bytes: { readonly [byte: number]: number },
  head: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0],
) => answerOf(1, 1, [...head, ...events(bytes)]);

describe('what we ask', () => {
  test('of a pack alone: its settings once, then pack, cells and the states of the bank', () => {
    expect(
      requestsOf({}).map(({ name, bytes, required, once }) => [name, toHex(bytes), required, once]),
    ).toEqual([
      ['settings', 'e0 04 13 00 00 35 23 28', false, true],
      ['pack', '01 04 10 00 00 11 34 c6', true, undefined],
      ['cells', '01 04 11 00 00 1a 74 fd', true, undefined],
      ['bank', '00 01 22 00 00 50 37 9f', true, undefined],
    ]);
  });

  test('of the second of several packs: its own states, and nothing of the bank', () => {
    expect(
      requestsOf({ unit: 2 }).map(({ name, bytes, required }) => [name, toHex(bytes), required]),
    ).toEqual([
      ['settings', '02 04 13 00 00 35 34 aa', false],
      ['pack', '02 04 10 00 00 11 34 f5', true],
      ['cells', '02 04 11 00 00 1a 74 ce', true],
      ['state', '02 01 12 00 00 90 39 2d', false],
    ]);
  });

  test('of the first of several packs: both', () => {
    expect(requestsOf({ unit: 1 }).map(({ name, required }) => [name, required])).toEqual([
      ['settings', false],
      ['pack', true],
      ['cells', true],
      ['bank', false],
      ['state', false],
    ]);
  });

  test('is what the maker prints', () => {
    expect(readRequest(0, BANK)).toEqual(hex('00 01 22 00 00 50 37 9f'));
    expect(readRequest(0, STATE)).toEqual(hex('00 01 12 00 00 90 38 cf'));
    expect(readRequest(0, { ...PACK, count: 0x12 })).toEqual(hex('00 04 10 00 00 12 75 16'));
  });
});

describe('two packs behind one link, 7.2 A each', () => {
  test('the first reads as volts, amps and percent', () => {
    expect(twoPacks?.get('pack 0')).toMatchObject({
      reading: {
        voltageV: 52.34,
        currentA: -7.2, // negative: discharging
        remainingCapacityAh: 134.12,
        nominalCapacityAh: 280,
        socPct: 47.9,
        sohPct: 99.9,
        cycles: 9,
      },
    });
  });

  test('has 16 cells, four sensors and a warm board', () => {
    expect(twoPacks?.get('cells 1')).toEqual({
      kind: 'part',
      part: 'cells',
      reading: {
        cellVoltagesV: [
          3.272, 3.272, 3.272, 3.271, 3.271, 3.271, 3.271, 3.27, 3.27, 3.271, 3.271, 3.271, 3.271, 3.272,
          3.272, 3.272,
        ],
        temperaturesC: [25, 23.8, 23.9, 24.9],
        mosfetTemperatureC: 26.6,
      },
    });
  });

  test('no alarm, both FETs on', () => {
    expect(twoPacks?.get('bank 2')).toEqual({
      kind: 'part',
      part: 'bank',
      reading: { alarms: [], warnings: [], chargeFet: true, dischargeFet: true },
    });
  });

  test('the second has its own numbers', () => {
    expect(twoPacks?.get('pack 3')).toMatchObject({
      reading: { voltageV: 52.35, currentA: -7.19, cycles: 10 },
    });
    expect(readingOf(twoPacks?.get('cells 4') ?? { kind: 'more' })).toMatchObject({
      cellVoltagesV: expect.arrayContaining([3.529]),
    });
  });

  test('no byte is wasted', () => {
    expect(captures.map(({ entries }) => transcribe(seplosV3, entries).skippedBytes)).toEqual([0, 0, 0]);
  });
});

describe('what owners logged', () => {
  test('the settings of a 200 A board tell its trip points', () => {
    expect(logged?.get('settings 0')).toEqual({
      kind: 'part',
      part: 'settings',
      reading: { chargeOverCurrentA: 210, dischargeOverCurrentA: 210 },
      learned: { 'cells of 1': 16, 'sensors of 1': 4 },
    });
  });

  test('bit 6 of the FETs is set in a healthy pack and says nothing', () => {
    expect(logged?.get('bank 2')).toMatchObject({
      reading: { alarms: [], warnings: [], chargeFet: true, dischargeFet: true },
    });
  });
});

describe('what the maker prints', () => {
  test('a full pack at rest', () => {
    expect(vendor?.get('pack 0')).toMatchObject({
      reading: {
        voltageV: 52.81,
        currentA: 0,
        remainingCapacityAh: 200,
        socPct: 100,
        sohPct: 100,
        cycles: 0,
      },
    });
    expect(vendor?.get('cells 1')).toMatchObject({
      reading: { temperaturesC: [21.4, 21.5, 21.2, 21.2], mosfetTemperatureC: 21.6 },
    });
    expect(vendor?.get('state 2')).toEqual({
      kind: 'part',
      part: 'state',
      reading: { alarms: [], warnings: [], chargeFet: true, dischargeFet: true, balancingCells: [] },
    });
  });

  test('the bank states, byte for byte', () => {
    expect(answerTo(hex('00 01 0a 01 00 00 00 00 00 00 03 00 00 7e 35'), named('bank'))).toMatchObject({
      part: 'bank',
      reading: { chargeFet: true },
    });
  });
});

describe('the current', () => {
  test('counts hundredths on boards of 200 A, tenths on those of 300 A', () => {
    expect(readingOf(answerTo(pack()))).toMatchObject({ currentA: 15.3 });
    expect(readingOf(answerTo(pack({ 15: 300, 16: 270 })))).toMatchObject({ currentA: 153 });
    expect(readingOf(answerTo(pack({ 15: 240, 16: 240 })))).toMatchObject({ currentA: 15.3 });
  });

  test('counts as the owner says, whatever the board', () => {
    const counted = (capacityScale: 1 | 10, frame: Uint8Array) =>
      readingOf(answerTo(frame, undefined, { options: { capacityScale } }));
    expect(counted(10, pack())).toMatchObject({ currentA: 153, remainingCapacityAh: 175 });
    expect(counted(1, pack({ 15: 300 }))).toMatchObject({ currentA: 15.3 });
  });

  test('is negative down to the end of its range', () => {
    expect(readingOf(answerTo(pack({ 1: -32768 })))).toMatchObject({ currentA: -327.68 });
  });
});

describe('cells and sensors', () => {
  const cells = (unit: number, mv: readonly number[], kelvin: readonly number[] = [2946, 2943, 2945, 2943]) =>
    answerOf(unit, 4, words(...mv, ...kelvin, 2731, 2731, 2731, 2731, 2961, 2947));
  const fifteen = [...new Array<number>(15).fill(3300), 0];
  const sixteen = fifteen.with(15, 3300);

  test('a pack whose settings say 15 cells and 2 sensors has those', () => {
    const learned = { 'cells of 2': 15, 'sensors of 2': 2 };
    expect(readingOf(answerTo(cells(2, fifteen), undefined, { learned }))).toMatchObject({
      cellVoltagesV: { length: 15 },
      temperaturesC: [21.5, 21.2],
    });
  });

  test('what one pack told is not taken for another', () => {
    const learned = { 'cells of 2': 15 };
    expect(answerTo(cells(3, fifteen), undefined, { learned })).toEqual({
      kind: 'refused',
      why: 'unit 3 has not told its number of cells',
    });
    const broken = { 'cells of 2': 15, 'cells of 3': 16 };
    expect(readingOf(answerTo(cells(3, fifteen), undefined, { learned: broken }))).toMatchObject({
      cellVoltagesV: { length: 16, 15: 0 },
    });
  });

  test('a cell of 0 mV stays in its place', () => {
    const wire = fifteen.map((mv, i) => (i === 4 ? 0 : i === 15 ? 3300 : mv));
    expect(readingOf(answerTo(cells(1, wire)))).toMatchObject({
      cellVoltagesV: { 3: 3.3, 4: 0, 5: 3.3, 15: 3.3 },
    });
  });

  test('a sensor that is not fitted is unknown in its place', () => {
    const { answers } = understood(seplosV3Modbus, [cells(1, sixteen, [2946, 0, 0xffff, 2943])]);
    expect(answers).toMatchObject([{ reading: { temperaturesC: [21.5, undefined, undefined, 21.2] } }]);
  });

  test('frost', () => {
    expect(readingOf(answerTo(cells(1, sixteen, [2631, 2731, 2730, 2946])))).toMatchObject({
      temperaturesC: [-10, 0, -0.1, 21.5],
    });
  });

  test('settings with no cell or with 17 are none; a threshold of 0 is none', () => {
    const settings = (cellCount: number, chargeA: number) =>
      answerOf(
        0xe0,
        4,
        words(4, cellCount, ...new Array<number>(21).fill(0), chargeA, ...new Array<number>(29).fill(0)),
      );
    expect(answerTo(settings(0, 210))).toMatchObject({ kind: 'rejected' });
    expect(answerTo(settings(17, 210))).toMatchObject({ kind: 'rejected' });
    expect(answerTo(settings(8, 210))).toMatchObject({ reading: { chargeOverCurrentA: 210 } });
    expect(readingOf(answerTo(settings(8, 0)))).toEqual({});
  });

  test('the second page of settings, which comes unasked for the display, is none', () => {
    const page = answerOf(0xe0, 4, [...words(0x0aab, 0x0a47, 0x0c9f), ...new Array<number>(100).fill(0)]);
    expect(answerTo(page, named('settings'))).toMatchObject({ kind: 'rejected' });
    expect(answerTo(page, named('pack'))).toEqual({
      kind: 'rejected',
      why: 'unit 224 answers while unit 1 is asked',
    });
  });
});

describe('states', () => {
  const cases: [byte: number, bit: number, alarms: string[], warnings: string[]][] = [
    [1, 0, [], ['cell_high_voltage']],
    [1, 1, ['cell_high_voltage'], []],
    [1, 2, [], ['cell_low_voltage']],
    [1, 3, ['cell_low_voltage'], []],
    [1, 4, [], ['high_voltage']],
    [1, 5, ['high_voltage'], []],
    [1, 6, [], ['low_voltage']],
    [1, 7, ['low_voltage'], []],
    [2, 0, [], ['high_temperature_charge']],
    [2, 1, ['high_temperature_charge'], []],
    [2, 2, [], ['low_temperature_charge']],
    [2, 3, ['low_temperature_charge'], []],
    [2, 4, [], ['high_temperature']],
    [2, 5, ['high_temperature'], []],
    [2, 6, [], ['low_temperature']],
    [2, 7, ['low_temperature'], []],
    [3, 0, [], ['high_temperature']],
    [3, 1, ['high_temperature'], []],
    [3, 2, [], ['low_temperature']],
    [3, 3, ['low_temperature'], []],
    [3, 4, [], ['mosfet_high_temperature']],
    [3, 5, ['mosfet_high_temperature'], []],
    [3, 6, [], []],
    [3, 7, [], []],
    [4, 0, [], ['high_charge_current']],
    [4, 1, ['high_charge_current'], []],
    [4, 2, ['high_charge_current'], []],
    [4, 3, [], ['high_discharge_current']],
    [4, 4, ['high_discharge_current'], []],
    [4, 5, ['high_discharge_current'], []],
    [4, 6, ['short_circuit'], []],
    [4, 7, [], []],
    [5, 0, ['short_circuit'], []],
    [5, 1, ['internal'], []],
    [5, 2, ['high_charge_current'], []],
    [5, 3, ['high_discharge_current'], []],
    ...[4, 5, 6, 7].map((bit): (typeof cases)[number] => [5, bit, [], []]),
    [6, 2, [], ['low_soc']],
    [6, 3, ['low_soc'], []],
    [6, 4, [], ['cell_imbalance']],
    [6, 6, [], ['internal']],
    ...[0, 1, 5, 7].map((bit): (typeof cases)[number] => [6, bit, [], []]),
    ...[0, 8].flatMap((byte) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((bit): (typeof cases)[number] => [byte, bit, [], []]),
    ),
    [9, 0, ['internal'], []],
    [9, 1, ['internal'], []],
    [9, 2, ['contactor'], []],
    [9, 3, ['contactor'], []],
    [9, 4, ['cell_imbalance'], []],
    [9, 5, ['internal'], []],
    [9, 6, [], ['internal']],
    [9, 7, ['internal'], []],
  ];

  test.each(cases)('byte %i bit %i raises %j, warns of %j', (byte, bit, alarms, warnings) => {
    const bits = { [byte]: 1 << bit };
    expect(readingOf(answerTo(bank(bits)))).toMatchObject({ alarms, warnings });
    expect(readingOf(answerTo(state(bits)))).toMatchObject({ alarms, warnings });
  });

  test('FETs are bits', () => {
    expect(readingOf(answerTo(bank({ 7: 0x4d })))).toMatchObject({ chargeFet: false, dischargeFet: true });
    expect(readingOf(answerTo(state({ 7: 0x02 })))).toMatchObject({ chargeFet: true, dischargeFet: false });
  });

  test('FETs of a bank of several packs are nobody’s', () => {
    const reading = readingOf(answerTo(bank({ 1: 2, 7: 3 }), undefined, { options: { unit: 1 } }));
    expect(reading).toEqual({ alarms: ['cell_high_voltage'], warnings: [] });
  });

  test('balancing cells are numbered from 1', () => {
    expect(readingOf(answerTo(state({}, [255, 255, 255, 255, 255, 255, 0x81, 0x80])))).toMatchObject({
      balancingCells: [1, 8, 16],
      alarms: [],
    });
  });
});

describe('an intact frame that does not answer', () => {
  test('another unit', () => {
    expect(answerTo(pack({}, 2), named('pack'))).toEqual({
      kind: 'rejected',
      why: 'unit 2 answers while unit 1 is asked',
    });
  });

  test('another function, another length', () => {
    expect(answerTo(state({}), named('pack'))).toMatchObject({ kind: 'rejected' });
    expect(answerTo(pack(), named('cells'))).toEqual({
      kind: 'rejected',
      why: 'answers with 34 data bytes while 52 are asked',
    });
    expect(answerTo(answerOf(1, 4, words(1, 2, 3)))).toEqual({
      kind: 'rejected',
      why: '6 data bytes of unit 1 are no answer we know',
    });
  });

  test('the sums of the bank, as long as cells, are no cells', () => {
    expect(answerTo(answerOf(0, 4, new Array<number>(52).fill(0)))).toMatchObject({ kind: 'rejected' });
  });

  test('an exception is a complete answer that says no', () => {
    expect(answerTo(hex('00 84 02 93 01'))).toEqual({
      kind: 'refused',
      why: 'unit 0 refused: unknown register',
    });
    expect(understood(seplosV3Modbus, [frameOf(1, 0x84, 0x0b)], { request: named('pack') }).answers).toEqual([
      { kind: 'refused', why: 'unit 1 refused: the unit behind it is silent' },
    ]);
    expect(answerTo(frameOf(2, 0x84, 2), named('pack'))).toMatchObject({ kind: 'rejected' });
    expect(answerTo(frameOf(1, 0x81, 2), named('pack'))).toMatchObject({ kind: 'rejected' });
  });
});

describe('on rough air', () => {
  test('a repeated first notification costs its own bytes and nothing else', () => {
    const [first = new Uint8Array(), ...others] = inNotifications(pack());
    const { answers, heard } = understood(seplosV3Modbus, [first, first, ...others], {
      request: named('pack'),
    });
    expect(partsAmong(answers)).toHaveLength(1);
    expect(heard.skippedBytes).toBe(first.length);
  });

  test('a piece that begins like the answer of another unit, function or length begins none', () => {
    const begins = (bytes: Uint8Array) => seplosV3Modbus.framing.begins?.(bytes, named('pack'));
    expect(begins(pack())).toBe(true);
    expect(begins(pack({}, 2))).toBe(false);
    expect(begins(hex('01 01 22'))).toBe(false);
    expect(begins(hex('01 04 34'))).toBe(false);
    expect(seplosV3Modbus.framing.begins?.(pack(), undefined)).toBe(false);
  });

  test('a refusal begins an answer when it is the whole notification', () => {
    const begins = (bytes: Uint8Array) => seplosV3Modbus.framing.begins?.(bytes, named('pack'));
    expect(begins(frameOf(1, 0x84, 2))).toBe(true);
    expect(begins(frameOf(2, 0x84, 2))).toBe(false);
    // Data of a longer answer may look like it.
    expect(begins(Uint8Array.of(...frameOf(1, 0x84, 2), 0))).toBe(false);
  });

  test('half a word is no answer, nor is none', () => {
    for (const data of [[], [1, 2, 3]])
      expect(understood(seplosV3Modbus, [answerOf(1, 4, data)]).answers).toEqual([]);
  });

  test('bytes behind an answer harm neither it nor the next', () => {
    const glued = [Uint8Array.of(...pack(), 0xc0, 0xff, 0xee), ...inNotifications(pack())];
    expect(partsAmong(understood(seplosV3Modbus, glued, { request: named('pack') }).answers)).toHaveLength(2);
  });

  test('noise tells nothing', () => {
    expectNoiseTellsNothing(
      seplosV3Modbus,
      requestsOf({ unit: 1 }).map(({ bytes }) => bytes),
    );
  });

  test('any data is borne', () => {
    expectAnyFrameIsBorne(seplosV3Modbus, anyAnswerTo(requestsOf({ unit: 1 })));
  });
});

describe('a whole session', () => {
  const cellsMv = Array.from({ length: 16 }, (_, i) => 3300 + i);
  const alone = seplosUnit({ unit: 1, cellsMv, currentCounts: -1234, settings: [16, 4, 210, -220] });

  test.each([20, 512])(
    'with a pack alone gives complete samples in notifications of %i bytes',
    async (size) => {
      const { clock, samples } = oneLink({ driver: seplosV3, answer: alone, size });
      await clock.to(10_000);
      expect(samples().length).toBeGreaterThanOrEqual(4);
      expect(samples()[1]?.reading).toEqual({
        voltageV: 52.92,
        currentA: -12.34,
        remainingCapacityAh: 175,
        nominalCapacityAh: 200,
        socPct: 87.5,
        sohPct: 100,
        cycles: 12,
        cellVoltagesV: cellsMv.map((mv) => mv / 1000),
        temperaturesC: [21.5, 21.2, 0, -10],
        mosfetTemperatureC: 50,
        alarms: [],
        warnings: [],
        chargeFet: true,
        dischargeFet: true,
        chargeOverCurrentA: 210,
        dischargeOverCurrentA: 220,
      });
    },
  );

  test('asks for the settings once, and does without them', async () => {
    const unit = seplosUnit({ unit: 1, cellsMv });
    const { clock, samples, asked } = oneLink({ driver: seplosV3, answer: unit });
    await clock.to(10_000);
    expect(samples().length).toBeGreaterThanOrEqual(4);
    expect(samples()[0]?.reading).not.toHaveProperty('chargeOverCurrentA');
    expect(asked.filter(({ hex }) => hex.startsWith('e0'))).toHaveLength(1);
  });

  test('whose settings are lost after a new link never tells more cells than it has', async () => {
    const unit = seplosUnit({ unit: 1, cellsMv: cellsMv.slice(0, 15), settings: [15, 4, 210, -210] });
    let isLost = false;
    const { clock, samples, port } = oneLink({
      driver: seplosV3,
      answer: (request) => {
        if (request[0] !== 0xe0 || !isLost) return unit(request);
        isLost = false;
        return undefined;
      },
    });
    await clock.to(10_000);
    isLost = true;
    port.drop('02:00:00:00:00:01');
    await clock.to(30_000);
    expect(isLost).toBe(false);
    expect(samples().at(-1)?.atMs).toBeGreaterThan(27_000);
    expect(new Set(samples().map(({ reading }) => reading.cellVoltagesV?.length))).toEqual(new Set([15]));
  });

  test('with two packs gives each its own samples: cells, states, settings', async () => {
    const units = seplosUnit(
      { unit: 1, cellsMv, settings: [16, 4, 210, -210] },
      {
        unit: 2,
        cellsMv: cellsMv.slice(0, 15),
        events: [1, 2, 0, 0, 0, 0, 0, 1, 0, 0],
        balancing: [1, 0],
        settings: [15, 4, 110, -110],
      },
    );
    const batteries = [
      { id: 'a', options: { unit: 1 } },
      { id: 'b', options: { unit: 2 } },
    ] as const;
    const { clock, samples } = oneLink({ driver: seplosV3, answer: units, batteries });
    await clock.to(10_000);
    expect(samples('a').at(-1)?.reading).toMatchObject({
      cellVoltagesV: { length: 16 },
      alarms: [],
      chargeFet: true,
    });
    expect(samples('b').at(-1)?.reading).toMatchObject({
      cellVoltagesV: { length: 15 },
      alarms: ['cell_high_voltage'],
      chargeFet: false,
      dischargeFet: true,
      balancingCells: [1],
      chargeOverCurrentA: 110,
    });
  });

  test('with a second pack that does not tell its states tells the alarms of the bank', async () => {
    const calm = [0x10, 0, 0, 0, 0, 0, 0, 0x03, 0, 0];
    const units = seplosUnit({ unit: 1, cellsMv, events: calm }, { unit: 2, cellsMv });
    const batteries = [
      { id: 'a', options: { unit: 1 } },
      { id: 'b', options: { unit: 2 } },
    ] as const;
    const { clock, samples } = oneLink({
      driver: seplosV3,
      batteries,
      answer: (request) => {
        const [unit, fn] = request;
        if (unit === 2 && fn === 1) return undefined;
        return unit === 0 ? answerOf(0, 1, calm.with(1, 0x02)) : units(request);
      },
    });
    await clock.to(10_000);
    expect(samples('b').at(-1)?.reading).not.toHaveProperty('alarms');
    expect(samples('a').at(-1)?.reading).toMatchObject({ alarms: ['cell_high_voltage'], chargeFet: true });
  });

  test('with a second pack that is not there leaves the first its samples', async () => {
    const batteries = [
      { id: 'a', options: { unit: 1 } },
      { id: 'b', options: { unit: 2 } },
    ] as const;
    const { clock, samples, said } = oneLink({ driver: seplosV3, answer: alone, batteries });
    await clock.to(20_000);
    expect(samples('a').length).toBeGreaterThanOrEqual(8);
    expect(samples('b')).toEqual([]);
    expect(said).toContainEqual({ type: 'notice', battery: 'b', text: 'unit 2 refused: unknown register' });
  });
});

describe('which driver', () => {
  test.each(adverts)('$name is a Seplos V3', (advert) => {
    expect(driverFor(advert)).toBe(seplosV3);
  });

  test('names of JBD and services of others are not claimed', () => {
    expect(seplosV3.matches({ address: '', name: 'SP17S005P17S120A', services: ['ff00'] })).toBe(false);
    expect(seplosV3.matches({ address: '', name: 'SP05B2312190075', services: ['ff00'] })).toBe(false);
    expect(seplosV3.matches({ address: '', services: ['fff0'] })).toBe(false);
  });
});
