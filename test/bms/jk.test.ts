import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/bms/driver.ts';
import { driverFor } from '../../src/bms/drivers.ts';
import { jk, jk02 } from '../../src/bms/jk.ts';
import { hear, nothingHeard } from '../../src/bms/listener.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import type { AlarmName } from '../../src/model/alarms.ts';
import { captured, hex, tell } from './captures.ts';
import { cellsFrame, infoFrame, type JkPack, moduleText, ready, sealed, settingsFrame } from './jk-unit.ts';

const askInfo = hex(`aa5590eb97 ${'00'.repeat(14)} 11`);
const askSettings = hex(`aa5590eb96 ${'00'.repeat(14)} 10`);

const answersIn = (name: string): Answer[] =>
  transcribe(jk, captured(name).entries).said.map(({ answer }) => answer);
const heard = (name: string) => answersIn(`jk/${name}`);
const cellsOf = (answers: readonly Answer[]) =>
  answers.flatMap((answer) => (answer.kind === 'part' && answer.part === 'cells' ? [answer.reading] : []));

/** What one frame says on a link that has learned the software's version. */
const said = (frame: Uint8Array, software?: number, request?: Uint8Array): Answer =>
  jk02.answer(frame, { request, options: {}, learned: software === undefined ? {} : { software } });
const reading = (room: 24 | 32, pack: JkPack = {}) => {
  const answer = said(cellsFrame(room, pack), room === 24 ? 10 : 14);
  return answer.kind === 'part' ? answer.reading : answer;
};

describe('what we ask', () => {
  test('is device info, then settings, as the reference prints them; the cells come by themselves', () => {
    expect(jk02.requests({}).map(({ bytes }) => bytes)).toEqual([askInfo, askSettings]);
    expect(jk02.stream).toEqual({ parts: ['cells'], rouse: [askSettings] });
  });

  test('only the info must be answered, and both only once a link', () => {
    expect(jk02.requests({}).map(({ name, required, once }) => [name, required, once])).toEqual([
      ['info', true, true],
      ['settings', false, true],
    ]);
  });
});

describe('recorded units', () => {
  test('16 cells at rest, software 14.20, are those of the reference', () => {
    expect(cellsOf(heard('16s-14.20-at-rest'))).toEqual([
      {
        voltageV: 51.689,
        currentA: 0,
        socPct: 52,
        sohPct: 100,
        remainingCapacityAh: 1.043,
        cycles: 0,
        cellVoltagesV: [
          3.246, 3.23, 3.226, 3.231, 3.233, 3.231, 3.232, 3.232, 3.225, 3.232, 3.216, 3.225, 3.237, 3.231,
          3.225, 3.242,
        ],
        temperaturesC: [17.7, 17.7, 18, 17.9],
        mosfetTemperatureC: 17.3,
        chargeFet: true,
        dischargeFet: true,
        alarms: [],
        warnings: [],
      },
    ]);
  });

  test('24 cells in the older layout, with the discharge MOSFET off', () => {
    const [read] = cellsOf(heard('24s-10.07-at-rest'));
    expect(read).toMatchObject({
      voltageV: 78.735,
      currentA: 0,
      socPct: 85,
      remainingCapacityAh: 42.804,
      temperaturesC: [20.7, 20.7],
      mosfetTemperatureC: 23.4,
      chargeFet: true,
      dischargeFet: false,
    });
    expect(read?.cellVoltagesV).toHaveLength(24);
    expect(read?.cellVoltagesV?.slice(-2)).toEqual([3.285, 3.281]);
  });

  test('13 cells in the cold', () => {
    const [read] = cellsOf(heard('13s-24s-cold'));
    expect(read).toMatchObject({
      temperaturesC: [-3.1, -2.9],
      mosfetTemperatureC: 0.5,
      cycles: 56,
      socPct: 47,
    });
    expect(read?.cellVoltagesV).toHaveLength(13);
  });

  test('discharging is negative; a frame that is sent twice is one measurement', () => {
    expect(cellsOf(heard('8s-11.48-discharging')).map(({ currentA }) => currentA)).toEqual([-7.063]);
    expect(cellsOf(heard('16s-19.27-discharging')).map(({ currentA }) => currentA)).toEqual([-0.727]);
  });

  test('a board of 11.x has two sensors: the zeros where newer software keeps two more are no 0 degrees', () => {
    expect(cellsOf(heard('8s-11.48-discharging'))).toMatchObject([
      { temperaturesC: [28.4, 29.2], mosfetTemperatureC: 31 },
    ]);
  });

  test('settings tell the trip points and the capacity', () => {
    expect(heard('16s-19.27-discharging')).toContainEqual({
      kind: 'part',
      part: 'settings',
      reading: { chargeOverCurrentA: 80, dischargeOverCurrentA: 100, nominalCapacityAh: 314 },
    });
  });

  test.each([
    '13s-24s-cold',
    '16s-14.20-at-rest',
    '16s-19.27-discharging',
    '24s-10.07-at-rest',
    '8s-11.48-discharging',
  ])('%s wastes no byte: the small talk of module and board is no damage', (name) => {
    const { said: answers, skippedBytes } = transcribe(jk, captured(`jk/${name}`).entries);
    expect(skippedBytes).toBe(0);
    expect(answers.map(({ answer }) => answer.kind)).not.toContain('rejected');
  });
});

describe.each([24, 32] as const)('a unit with room for %d cells', (room) => {
  test('tells every number', () => {
    expect(reading(room, { cellsMV: [3301, 3302, 3303, 3304], currentMA: 12_345 })).toEqual({
      voltageV: 13.21,
      currentA: 12.345,
      socPct: 80,
      sohPct: 99,
      remainingCapacityAh: 224,
      cycles: 42,
      cellVoltagesV: [3.301, 3.302, 3.303, 3.304],
      temperaturesC: room === 24 ? [20.1, 20.2] : [20.1, 20.2, 20.3, 20.4],
      mosfetTemperatureC: 25,
      chargeFet: true,
      dischargeFet: true,
      alarms: [],
      warnings: [],
    });
  });

  test('reads as many cells as it has room for', () => {
    const cellsMV = Array.from({ length: room }, (_, i) => 3200 + i);
    expect(reading(room, { cellsMV })).toMatchObject({ cellVoltagesV: cellsMV.map((mV) => mV / 1000) });
  });

  test('a cell of 0 V keeps its place', () => {
    expect(reading(room, { cellsMV: [3300, 0, 3302, 3303] })).toMatchObject({
      cellVoltagesV: [3.3, 0, 3.302, 3.303],
    });
  });

  test('a cell that is not enabled is no cell, whatever its slot holds', () => {
    expect(reading(room, { cellsMV: [3300, 777, 3302, 3303], mask: 0b1101 })).toMatchObject({
      cellVoltagesV: [3.3, 3.302, 3.303],
    });
  });

  test('no cell at all is no frame', () => {
    expect(reading(room, { mask: 0 })).toMatchObject({ kind: 'rejected' });
  });

  test('a sensor that is not fitted is unknown in its place: by the mask or by -200 degrees', () => {
    expect(reading(room, { sensors: 0b101 })).toMatchObject({
      temperaturesC: expect.arrayContaining([20.2]),
    });
    expect(reading(room, { sensors: 0b101 })).toHaveProperty('temperaturesC.0', undefined);
    expect(reading(room, { tenthsC: [-2000, 215] })).toMatchObject({
      temperaturesC: [undefined, 21.5],
    });
    expect(reading(room, { sensors: 0b110 })).not.toHaveProperty('mosfetTemperatureC');
    expect(reading(room, { mosfetTenthsC: -2000 })).not.toHaveProperty('mosfetTemperatureC');
  });

  test('a cell sensor may well be at 0 degrees', () => {
    expect(reading(room, { tenthsC: [0, -15, 0, 3] })).toMatchObject({
      temperaturesC: room === 24 ? [0, -1.5] : [0, -1.5, 0, 0.3],
    });
  });

  test('a mask of sensors that is empty is not told', () => {
    expect(reading(room, { sensors: 0 })).toMatchObject({ mosfetTemperatureC: 25 });
  });

  test('a state of health of 0 is not told', () => {
    expect(reading(room, { soh: 0 })).not.toHaveProperty('sohPct');
  });

  test('is recognised by what pack and cells say when the version says otherwise or nothing', () => {
    for (const software of [10, 14, undefined])
      expect(said(cellsFrame(room), software)).toMatchObject({ kind: 'part', reading: { currentA: -5 } });
  });

  test('whose pack voltage fits neither layout is not believed', () => {
    expect(reading(room, { packMV: 40_000 })).toEqual({
      kind: 'rejected',
      why: 'cells, their mean and the voltage of the pack agree in none of the layouts 24S, 32S and JK04',
    });
  });
});

test('a 24S unit whose resistances and cycles agree as volts of the other layout is read by its cells', () => {
  const frame = cellsFrame(24, { cellsMV: Array.from({ length: 16 }, () => 3300) });
  const view = new DataView(frame.buffer);
  // Resistances of cells 4 to 6 where 32S keeps its mask and mean: three cells of 0.060 V; 180 cycles where it keeps 0.180 V.
  [0x40, 0x41, 60].forEach((milliohms, i) => {
    view.setUint16(70 + 2 * i, milliohms, true);
  });
  view.setUint32(150, 180, true);
  for (const software of [10, 14, undefined])
    expect(said(sealed(frame), software)).toMatchObject({ reading: { voltageV: 52.8, cycles: 180 } });
});

describe('errors', () => {
  const both: (readonly [bit: number, names: readonly AlarmName[]])[] = [
    [0, []],
    [1, ['mosfet_high_temperature']],
    [2, ['internal']],
    [3, ['internal']],
    [4, []],
    [5, ['high_voltage']],
    [6, ['high_charge_current']],
    [7, ['short_circuit']],
    [8, ['high_temperature_charge']],
    [9, ['low_temperature_charge']],
    [10, ['internal']],
    [11, ['cell_low_voltage']],
    [12, ['low_voltage']],
    [13, ['high_discharge_current']],
    [14, ['short_circuit']],
    [15, ['high_temperature']],
  ];
  const only32: typeof both = [
    [16, ['contactor']],
    [17, ['contactor']],
    [18, []],
    [19, []],
    [20, ['contactor']],
    [21, ['high_temperature']],
    [22, ['internal']],
    [23, ['internal']],
    [24, ['short_circuit']],
    [25, ['high_discharge_current']],
    [26, ['high_discharge_current']],
    [27, ['low_temperature']],
    [28, []],
    [31, []],
  ];

  test.each(both)('bit %d raises %j in both layouts', (bit, alarms) => {
    expect(reading(24, { errors: 2 ** bit })).toMatchObject({ alarms });
    expect(reading(32, { errors: 2 ** bit })).toMatchObject({ alarms });
  });

  test.each(only32)('bit %d raises %j in the newer layout', (bit, alarms) => {
    expect(reading(32, { errors: 2 ** bit })).toMatchObject({ alarms });
  });

  test('a resistance of a balance wire is a warning, full is a state', () => {
    expect(reading(32, { errors: 0b10001 })).toMatchObject({ alarms: [], warnings: ['general'] });
  });

  test('two bits of one name raise it once', () => {
    expect(reading(32, { errors: 2 ** 7 + 2 ** 14 })).toMatchObject({ alarms: ['short_circuit'] });
  });
});

describe('a link', () => {
  const kinds = (...frames: Uint8Array[]) =>
    tell(frames, undefined, undefined, jk02).answers.map((answer) =>
      answer.kind === 'part' ? answer.part : answer.kind,
    );

  test('hears a counter that went on as a new measurement, and one that did not as none', () => {
    const once = cellsFrame(32, { counter: 7 });
    expect(kinds(once, once, cellsFrame(32, { counter: 8 }), once)).toEqual([
      'cells',
      'more',
      'cells',
      'cells',
    ]);
  });

  test('forgets what was half received when an answer begins, whose stamp is its own', () => {
    const listening = { dialect: jk02 };
    const [half, whole] = [cellsFrame(32, { counter: 1 }).subarray(0, 128), cellsFrame(32, { counter: 2 })];
    const pieces = [half, whole.subarray(0, 128), whole.subarray(128, 256), whole.subarray(256)];
    let heard = nothingHeard;
    const atMs = pieces.flatMap((piece, i) => {
      const hearing = hear(listening, heard, piece, 1000 * i);
      heard = hearing.heard;
      return hearing.answers.map((answer) => answer.atMs);
    });
    expect(atMs).toEqual([1000]);
  });

  test('takes a last byte that could begin an answer for what it is: the sum', () => {
    const endsIn55 = Array.from({ length: 256 }, (_, soc) => cellsFrame(32, { currentMA: -5000 - soc })).find(
      (frame) => frame.at(-1) === 0x55,
    );
    if (!endsIn55) throw new Error('no current makes that sum');
    expect(kinds(endsIn55.subarray(0, 299), endsIn55.subarray(299))).toEqual(['cells']);
  });

  test('keeps pass codes to itself', () => {
    const secret = infoFrame({ name: 'sixteen letters.', passCode: '271828' });
    expect(said(secret)).toEqual({
      kind: 'part',
      part: 'info',
      reading: {
        name: 'sixteen letters.',
        details: { model: 'JK_PB2A16S15P', firmware_version: '14.20' },
      },
      learned: { software: 14 },
    });
  });

  test('learns nothing of a version that is none', () => {
    expect(said(infoFrame({ software: 'beta', name: '' }))).toEqual({
      kind: 'part',
      part: 'info',
      reading: { details: { model: 'JK_PB2A16S15P', firmware_version: 'beta' } },
    });
    expect(said(infoFrame({ software: 'V11.48' }))).toMatchObject({ learned: { software: 11 } });
  });

  test('takes no answer for another: settings while the info is asked, a log book, our own request', () => {
    expect(said(settingsFrame(), undefined, askInfo)).toEqual({
      kind: 'rejected',
      why: 'frame type 01 is no answer to device info',
    });
    expect(said(Uint8Array.from(settingsFrame(), (byte, i) => (i === 4 ? 5 : byte)))).toEqual({
      kind: 'rejected',
      why: 'frame type 05 is no answer to what is asked',
    });
    expect(kinds(askSettings)).toEqual(['rejected']);
  });

  test('an info that comes beside the settings teaches, and the settings are still awaited', () => {
    expect(said(infoFrame({ software: '9.01' }), undefined, askSettings)).toEqual({
      kind: 'more',
      learned: { software: 9 },
    });
  });

  test('a limit that is not set is unknown', () => {
    expect(said(settingsFrame({ chargeMA: 0 }))).toMatchObject({
      reading: { dischargeOverCurrentA: 100, nominalCapacityAh: 280 },
    });
    expect(said(settingsFrame({ chargeMA: 0 }))).not.toHaveProperty('reading.chargeOverCurrentA');
  });

  test('the module may talk before, behind and between', () => {
    const told = tell(
      [moduleText, Uint8Array.of(...cellsFrame(32), ...ready, ...moduleText), moduleText],
      undefined,
      undefined,
      jk02,
    );
    expect(told.answers.filter(({ kind }) => kind === 'part')).toHaveLength(1);
    expect(told.heard.skippedBytes).toBe(0);
  });
});

describe('which driver', () => {
  const adverts = [
    { address: 'c8:47:8c:00:00:01', name: 'JK-B2A24S20P', services: ['ffe0'], companyId: 0x0b65 },
    { address: 'c8:47:80:00:00:02', name: 'JK_PB2A16S20P', services: ['ffe0'], companyId: 0x4b4a },
    { address: '20:21:11:00:00:03', name: 'JK-BMS', services: ['ffe0'] },
    { address: 'c8:47:80:00:00:04', name: 'Baterie 1', services: ['ffe0'], companyId: 0x0b65 },
  ];

  test.each(adverts)('$name is a JK', (advert) => {
    expect(driverFor(advert)).toBe(jk);
  });

  test.each([
    { name: 'ANT-BLE24BHUB', services: ['ffe0'], companyId: 0x2313 },
    { name: 'L-12100BNN160-A02190', services: ['ffe0'], companyId: 0x585a },
    { name: 'HM-10', services: ['ffe0'] },
    { name: 'DL-40A2', services: ['fff0'], companyId: 0x0102 },
    { name: 'JK-B2A24S20P', services: ['fff0'] },
  ])('$name beside $services is none', (advert) => {
    expect(jk.matches({ address: '02:00:00:00:00:01', ...advert })).toBe(false);
  });
});
