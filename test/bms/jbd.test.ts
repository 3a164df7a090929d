import { describe, expect, test } from 'vitest';
import { driverById, driverFor } from '../../src/bms/drivers.ts';
import { jbd, jbdUart } from '../../src/bms/jbd.ts';
import { frameOf } from '../../src/bms/jbd-frame.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { captured, hex, tell } from './captures.ts';

const askBasic = hex('dda50300fffd77');
const askCells = hex('dda50400fffc77');
const askName = hex('dda50500fffb77');

/** Data of 0x03 with some of its bytes changed. */
const basicData = (
  change: { readonly [at: number]: number },
  data = captured('jbd/4s-discharging'),
): Uint8Array => {
  const whole = [...(data.entries[1]?.bytes ?? []), ...(data.entries[2]?.bytes ?? [])].slice(4, -3);
  return Uint8Array.from(whole, (byte, i) => change[i] ?? byte);
};
const basicReading = (data: ArrayLike<number>, options = {}) => {
  const answer = jbdUart.answer(frameOf(3, 0, data), { request: askBasic, options, learned: {} });
  return answer.kind === 'part' ? answer.reading : answer;
};

const answerTo = (request: Uint8Array, frame: Uint8Array) =>
  jbdUart.answer(frame, { request, options: {}, learned: {} });

describe('what we ask', () => {
  test('is what the maker prints', () => {
    expect(jbdUart.requests({}).map(({ bytes }) => bytes)).toEqual([
      askBasic,
      askCells,
      hex('dda5fa0300001efee577'),
      askName,
      hex('dda5aa00ff5677'),
    ]);
  });
});

describe('a JBD battery, 4 cells, under a 5 A load', () => {
  const { said, skippedBytes } = transcribe(jbd, captured('jbd/4s-discharging').entries);
  const answers = said.map(({ answer }) => answer);

  test('reads as volts, amps and percent', () => {
    expect(answers[0]).toEqual({
      kind: 'part',
      part: 'basic',
      reading: {
        voltageV: 13.24,
        currentA: -5, // negative: discharging
        remainingCapacityAh: 80,
        nominalCapacityAh: 100,
        cycles: 42,
        socPct: 80,
        temperaturesC: [25.2, 24.7],
        balancingCells: [],
        chargeFet: true,
        dischargeFet: true,
        blockedBySoftware: false,
        alarms: [],
        details: {
          firmware_version: '2.1',
          production_date: '2024-04-28',
          current_limiting: false,
          heating: false,
        },
      },
    });
  });

  test('has four cells, cell 1 first', () => {
    expect(answers[1]).toEqual({
      kind: 'part',
      part: 'cells',
      reading: { cellVoltagesV: [3.312, 3.314, 3.31, 3.313] },
    });
  });

  test('wastes no byte', () => {
    expect(skippedBytes).toBe(0);
  });
});

describe('the answers that the maker prints', () => {
  const answers = transcribe(jbd, captured('jbd/vendor-examples').entries).said.map(({ answer }) => answer);

  test('17 cells discharging at 20 A', () => {
    expect(answers[0]).toMatchObject({
      part: 'basic',
      reading: {
        voltageV: 66.23,
        currentA: -20.12,
        remainingCapacityAh: 34.93,
        nominalCapacityAh: 40,
        cycles: 2,
        socPct: 87,
        temperaturesC: [23.7, 25.4, 23.5, 23.6],
        chargeFet: true,
        dischargeFet: true,
        alarms: [],
        balancingCells: [],
      },
    });
  });

  test('15 cells in millivolts', () => {
    expect(answers[1]).toMatchObject({
      part: 'cells',
      reading: {
        cellVoltagesV: [
          3.942, 3.939, 3.939, 3.94, 3.902, 3.939, 3.895, 3.931, 3.941, 3.899, 3.939, 3.939, 3.9, 3.942,
          3.901,
        ],
      },
    });
  });

  test('a refusal is a complete answer', () => {
    expect(answers[2]).toEqual({ kind: 'refused', why: 'register 0x05 refused: unknown register' });
  });
});

describe('a name', () => {
  const named = (data: string) => answerTo(askName, frameOf(5, 0, hex(data)));

  test('is ASCII as long as the frame says', () => {
    expect(tell([hex('dd05000a30313233343536373839fde977')], askName).answers).toEqual([
      { kind: 'part', part: 'name', reading: { name: '0123456789' } },
    ]);
  });

  test('ends at the first NUL and holds nothing unprintable', () => {
    expect(named('4a424400ff41')).toMatchObject({ reading: { name: 'JBD' } });
    expect(named('4aff1b44')).toMatchObject({ reading: { name: 'J??D' } });
  });

  test('that is empty is no name', () => {
    expect(named('0000')).toEqual({ kind: 'part', part: 'name', reading: {} });
  });
});

describe('an intact frame that does not answer', () => {
  test('another register than the pending one leaves the request pending', () => {
    expect(answerTo(askBasic, frameOf(4, 0, [12, 228]))).toEqual({
      kind: 'rejected',
      why: 'answers register 0x04 while register 0x03 is asked',
    });
  });

  test('the empty "done", whose checksum is 0000, is intact but no basic info', () => {
    expect(tell([hex('dd030000000077')], askBasic)).toMatchObject({
      answers: [{ kind: 'rejected', why: 'register 0x03 cannot have 0 data bytes' }],
      heard: { skippedBytes: 0, rejectedFrames: 1 },
    });
  });

  test('our own request, echoed', () => {
    expect(tell([askBasic], askBasic).answers).toMatchObject([{ kind: 'rejected' }]);
    expect(tell([askBasic]).answers).toMatchObject([{ kind: 'rejected' }]);
  });

  test.each([3, 66])('cells in %d bytes', (length) => {
    expect(answerTo(askCells, frameOf(4, 0, new Uint8Array(length)))).toMatchObject({ kind: 'rejected' });
  });

  test('settings of other parameters than those asked for', () => {
    expect(tell([hex('ddfa00070001020fa01036ff0177')]).answers).toEqual([
      { kind: 'rejected', why: 'register 0xfa cannot have 7 data bytes' },
    ]);
  });
});

describe('the state of a JBD battery', () => {
  test.each([
    [0x0001, ['cell_high_voltage']],
    [0x0002, ['cell_low_voltage']],
    [0x0004, ['high_voltage']],
    [0x0008, ['low_voltage']],
    [0x0010, ['high_temperature_charge']],
    [0x0020, ['low_temperature_charge']],
    [0x0040, ['high_temperature']],
    [0x0080, ['low_temperature']],
    [0x0100, ['high_charge_current']],
    [0x0200, ['high_discharge_current']],
    [0x0400, ['short_circuit']],
    [0x0800, ['internal']],
    [0x2000, ['contactor']],
    [0x4000, ['contactor']],
    [0x6000, ['contactor']],
    [0x8000, []],
  ])('protection %i raises %j', (word, alarms) => {
    expect(basicReading(basicData({ 16: word >> 8, 17: word & 0xff }))).toMatchObject({
      alarms,
      blockedBySoftware: false,
    });
  });

  test('a FET that somebody switched off on purpose is no alarm', () => {
    expect(basicReading(basicData({ 16: 0x10, 20: 0x02 }))).toMatchObject({
      alarms: [],
      blockedBySoftware: true,
      chargeFet: false,
      dischargeFet: true,
    });
  });

  test('FETs are bits: limiting and heating beside them change nothing', () => {
    expect(basicReading(basicData({ 20: 0x0d }))).toMatchObject({ chargeFet: true, dischargeFet: false });
  });

  test('cell 4 of 4 balancing is bit 3 of the first word; cell 17 is bit 0 of the second', () => {
    expect(basicReading(basicData({ 13: 0x08 }))).toMatchObject({ balancingCells: [4] });
    expect(basicReading(basicData({ 12: 0x80, 15: 0x01 }))).toMatchObject({ balancingCells: [16, 17] });
  });

  test('remaining capacity above 327.67 Ah is not negative', () => {
    expect(basicReading(basicData({ 4: 0xff, 5: 0xfe }))).toMatchObject({ remainingCapacityAh: 655.34 });
  });
});

describe('the two unit layouts', () => {
  const flagged = basicData({ 20: 0x83 });

  test('the unit flag makes amperes and ampere-hours ten times larger, volts not', () => {
    expect(basicReading(flagged)).toMatchObject({
      voltageV: 13.24,
      currentA: -50,
      remainingCapacityAh: 800,
      nominalCapacityAh: 1000,
      chargeFet: true,
    });
  });

  test('what the owner says overrules the flag, both ways', () => {
    expect(basicReading(flagged, { capacityScale: 1 })).toMatchObject({ currentA: -5 });
    expect(basicReading(basicData({}), { capacityScale: 10 })).toMatchObject({ currentA: -50 });
  });
});

describe('newer firmware says more behind the sensors', () => {
  test('warnings, when the length covers them', () => {
    const longer = [...basicData({}), 0x37, 0x0c, 0x10, 0x27, 0x10, 0x1f, 0x40, 0x81, 0x10];
    expect(basicReading(longer)).toMatchObject({
      warnings: ['high_temperature_charge', 'cell_imbalance', 'low_soc'],
    });
    expect(basicReading(longer.slice(0, -7))).not.toHaveProperty('warnings');
  });

  test('a sensor that is announced but not sent is unknown in its place', () => {
    expect(basicReading(basicData({ 22: 3 }))).toMatchObject({ temperaturesC: [25.2, 24.7, undefined] });
  });

  test('no more than 16 sensors are believed in', () => {
    expect(basicReading([...basicData({ 22: 200 }), ...new Uint8Array(200)])).toMatchObject({
      temperaturesC: { length: 16 },
    });
  });

  test('no sensor at all is legal', () => {
    expect(basicReading(basicData({ 22: 0 }).subarray(0, 23))).toMatchObject({ temperaturesC: [] });
  });
});

describe('which driver', () => {
  const advert = (services: string[], name?: string) => ({
    address: 'a4:c1:38:00:00:01',
    services,
    ...(name && { name }),
  });

  test('the service ff00 is enough, whatever the name', () => {
    expect(driverFor(advert(['ff00']))).toBe(jbd);
    expect(driverFor(advert(['180a', 'ff00'], 'xyz'))).toBe(jbd);
  });

  test('a JBD name decides beside fff0, the UART service or no service', () => {
    expect(driverFor(advert(['fff0'], 'DP04S007'))).toBe(jbd);
    expect(driverFor(advert([], 'SP17S005P17S120A'))).toBe(jbd);
  });

  test('fff0 alone, another family by name, and JK are not claimed', () => {
    expect(driverFor(advert(['fff0']))).toBeUndefined();
    expect(jbd.matches(advert(['fff0'], 'DL-40A2'))).toBe(false);
    expect(jbd.matches(advert(['ff00'], 'DL-41181201189F'))).toBe(false);
    expect(jbd.matches(advert(['fff0'], 'SP05B123'))).toBe(false);
    expect(driverFor(advert(['ffe0'], 'JBD-like'))).toBeUndefined();
  });

  test('an id finds its driver', () => {
    expect(driverById('jbd')).toBe(jbd);
    expect(driverById('JBD')).toBeUndefined();
  });
});

describe('what only people read', () => {
  const extended = (more: string) => basicReading([...basicData({}), ...hex(more)]);

  test('newer firmware tells humidity, learned capacity and balance current, each where its bytes are', () => {
    expect(extended('2a 0000 2af8 1f40 0064')).toMatchObject({
      details: { humidity_pct: 42, full_capacity_Ah: 110, balance_current_A: 0.1 },
    });
    expect(extended('00 0000 2af8')).toMatchObject({ details: { full_capacity_Ah: 110 } });
  });

  test('a balance current of 33 A, as one pack reports, is not told, nor the humidity of a sensor that is not fitted', () => {
    const { details } = extended('00 0000 2af8 1f40 8110') as BatteryReading;
    expect(details).not.toHaveProperty('balance_current_A');
    expect(details).not.toHaveProperty('humidity_pct');
  });

  test.each([0x0000, 0x0020, 0xffff])('a production date of %i is no date', (word) => {
    const { details } = basicReading(basicData({ 10: word >> 8, 11: word & 255 })) as BatteryReading;
    expect(details).not.toHaveProperty('production_date');
  });

  test('heating and current limiting are bits of the FET state, beside those of the FETs', () => {
    expect(basicReading(basicData({ 20: 0x0f }))).toMatchObject({
      chargeFet: true,
      dischargeFet: true,
      details: { current_limiting: true, heating: true },
    });
  });

  test('the counters are 11 words, or 12 with the restarts', () => {
    const words = (n: number) => Array.from({ length: n }, (_, i) => [0, i + 1]).flat();
    const counted = (n: number) => answerTo(hex('dda5aa00ff5677'), frameOf(0xaa, 0, words(n)));
    expect(counted(11)).toMatchObject({
      reading: { details: { short_circuits: 1, pack_under_voltages: 11 } },
    });
    expect(counted(12)).toMatchObject({ reading: { details: { short_circuits: 1, restarts: 12 } } });
    expect(counted(10)).toMatchObject({ kind: 'rejected' });
  });
});

describe('the settings of a JBD, read without factory mode', () => {
  const ask = hex('dda5fa0300001efee577');
  /** The words of parameters 0 to 29, some of them given; made by hand. */
  const settings = (given: { readonly [parameter: number]: number }, head = [0, 0, 30]) =>
    answerTo(
      ask,
      frameOf(0xfa, 0, [
        ...head,
        ...Array.from({ length: 30 }, (_, i) => [((given[i] ?? 0) >> 8) & 255, (given[i] ?? 0) & 255]).flat(),
      ]),
    );

  test('tell the over-current trips, that of discharging being negative on the wire', () => {
    expect(settings({ 24: 12_000, 25: -15_000 })).toMatchObject({
      part: 'settings',
      reading: { chargeOverCurrentA: 120, dischargeOverCurrentA: 150 },
    });
  });

  test('count in tenths where the functions say so', () => {
    expect(settings({ 24: 4000, 25: -5000, 29: 0x1000 })).toMatchObject({
      reading: { chargeOverCurrentA: 400, dischargeOverCurrentA: 500 },
    });
  });

  test('a trip of 0, or of the wrong sign, is none', () => {
    const answer = settings({ 24: 0, 25: 15_000 });
    expect(answer).toMatchObject({ kind: 'part' });
    expect(answer).not.toMatchObject({ reading: { chargeOverCurrentA: expect.anything() } });
    expect(answer).not.toMatchObject({ reading: { dischargeOverCurrentA: expect.anything() } });
  });

  test('cells and temperatures at which it trips are for people to read', () => {
    expect(settings({ 20: 3650, 22: 2500, 8: 3381, 10: 2731 })).toMatchObject({
      reading: {
        details: {
          cell_over_voltage_V: 3.65,
          cell_under_voltage_V: 2.5,
          charge_over_temperature_C: 65,
          charge_under_temperature_C: 0,
        },
      },
    });
  });

  test('of other parameters are no answer', () => {
    expect(settings({}, [0, 1, 30])).toMatchObject({ kind: 'rejected' });
    expect(settings({}, [0, 0, 29])).toMatchObject({ kind: 'rejected' });
  });
});

describe('recorded JBD units', () => {
  test('one with a password talks as any other once it is logged in', () => {
    const { said } = transcribe(jbd, captured('jbd/password-and-second-key').entries);
    expect(said.flatMap(({ answer }) => (answer.kind === 'part' ? answer.part : []))).toEqual([
      'basic',
      'cells',
    ]);
    expect(said[0]?.answer).toMatchObject({ reading: { voltageV: 13.34, currentA: -0.7, socPct: 96 } });
  });

  test('one without sensors has none, and its cell that is not wired keeps its place', () => {
    const { said } = transcribe(jbd, captured('jbd/16s-without-sensors').entries);
    expect(said[0]?.answer).toMatchObject({ reading: { temperaturesC: [], socPct: 0 } });
    const cells = said[1]?.answer;
    const volts = cells?.kind === 'part' ? cells.reading.cellVoltagesV : [];
    expect(volts).toHaveLength(16);
    expect(volts?.[15]).toBe(0);
  });
});
