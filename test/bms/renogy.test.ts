import { describe, expect, test } from 'vitest';
import { chooseChannel, type GattCharacteristic } from '../../src/ble/port.ts';
import type { Answer } from '../../src/bms/driver.ts';
import { driverFor } from '../../src/bms/drivers.ts';
import { renogy, renogyModbus } from '../../src/bms/renogy.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured } from './captures.ts';
import { understood } from './exchanges.ts';
import { answerOf, anyAnswerTo, frameOf, modbusUnit, words } from './modbus-unit.ts';
import { oneLink } from './one-link.ts';
import { expectAnyFrameIsBorne, expectNoiseTellsNothing } from './rough-air.ts';

/** As they come from the air, for the table of all families. */
const adverts = [
  { name: 'BT-TH-66EDFC11', services: ['ffd0'], companyId: 39008 },
  { name: 'BT-TH-161E0000', services: [] },
].map((advert) => ({ address: '60:98:66:00:00:01', ...advert }));

const captures = ['rbt100lfp12-bt', 'rbt50lfp48s'].map((name) => captured(`renogy/${name}`));
const [small, large] = captures.map(({ entries }) =>
  transcribe(renogy, entries).said.map(({ answer }) => answer),
);

const requests = renogyModbus.requests({});
const answerTo = (frame: Uint8Array, request?: Uint8Array) =>
  renogyModbus.answer(frame, { request, options: {}, learned: {} });
const readingOf = (answer: Answer) => (answer.kind === 'part' ? answer.reading : answer);
const told = (...numbers: readonly number[]) => readingOf(answerTo(answerOf(0x30, 3, words(...numbers))));
/** A unit of so many ampere-hours, in mAh of two words each. */
const packOf = (currentCounts: number, leftMah: number, fullMah: number) =>
  [currentCounts, 133, leftMah >> 16, leftMah & 0xffff, fullMah >> 16, fullMah & 0xffff, 5] as const;
const cellsOf = (
  cells: readonly number[],
  celsius: readonly number[],
  counts = [cells.length, celsius.length],
) => [
  counts[0] ?? 0,
  ...Array.from({ length: 16 }, (_, i) => cells[i] ?? 0),
  counts[1] ?? 0,
  ...Array.from({ length: 16 }, (_, i) => celsius[i] ?? 0),
];
const stateOf = (protection: number, warning = 0, before: readonly number[] = [0, 0, 0, 0, 0, 0]) => [
  ...before,
  protection,
  warning,
];

describe('what we ask', () => {
  test('is what public captures show', () => {
    expect(requests.map(({ name, bytes, required, once }) => [name, toHex(bytes), required, once])).toEqual([
      ['pack', '30 03 13 b2 00 07 a4 8a', true, undefined],
      ['cells', '30 03 13 88 00 22 45 5c', true, undefined],
      ['state', '30 03 13 ec 00 08 85 5c', true, undefined],
      ['name', '30 03 13 f0 00 1c 44 95', false, true],
      ['settings', '30 03 14 50 00 16 c5 c4', false, true],
    ]);
  });

  test('of another battery of the same stick', () => {
    const [first] = renogyModbus.requests({ unit: 0x31 });
    expect(first?.bytes).toEqual(frameOf(0x31, 3, 0x13, 0xb2, 0, 7));
  });

  test('goes into another service than the answers come from', () => {
    const found = (service: string, uuid: string): GattCharacteristic => ({
      service,
      uuid,
      properties: ['write'],
    });
    const [write, notify] = [found('ffd0', 'ffd1'), found('fff0', 'fff1')];
    expect(chooseChannel([write, notify], renogy.gatt)).toEqual({ notify, write });
  });
});

describe('a 12 V battery with a built-in stick', () => {
  test('reads as volts, amps and a computed percentage', () => {
    expect(small?.[0]).toEqual({
      kind: 'part',
      part: 'pack',
      reading: {
        voltageV: 13.6,
        currentA: -0.86, // negative: discharging
        socPct: 97.2,
        remainingCapacityAh: 97.2,
        nominalCapacityAh: 100,
        cycles: 15,
      },
    });
  });

  test('has four cells in tenths of a volt and two sensors', () => {
    expect(small?.[1]).toEqual({
      kind: 'part',
      part: 'cells',
      reading: { cellVoltagesV: [3.5, 3.3, 3.3, 3.3], temperaturesC: [17, 17] },
    });
  });

  test('says nothing of its FETs while current flows: they are unknown, not off', () => {
    expect(small?.[2]).toEqual({ kind: 'part', part: 'state', reading: { alarms: [], warnings: [] } });
  });

  test('has a name', () => {
    expect(small?.[3]).toEqual({ kind: 'part', part: 'name', reading: { name: 'RBT100LFP12-BT' } });
  });
});

describe('a 48 V battery under a 36 A load', () => {
  test('tells everything', () => {
    expect(Object.assign({}, ...(large ?? []).map(readingOf))).toEqual({
      voltageV: 48.6,
      currentA: -36.18,
      socPct: 93.35,
      remainingCapacityAh: 46.676,
      nominalCapacityAh: 50,
      cycles: 0,
      cellVoltagesV: new Array(15).fill(3.2),
      temperaturesC: [...new Array(8).fill(22), ...new Array(7).fill(23)],
      alarms: [],
      warnings: [], // bit 9 of the second word is set and no warning
      chargeFet: true,
      dischargeFet: true,
      name: 'RBT50LFP48S',
      chargeOverCurrentA: 55,
      dischargeOverCurrentA: 55,
    });
  });
});

test('no byte of the captures is wasted', () => {
  expect(captures.map(({ entries }) => transcribe(renogy, entries).skippedBytes)).toEqual([0, 0]);
});

describe('numbers', () => {
  test('charging is positive', () => {
    expect(told(...packOf(5000, 99_941, 100_000))).toMatchObject({ currentA: 50, socPct: 99.94 });
  });

  test('without a capacity there is no percentage', () => {
    const reading = told(...packOf(0, 0, 0));
    expect(reading).toMatchObject({ voltageV: 13.3, remainingCapacityAh: 0 });
    expect(reading).not.toHaveProperty('socPct');
    expect(reading).not.toHaveProperty('nominalCapacityAh');
  });

  test('16 cells are the most; none or 17 are no answer', () => {
    const most = new Array<number>(16).fill(33);
    expect(told(...cellsOf(most, most))).toMatchObject({
      cellVoltagesV: { length: 16 },
      temperaturesC: { length: 16 },
    });
    expect(told(...cellsOf(most, [], [0, 0]))).toMatchObject({ kind: 'rejected' });
    expect(told(...cellsOf(most, [], [17, 0]))).toMatchObject({ kind: 'rejected' });
  });

  test('a cell of 0 V stays in its place; frost is negative; no sensor is no temperature', () => {
    expect(told(...cellsOf([33, 0, 34, 33], [-105]))).toEqual({
      cellVoltagesV: [3.3, 0, 3.4, 3.3],
      temperaturesC: [-10.5],
    });
    expect(told(...cellsOf([33], []))).toMatchObject({ temperaturesC: [] });
  });

  test('a sensor that cannot be is unknown in its place', () => {
    const frame = answerOf(0x30, 3, words(...cellsOf([33, 33], [200, 32767, 210])));
    expect(understood(renogyModbus, [frame]).answers).toMatchObject([
      { reading: { temperaturesC: [20, undefined, 21] } },
    ]);
  });

  test('a threshold of 0 is none', () => {
    expect(told(...new Array<number>(22).fill(0))).toEqual({});
  });
});

describe('states', () => {
  test.each([
    [0, ['short_circuit']],
    [3, []],
    [4, ['high_charge_current']],
    [5, ['high_discharge_current']],
    [6, ['high_voltage']],
    [7, ['cell_low_voltage']],
    [8, ['cell_high_voltage']],
    [9, ['high_charge_current']],
    [10, ['high_discharge_current']],
    [11, ['low_temperature']],
    [12, ['high_temperature']],
    [13, ['low_temperature_charge']],
    [14, ['high_temperature_charge']],
    [15, ['low_voltage']],
  ])('protection bit %i raises %j', (bit, alarms) => {
    expect(told(...stateOf(1 << bit))).toEqual({
      alarms,
      warnings: [],
      chargeFet: false,
      dischargeFet: false,
    });
  });

  test('one name is raised once', () => {
    expect(told(...stateOf(0x0210))).toMatchObject({ alarms: ['high_charge_current'] });
  });

  test('FETs are bits', () => {
    expect(told(...stateOf(0x000a))).toMatchObject({ chargeFet: true, dischargeFet: false });
    expect(told(...stateOf(0x000c))).toMatchObject({ chargeFet: false, dischargeFet: true });
  });

  test.each([
    [0, ['cell_low_voltage']],
    [1, ['cell_high_voltage']],
    [2, ['low_voltage']],
    [3, ['high_voltage']],
    [4, ['low_temperature_charge']],
    [5, ['high_temperature_charge']],
    [6, ['low_temperature']],
    [7, ['high_temperature']],
    ...[8, 9, 10, 11, 12, 13, 14, 15].map((bit): [number, string[]] => [bit, []]),
  ])('warning bit %i warns of %j', (bit, warnings) => {
    expect(told(...stateOf(0x0e, 1 << bit))).toMatchObject({ warnings, alarms: [] });
  });

  test.each([0, 1, 2, 3, 4, 5])(
    'alarm word %i, whose bits are not certain, warns and stops nothing',
    (word) => {
      const before = Array.from({ length: 6 }, (_, i) => (i === word ? 0x8000 : 0));
      expect(told(...stateOf(0x0e, 0, before))).toMatchObject({ alarms: [], warnings: ['internal'] });
    },
  );
});

describe('an intact frame that does not answer', () => {
  const [pack, cells] = requests.map(({ bytes }) => bytes);

  test('another unit, another length', () => {
    expect(answerTo(answerOf(0x31, 3, words(...packOf(0, 1, 1))), pack)).toEqual({
      kind: 'rejected',
      why: 'unit 49 answers while unit 48 is asked',
    });
    expect(answerTo(answerOf(0x30, 3, words(...packOf(0, 1, 1))), cells)).toEqual({
      kind: 'rejected',
      why: 'answers with 14 data bytes while 68 are asked',
    });
    expect(answerTo(answerOf(0x30, 3, words(1, 2, 3)))).toMatchObject({ kind: 'rejected' });
  });

  test('an exception is a complete answer that says no', () => {
    expect(understood(renogyModbus, [frameOf(0x30, 0x83, 2)], { request: pack }).answers).toEqual([
      { kind: 'refused', why: 'unit 48 refused: unknown register' },
    ]);
  });
});

describe('on rough air', () => {
  test('noise tells nothing', () => {
    expectNoiseTellsNothing(
      renogyModbus,
      requests.map(({ bytes }) => bytes),
    );
  });

  test('any data is borne', () => expectAnyFrameIsBorne(renogyModbus, anyAnswerTo(requests)));
});

describe('a whole session', () => {
  const battery = (unit: number, volts: number) => ({
    [`${unit} 3 ${0x13b2}`]: words(-3618, volts, 0, 50_000, 1, 34_464, 15),
    [`${unit} 3 ${0x1388}`]: words(...cellsOf([33, 33, 33, 34], [170, 180])),
    [`${unit} 3 ${0x13ec}`]: words(...stateOf(0x000e, 0x4200)),
  });

  test.each([20, 512])('gives complete samples in notifications of %i bytes', async (size) => {
    const { clock, samples } = oneLink({ driver: renogy, answer: modbusUnit(battery(0x30, 133)), size });
    await clock.to(10_000);
    expect(samples().length).toBeGreaterThanOrEqual(4);
    expect(samples()[0]?.reading).toEqual({
      voltageV: 13.3,
      currentA: -36.18,
      socPct: 50,
      remainingCapacityAh: 50,
      nominalCapacityAh: 100,
      cycles: 15,
      cellVoltagesV: [3.3, 3.3, 3.3, 3.4],
      temperaturesC: [17, 18],
      alarms: [],
      warnings: [],
      chargeFet: true,
      dischargeFet: true,
    });
  });

  test('with two batteries behind one stick gives each its own', async () => {
    const answer = modbusUnit({ ...battery(0x30, 133), ...battery(0x31, 134) });
    const batteries = [{ id: 'a' }, { id: 'b', options: { unit: 0x31 } }] as const;
    const { clock, samples } = oneLink({ driver: renogy, answer, batteries });
    await clock.to(10_000);
    expect(samples('a').at(-1)?.reading.voltageV).toBe(13.3);
    expect(samples('b').at(-1)?.reading.voltageV).toBe(13.4);
  });

  test('with a charge controller, which has none of this, gives no sample and says so', async () => {
    const { clock, samples, said } = oneLink({ driver: renogy, answer: modbusUnit({}) });
    await clock.to(10_000);
    expect(samples()).toEqual([]);
    expect(said).toContainEqual({ type: 'notice', battery: 'a', text: 'unit 48 refused: unknown register' });
  });
});

describe('which driver', () => {
  test.each(adverts)('$name is a Renogy', (advert) => {
    expect(driverFor(advert)).toBe(renogy);
  });

  test('newer Renogy packs with another protocol are not claimed', () => {
    expect(renogy.matches({ address: '', name: 'RNGRBP1228000830', services: [] })).toBe(false);
    expect(renogy.matches({ address: '', services: ['ffd0'] })).toBe(false);
  });
});
