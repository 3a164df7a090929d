import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Advert } from '../../src/bms/driver.ts';
import { driverById, driverFor } from '../../src/bms/drivers.ts';
import { nothingHeard } from '../../src/bms/listener.ts';
import { litime, litimeBle } from '../../src/bms/litime.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex, tell } from './captures.ts';
import { type LitimeBattery, litimeFrame, litimeStatus, litimeUnit } from './litime-unit.ts';
import { oneLink } from './one-link.ts';
import { expectAnyFrameIsBorne } from './rough-air.ts';

const ask = hex('00 00 04 01 13 55 aa 17');

/** What is read of a battery in these states, one round after the other. */
const rounds = (...states: readonly Partial<LitimeBattery>[]) =>
  tell(states.map(litimeStatus), ask, nothingHeard, litimeBle).answers.map((answer) =>
    answer.kind === 'part' ? answer.reading : answer,
  );
const reading = (change: Partial<LitimeBattery> = {}) => rounds(change)[0];
const heard = (frame: Uint8Array) => tell([frame], ask, nothingHeard, litimeBle).answers;
const toldBy = (name: string) =>
  transcribe(litime, captured(`litime/${name}`).entries).said.map(({ answer }) => answer);

describe('what a LiTime battery is asked', () => {
  test('is what the reference prints', () => {
    expect(litimeBle.requests({}).map(({ bytes }) => toHex(bytes))).toEqual([toHex(ask)]);
  });
});

describe('a Redodo of 24 V, discharging', () => {
  test('every field', () => {
    expect(toldBy('8s-discharging')).toEqual([
      {
        kind: 'part',
        part: 'status',
        learned: { cells: 8, sensors: 3 },
        reading: {
          voltageV: 26.556,
          currentA: -1.435, // negative: discharging
          socPct: 65,
          sohPct: 100,
          remainingCapacityAh: 68.89,
          nominalCapacityAh: 105,
          cycles: 3,
          cellVoltagesV: [3.317, 3.319, 3.324, 3.323, 3.32, 3.314, 3.322, 3.317],
          temperaturesC: [23, 22, -2],
          balancingCells: [],
          chargeFet: true,
          blockedBySoftware: false,
          alarms: [],
          warnings: [],
        },
      },
    ]);
  });
});

describe('a recorded battery of 12 V, full and below freezing', () => {
  test('does not let itself be charged, and says so without an alarm', () => {
    expect(toldBy('4s-charge-disabled')).toMatchObject([
      {
        reading: {
          voltageV: 13.423,
          currentA: 0,
          socPct: 100,
          remainingCapacityAh: 147,
          nominalCapacityAh: 147,
          cycles: 4,
          cellVoltagesV: [3.347, 3.357, 3.366, 3.353],
          temperaturesC: [-1, -1],
          chargeFet: false,
          alarms: [],
        },
      },
    ]);
  });
});

describe('a LiTime battery of 48 V, charging', () => {
  test('16 cells and 5 sensors are the most', () => {
    expect(reading()).toEqual({
      voltageV: 52.8,
      currentA: 21.5,
      socPct: 50,
      sohPct: 99,
      remainingCapacityAh: 655,
      nominalCapacityAh: 1310,
      cycles: 300,
      cellVoltagesV: Array.from({ length: 16 }, (_, i) => (3290 + i) / 1000),
      temperaturesC: [24, 31, -5, 0, 12],
      balancingCells: [1, 16],
      chargeFet: true,
      blockedBySoftware: false,
      alarms: [],
      warnings: [],
    });
  });

  test('a cell of 0 mV keeps its place among the others', () => {
    expect(reading({ cells: [3300, 0, 3300, 3300] })).toMatchObject({ cellVoltagesV: [3.3, 0, 3.3, 3.3] });
  });

  test('the last cell keeps its place when its wire breaks later', () => {
    expect(rounds({ cells: [3300, 3300, 3300, 3300] }, { cells: [3300, 3300, 3300, 0] })[1]).toMatchObject({
      cellVoltagesV: [3.3, 3.3, 3.3, 0],
    });
  });

  test('a sensor keeps its place at 0 °C, and the first one is always there', () => {
    const [all, cold, none] = rounds({ sensors: [20, 3] }, { sensors: [20, 0] }, { sensors: [0, 0] });
    expect([all, cold, none]).toMatchObject([
      { temperaturesC: [20, 3] },
      { temperaturesC: [20, 0] },
      { temperaturesC: [0, 0] },
    ]);
    expect(reading({ sensors: [] })).toMatchObject({ temperaturesC: [0] });
  });

  test('no cell at all cannot be', () => {
    expect(reading({ cells: [] })).toEqual({ kind: 'rejected', why: 'a status without a cell cannot be' });
  });

  test('large currents of either sign', () => {
    expect(reading({ current: -400_000 })).toMatchObject({ currentA: -400 });
    expect(reading({ current: 400_000 })).toMatchObject({ currentA: 400 });
  });
});

describe('the switches', () => {
  test.each([
    [0, true],
    [1, true],
    [2, true],
    [4, false],
  ])('in state %i charging is possible: %s', (state, chargeFet) => {
    expect(reading({ state })).toMatchObject({ chargeFet });
  });

  test('in a state without a name nobody knows', () => {
    expect(reading({ state: 3 })).not.toHaveProperty('chargeFet');
  });

  test('discharging that somebody switched off in the app is blocked, no fault', () => {
    expect(reading({ switches: 0x80 })).toMatchObject({
      dischargeFet: false,
      blockedBySoftware: true,
      alarms: [],
    });
    expect(reading()).not.toHaveProperty('dischargeFet');
  });

  test('a broken heater warns', () => {
    expect(reading({ switches: 0x02 })).toMatchObject({ warnings: ['internal'], alarms: [] });
  });
});

describe('the protection bits', () => {
  const named: { readonly [bit: number]: string } = {
    2: 'cell_high_voltage',
    5: 'cell_low_voltage',
    6: 'high_charge_current',
    7: 'high_discharge_current',
    8: 'high_temperature',
    9: 'high_temperature',
    10: 'low_temperature',
    11: 'low_temperature',
    14: 'short_circuit',
  };
  test.each(Array.from({ length: 32 }, (_, bit) => [bit, named[bit] ?? 'internal'] as const))(
    'bit %i raises %s',
    (bit, name) => {
      expect(reading({ protection: 2 ** bit })).toMatchObject({ alarms: [name] });
    },
  );

  test('any failure bit is internal; each name is told once', () => {
    for (let bit = 0; bit < 32; bit++)
      expect(reading({ failure: 2 ** bit })).toMatchObject({ alarms: ['internal'] });
    expect(reading({ protection: 0x0301, failure: 1 })).toMatchObject({
      alarms: ['internal', 'high_temperature'],
    });
  });
});

describe('an intact LiTime frame that does not answer', () => {
  test('our own request, echoed', () => {
    expect(heard(ask)).toEqual([{ kind: 'rejected', why: 'command 0x13 is no answer we know' }]);
  });

  test('another command', () => {
    const version = litimeFrame([0, 0, 6, 1, 0x96, 0x55, 0xaa, 0, 1]);
    expect(heard(version)).toEqual([{ kind: 'rejected', why: 'command 0x96 is no answer we know' }]);
  });

  test('a status that has lost its end', () => {
    const short = [...litimeStatus().slice(0, 103)].map((byte, i) => (i === 2 ? 100 : byte));
    expect(heard(litimeFrame(short))).toEqual([{ kind: 'rejected', why: 'a status cannot have 104 bytes' }]);
  });

  test('a run of zeros, whose sum is right, is no frame', () => {
    expect(heard(new Uint8Array(300))).toEqual([]);
  });

  test('a longer status of a newer battery is read', () => {
    const longer = [...litimeStatus().slice(0, 104), 7, 7].map((byte, i) => (i === 2 ? 103 : byte));
    expect(heard(litimeFrame(longer))).toMatchObject([{ kind: 'part', reading: { voltageV: 52.8 } }]);
  });
});

describe('whatever the radio brings to LiTime', () => {
  test('any data is borne', () => {
    const data = fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 97, maxLength: 97 });
    const frames = data.map((bytes) => ({
      request: ask,
      frame: litimeFrame([0, 0, 0x65, 1, 0x93, 0x55, 0xaa, ...bytes]),
    }));
    expectAnyFrameIsBorne(litimeBle, frames);
  });
});

describe.each([20, 512])('a session with a LiTime battery in notifications of %i bytes', (size) => {
  test('gives complete samples', async () => {
    const { clock, samples, rejected } = oneLink({ driver: litime, answer: litimeUnit(), size });
    await clock.to(5000);
    expect(samples()).toHaveLength(3);
    expect(samples()[2]?.reading).toMatchObject({ voltageV: 52.8, currentA: 21.5, cycles: 300 });
    expect(rejected()).toEqual([]);
  });
});

const address = 'c8:47:80:15:d8:34';

/** Adverts of such batteries: the first three as users recorded them (patman15/aiobmsble:tests/advertisement_data.py; patman15/BMS_BLE-HA pull request 364), the others after the names that its driver knows. */
const adverts: readonly Advert[] = [
  { address, name: 'R-24100BNN160-A00643', companyId: 0x585a, services: ['ffe0'] },
  {
    address,
    name: 'L-12100BNNA60-B00077',
    companyId: 0x585a,
    services: ['1800', '1801', '180a', '180f', 'ffe0', 'f000ffc004514000b000000000000000'],
  },
  { address, name: 'L-12100BEN100-A01760', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'P-24050BNN-A00001', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'PQ-12100-A00001', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'RO-12100-A00001', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'L-51100BNN-A00001', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'LT-12100BG-A07123', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'LT-24100B-A00312', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'LT-51100-A00001', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'SS-12100', companyId: 0x585a, services: ['ffe0'] },
  { address, companyId: 0x585a, services: ['ffe0'] },
];

const others: readonly Advert[] = [
  // A charge controller of the same maker.
  { address, name: 'BT-ROCC2440', companyId: 0x585a, services: ['ffe0'] },
  // Earlier LiTime batteries talk otherwise.
  { address, name: 'LT-24100B-A00249', companyId: 0x585a, services: ['ffe0'] },
  { address, name: 'L-12V100AH-0902', services: [] },
  { address, name: 'LT-12V-1544', companyId: 33384, services: [] },
  { address, name: 'LT40AH', companyId: 19011, services: ['ff00'] },
  { address, name: 'JK_B2A24S', companyId: 0x0b65, services: ['ffe0'] },
  { address, name: 'ANT-BLE24BHUB', services: ['ffe0'] },
  { address, services: ['ffe0'] },
  { address, name: 'R-24100BNN160-A00643', companyId: 0x585a, services: ['fff0'] },
];

describe('which driver', () => {
  test.each(adverts)('$name is LiTime', (advert) => {
    expect(driverFor(advert)).toBe(litime);
  });

  test.each(others)('$name with $services is not', (advert) => {
    expect(litime.matches(advert)).toBe(false);
  });

  test('an id finds it', () => {
    expect(driverById('litime')).toBe(litime);
  });
});
