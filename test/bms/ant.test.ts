import { describe, expect, test } from 'vitest';
import { ant, ant2021 } from '../../src/bms/ant.ts';
import type { Answer, Learned } from '../../src/bms/driver.ts';
import { driverFor } from '../../src/bms/drivers.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import type { AlarmName } from '../../src/model/alarms.ts';
import { type AntPack, antFrame, statusFrame } from './ant-unit.ts';
import { captured, hex, tell } from './captures.ts';
import { oneLink } from './one-link.ts';
import { expectHeardAtOnce } from './rough-air.ts';

const askStatus = hex('7ea1010000be1855aa55');

const said = (frame: Uint8Array, learned: Learned = {}, options = {}): Answer =>
  ant2021.answer(frame, { request: askStatus, options, learned });
const reading = (pack: AntPack = {}, learned: Learned = {}) => {
  const answer = said(statusFrame(pack), learned);
  return answer.kind === 'part' ? answer.reading : answer;
};
const heard = (name: string) => transcribe(ant, captured(`ant/${name}`).entries);

test('what we ask is the status, as the reference prints it', () => {
  expect(ant2021.requests({})).toEqual([{ name: 'status', bytes: askStatus, required: true }]);
});

describe('recorded units', () => {
  test('22 cells of lithium titanate, nearly empty', () => {
    expect(heard('22s-standby')).toEqual({
      skippedBytes: 0,
      said: [
        {
          unit: 'a',
          answer: {
            kind: 'part',
            part: 'status',
            reading: {
              voltageV: 50.88,
              currentA: 2.1,
              socPct: 10,
              sohPct: 100,
              remainingCapacityAh: 9.957766,
              nominalCapacityAh: 80,
              cellVoltagesV: [
                2.334, 2.331, 2.334, 2.333, 2.333, 2.334, 2.336, 2.334, 2.191, 2.19, 2.192, 2.338, 2.283,
                2.336, 2.336, 2.335, 2.334, 2.335, 2.334, 2.335, 2.337, 2.335,
              ],
              temperaturesC: [29, 29, 29, 29],
              mosfetTemperatureC: 30,
              balancingCells: [],
              chargeFet: true,
              dischargeFet: true,
              blockedBySoftware: false,
              alarms: [],
            },
          },
        },
      ],
    });
  });

  test('16 cells at rest', () => {
    expect(heard('16s-idle').said).toMatchObject([
      {
        answer: {
          reading: {
            voltageV: 52.84,
            currentA: 0.3,
            socPct: 91,
            remainingCapacityAh: 252.602325,
            nominalCapacityAh: 280,
            temperaturesC: [1, 2],
            mosfetTemperatureC: 2,
          },
        },
      },
    ]);
  });

  test('14 cells, a sensor that is not fitted, a discharge MOSFET that tripped', () => {
    expect(heard('14s-over-discharge').said).toMatchObject([
      {
        answer: {
          reading: {
            temperaturesC: [28, 28, undefined, 28],
            chargeFet: true,
            dischargeFet: false,
            alarms: ['cell_low_voltage'],
          },
        },
      },
    ]);
  });
});

describe('a status', () => {
  test('tells every number', () => {
    expect(reading({ cellsMV: [3301, 3302, 3303, 3304], state: 2, tenthsA: 123, balancing: 0b1010 })).toEqual(
      {
        voltageV: 13.21,
        currentA: 12.3,
        socPct: 80,
        sohPct: 99,
        remainingCapacityAh: 224.123456,
        nominalCapacityAh: 280,
        cellVoltagesV: [3.301, 3.302, 3.303, 3.304],
        temperaturesC: [21, 22],
        mosfetTemperatureC: 30,
        balancingCells: [2, 4],
        chargeFet: true,
        dischargeFet: true,
        blockedBySoftware: false,
        alarms: [],
      },
    );
  });

  test('holds 32 cells and 6 sensors at most', () => {
    const cellsMV = Array.from({ length: 32 }, (_, i) => 3200 + i);
    const celsius = [-5, 1, 2, 3, 4, 5];
    expect(reading({ cellsMV, celsius })).toMatchObject({
      cellVoltagesV: cellsMV.map((mV) => mV / 1000),
      temperaturesC: celsius,
      mosfetTemperatureC: 30,
    });
    expect(reading({ celsius: [1, 2, 3, 4, 5, 6, 7] })).toMatchObject({ kind: 'rejected' });
    expect(reading({ cellsMV: [...cellsMV, 3300] })).toMatchObject({ kind: 'rejected' });
  });

  test('may have no sensor at all', () => {
    expect(reading({ celsius: [] })).toMatchObject({ temperaturesC: [], mosfetTemperatureC: 30 });
  });

  test('a cell of 0 V keeps its place, a sensor that is not fitted too', () => {
    expect(reading({ cellsMV: [3300, 0, 3302], celsius: [-40, 22], mosfetC: -40 })).toMatchObject({
      cellVoltagesV: [3.3, 0, 3.302],
      temperaturesC: [undefined, 22],
    });
    expect(reading({ mosfetC: -40 })).not.toHaveProperty('mosfetTemperatureC');
  });

  test('of no cell, or of more than its frame holds, is none', () => {
    expect(reading({ cellsMV: [] })).toMatchObject({ kind: 'rejected' });
    expect(reading({ cellsMV: [3300], celsius: [], saysCells: 32, saysSensors: 6 })).toEqual({
      kind: 'rejected',
      why: 'a status of 118 bytes cannot have 32 cells and 6 sensors',
    });
  });

  test('a health or a capacity of 0 is not told', () => {
    expect(reading({ soh: 0, microAh: 0 })).not.toHaveProperty('sohPct');
    expect(reading({ soh: 0, microAh: 0 })).not.toHaveProperty('nominalCapacityAh');
  });
});

describe('the direction of the current', () => {
  test.each([
    [2, 50, 5],
    [2, -50, 5],
    [3, 50, -5],
    [3, -50, -5],
    [1, 50, 5],
    [4, -50, -5],
    [3, 0, 0],
  ])('in state %d a count of %d is %d A', (state, tenthsA, currentA) => {
    expect(reading({ state, tenthsA })).toMatchObject({ currentA });
  });

  test('at rest is what the board showed while it charged or discharged', () => {
    const read = (...packs: AntPack[]) =>
      tell(packs.map(statusFrame), askStatus, undefined, ant2021).answers.map((answer) =>
        answer.kind === 'part' ? answer.reading.currentA : answer,
      );
    expect(read({ state: 3, tenthsA: 50 }, { state: 1, tenthsA: 3 })).toEqual([-5, -0.3]);
    expect(read({ state: 2, tenthsA: -50 }, { state: 4, tenthsA: -3 })).toEqual([5, 0.3]);
    expect(read({ state: 3, tenthsA: -50 }, { state: 1, tenthsA: 3 })).toEqual([-5, 0.3]);
    // Less than an ampere may flow while the state still lags behind.
    expect(read({ state: 3, tenthsA: 9 }, { state: 1, tenthsA: 3 })).toEqual([-0.9, 0.3]);
  });
});

describe('the MOSFETs', () => {
  test.each<[number, AlarmName[], AlarmName[]]>([
    [0x00, [], []],
    [0x01, [], []],
    [0x02, ['cell_high_voltage'], ['cell_low_voltage']],
    [0x03, ['high_charge_current'], ['high_discharge_current']],
    [0x04, [], []],
    [0x05, ['high_voltage'], ['low_voltage']],
    [0x06, ['high_temperature_charge'], ['high_temperature']],
    [0x07, ['mosfet_high_temperature'], ['mosfet_high_temperature']],
    [0x08, ['internal'], ['internal']],
    [0x09, ['internal'], ['internal']],
    [0x0a, ['mosfet_high_temperature'], ['mosfet_high_temperature']],
    [0x0b, ['contactor'], []],
    [0x0c, ['contactor'], ['short_circuit']],
    [0x0d, ['contactor'], ['contactor']],
    [0x0e, ['contactor'], ['contactor']],
    [0x0f, [], []],
    [0x10, ['cell_high_voltage'], ['cell_low_voltage']],
    [0x11, ['low_temperature_charge'], ['low_temperature']],
    [0x12, ['cell_imbalance'], ['cell_imbalance']],
    [0x13, ['contactor'], ['internal']],
    [0x14, ['internal'], ['contactor']],
    [0xff, ['contactor'], ['contactor']],
  ])('code %d: charging raises %j, discharging %j', (code, charging, discharging) => {
    const isOn = code === 1;
    expect(reading({ chargeMos: code })).toMatchObject({
      chargeFet: isOn,
      dischargeFet: true,
      alarms: charging,
    });
    expect(reading({ dischargeMos: code })).toMatchObject({
      chargeFet: true,
      dischargeFet: isOn,
      alarms: discharging,
    });
  });

  test('one fault of both is one alarm', () => {
    expect(reading({ chargeMos: 7, dischargeMos: 7 })).toMatchObject({ alarms: ['mosfet_high_temperature'] });
  });

  test('that somebody switched off on purpose are no fault', () => {
    expect(reading({ chargeMos: 0x0f })).toMatchObject({
      chargeFet: false,
      blockedBySoftware: true,
      alarms: [],
    });
    expect(reading({ dischargeMos: 0x0f })).toMatchObject({ dischargeFet: false, blockedBySoftware: true });
  });
});

describe('a frame that is no answer', () => {
  test('to the status is rejected: device info, a setting', () => {
    expect(said(antFrame(0x12, 0x026c, new Array(32).fill(0x30)))).toEqual({
      kind: 'rejected',
      why: 'answers function 0x02 at 0x026c while function 0x01 at 0x0000 is asked',
    });
    expect(said(hex('7ea112000002 3610 1f14 aa55'))).toMatchObject({ kind: 'rejected' });
  });

  test('but our own request, echoed, hides no answer behind it', () => {
    const told = tell([Uint8Array.of(...askStatus, ...statusFrame())], askStatus, undefined, ant2021);
    expect(told.answers).toMatchObject([{ kind: 'part' }]);
    expect(told.heard.skippedBytes).toBe(askStatus.length);
  });

  test('of a device info, whose length is not its own, is skipped', () => {
    const info = hex(
      '7ea1126c0220 31365a4d000000000000000000000000 31365a4d554230302d32313130323641 7208 ff0b0000 41f2 aa55',
    );
    const told = tell([info, ...inNotifications(statusFrame())], askStatus, undefined, ant2021);
    expect(told.answers).toMatchObject([{ kind: 'part' }]);
  });
});

describe('a notification that begins an answer', () => {
  const kinds = (...notifications: Uint8Array[]) =>
    tell(notifications, askStatus, undefined, ant2021).answers.map(({ kind }) => kind);
  const short = statusFrame({ cellsMV: [3300, 3301, 3302, 3303] });
  const long = statusFrame({ cellsMV: Array.from({ length: 32 }, () => 3300) });

  test('ends what went before: a long status of which only the start came does not hold up the next', () => {
    expect(20 + short.length).toBeLessThan(long.length);
    expect(kinds(long.subarray(0, 20), short)).toEqual(['part']);
  });

  test.each(['7e a1 12', '7e a0 11', '7d a1 11'])(
    'is none that starts %s: its status stays whole',
    (start) => {
      const cellsMV = Array.from({ length: 16 }, () => 3300);
      const whole = statusFrame({ cellsMV });
      const cut = 34 + 8; // behind the fourth cell
      const [first = 0, second = 0, third = 0] = hex(start);
      const told = statusFrame({ cellsMV: cellsMV.with(4, first + second * 256).with(5, third + 0x0c00) });
      expect(told.length).toBe(whole.length);
      const pieces = [told.subarray(0, cut), told.subarray(cut)];
      expect([...(pieces[1] ?? [])].slice(0, 3)).toEqual([first, second, third]);
      expect(tell(pieces, askStatus, undefined, ant2021).heard.skippedBytes).toBe(0);
    },
  );
});

test('noise before a good answer does not hide it', () => {
  expectHeardAtOnce(ant2021, askStatus, statusFrame());
}, 300_000);

describe('a link to an ANT', () => {
  test.each([20, 133, 512])(
    'in notifications of %d bytes gives a complete sample each round',
    async (size) => {
      const answer = () => statusFrame({ state: 3, tenthsA: 50 });
      const { clock, samples, rejected } = oneLink({ driver: ant, answer, size });
      await clock.to(5000);
      expect(rejected()).toEqual([]);
      const reading = { currentA: -5, socPct: 80, temperaturesC: [21, 22] };
      expect(samples()).toMatchObject([
        { atMs: 350, reading },
        { atMs: 2350, reading },
        { atMs: 4350, reading },
      ]);
    },
  );
});

describe('which driver', () => {
  const adverts = [
    { address: '20:a1:11:02:23:45', name: 'ANT-BLE20PHUB', services: ['ffe0', 'fee7'], companyId: 0x0657 },
    { address: '16:aa:22:02:23:45', name: 'ANT-BLE16ZMUB', services: ['ffe0'], companyId: 0x2313 },
    { address: '20:a1:11:00:00:03', name: 'ANT@BLE24BHUB', services: ['ffe0'] },
    { address: '20:a1:11:00:00:04', name: 'ANT-BLE24BHUB', services: [] },
  ];

  test.each(adverts)('$name beside $services is an ANT', (advert) => {
    expect(driverFor(advert)).toBe(ant);
  });

  test.each([
    { name: 'JK-B2A24S20P', services: ['ffe0'], companyId: 0x0b65 },
    { name: 'L-12100BNN160-A02190', services: ['ffe0'], companyId: 0x585a },
    { name: 'ANTENNA', services: ['ffe0'] },
    { services: ['ffe0'] },
    { name: 'ANT-BLE24BHUB', services: ['fff0'] },
  ])('$name beside $services is none', (advert) => {
    expect(ant.matches({ address: '02:00:00:00:00:01', ...advert })).toBe(false);
  });
});
