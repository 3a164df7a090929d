import { describe, expect, test } from 'vitest';
import { WIRED_GATT } from '../../src/ble/port.ts';
import { daly } from '../../src/bms/daly.ts';
import type { Advert } from '../../src/bms/driver.ts';
import { driverById, driverFor } from '../../src/bms/drivers.ts';
import { toHex } from '../../src/bytes/hex.ts';
import {
  a5Battery,
  a5Cells,
  a5Unit,
  d2Registers,
  modbusRefusal,
  modbusUnit,
  p81Registers,
  type Unit,
} from './daly-unit.ts';
import { oneLink } from './one-link.ts';

const address = '40:17:10:01:5c:9b';

/** Adverts of Daly's modules: the first six as users recorded them (patman15/aiobmsble:tests/advertisement_data.py), the others after BLE reference 11. */
const adverts: readonly Advert[] = [
  { address, name: 'DL-46640102XXXX', companyId: 25670, services: ['fff0'] },
  { address, name: 'DL-401710015C9B', companyId: 0x0302, services: [] },
  { address, name: 'JHB-501812XXXXXX', companyId: 0x0104, services: [] },
  { address, name: 'Randomname', companyId: 0x0104, services: [] },
  { address, name: 'BT270-2', companyId: 0x0302, services: [] },
  { address, name: 'DL-40160901534C', companyId: 0x0102, services: [] },
  { address, name: 'DL-Dali Cristi', companyId: 0x0303, services: ['fff0'] },
  { address, name: 'DL-41181201189F', services: [] },
  { address, name: 'DL-41181201189F', services: ['ff00'] },
  { address, name: 'JHB-50181201A494', services: ['ff00'] },
  { address, companyId: 0x0402, services: ['fff0'] },
];

const others: readonly Advert[] = [
  // A robot vacuum.
  { address, name: 'DL-1102102677', services: ['fd92'] },
  { address, name: 'DL-1102102677', services: [] },
  { address, services: ['ff00'] },
  { address, name: 'DP04S007L4S100A', companyId: 0x0402, services: ['ff00'] },
  { address, services: ['fff0'] },
  { address, name: 'CSY012405290042', services: ['fff0'] },
  { address, name: 'SP05B2401', services: ['fff0'] },
  { address, name: 'ECO-WORTHY 02_B8EF', companyId: 49844, services: ['1800', '1801', 'fff0'] },
  { address, name: 'BT-TH-1234', services: ['ffd0', 'fff0'] },
  { address, name: 'DL-12345678ABCD', companyId: 0x0b65, services: ['ffe0'] },
  { address, name: 'R-24100BNN160-A00643', companyId: 0x585a, services: ['ffe0'] },
];

describe('which driver', () => {
  test.each(adverts)('$name with $services is Daly', (advert) => {
    expect(driverFor(advert)).toBe(daly);
  });

  test.each(others)('$name with $services is not', (advert) => {
    expect(daly.matches(advert)).toBe(false);
  });

  test('an id finds it', () => {
    expect(driverById('daly')).toBe(daly);
  });
});

const d2 = modbusUnit(0xd2, 0xd2, d2Registers);
const p81 = modbusUnit(0x81, 0x51, p81Registers);
const a5 = a5Unit(a5Battery);
const [air, newer] = daly.gatt;

const inRoom = (answer: Unit, more = {}) => oneLink({ driver: daly, answer, ...more });
const isThermal = (request: Uint8Array) => request[3] === 0x3e;

describe.each([20, 512])('a session in notifications of %i bytes', (size) => {
  test('with a D2 board gives complete samples', async () => {
    const { clock, samples, rejected } = inRoom(d2, { size });
    await clock.to(7000);
    expect(samples()).toHaveLength(4);
    expect(samples()[3]?.reading).toEqual({
      voltageV: 52.8,
      currentA: -12.5,
      socPct: 66.6,
      remainingCapacityAh: 153.2,
      nominalCapacityAh: 230,
      cycles: 77,
      cellVoltagesV: expect.arrayContaining([3.3, 3.314, 0]),
      temperaturesC: [20, 24, undefined],
      mosfetTemperatureC: 31,
      balancingCells: [1, 16],
      chargeFet: true,
      dischargeFet: true,
      alarms: [],
      warnings: [],
      chargeOverCurrentA: 150,
      dischargeOverCurrentA: 210,
    });
    expect(rejected()).toEqual([]);
  });

  test('with a P81 board gives complete samples', async () => {
    const { clock, samples, rejected } = inRoom(p81, { size });
    await clock.to(9000);
    expect(samples().length).toBeGreaterThan(2);
    expect(samples().at(-1)?.reading).toMatchObject({
      voltageV: 154.1,
      currentA: 25,
      remainingCapacityAh: 100,
      nominalCapacityAh: 200,
      cellVoltagesV: { length: 48 },
      balancingCells: [1, 32, 48],
      mosfetTemperatureC: 35,
    });
    expect(rejected()).toEqual([]);
  });

  test('with an A5 board gives complete samples', async () => {
    const { clock, samples, rejected } = inRoom(a5, { size });
    await clock.to(9000);
    expect(samples().length).toBeGreaterThan(2);
    expect(samples().at(-1)?.reading).toEqual({
      voltageV: 13.2,
      currentA: -12.5,
      socPct: 75,
      remainingCapacityAh: 100,
      cycles: 258,
      cellVoltagesV: [3.3, 3.31, 3.32, 3.33],
      temperaturesC: [20],
      balancingCells: [1, 3],
      chargeFet: true,
      dischargeFet: true,
      alarms: [],
      warnings: [],
    });
    expect(rejected()).toEqual([]);
  });
});

describe('a Daly board in the room', () => {
  test('is asked in D2 twice, then in P81, then in A5', async () => {
    const { clock, asked } = inRoom(a5);
    await clock.to(2500);
    expect(asked.slice(0, 4).map(({ nowMs, hex }) => [nowMs, hex.slice(0, 8)])).toEqual([
      [350, 'd2 03 00'],
      [1050, 'd2 03 00'],
      [1750, '81 03 00'],
      [2450, 'a5 80 93'],
    ]);
  });

  test('is never asked as host 40 on the air', async () => {
    const { clock, asked } = inRoom(() => undefined);
    await clock.to(30_000);
    expect(asked.filter(({ hex }) => hex.startsWith('a5 40'))).toEqual([]);
  });

  test('on the newer characteristics is read as well', async () => {
    expect(air).toEqual({ service: 'fff0', notify: 'fff1', write: 'fff2' });
    const { clock, samples } = inRoom(d2, { gatt: newer });
    await clock.to(3000);
    expect(samples()).toHaveLength(2);
  });

  test('that is deaf to an app, as on some RS485 sockets, is asked as host 40', async () => {
    const { clock, samples, asked } = inRoom(a5Unit(a5Battery, 0x40), { gatt: WIRED_GATT });
    await clock.to(6000);
    expect(samples().length).toBeGreaterThan(0);
    expect(asked.filter(({ hex }) => hex.startsWith('a5 80'))).toHaveLength(1);
  });

  test('that never tells its MOSFET temperature is asked three times, then spared', async () => {
    const { clock, samples, asked } = inRoom((request) => (isThermal(request) ? undefined : d2(request)));
    await clock.to(20_000);
    expect(asked.filter(({ hex }) => hex.startsWith('d2 03 00 3e'))).toHaveLength(3);
    expect(samples().length).toBeGreaterThan(8);
    expect(samples()[0]?.reading).not.toHaveProperty('mosfetTemperatureC');
  });

  test('that refuses it is asked three times', async () => {
    const { clock, samples, asked } = inRoom((r) => (isThermal(r) ? modbusRefusal(0xd2, 2) : d2(r)));
    await clock.to(20_000);
    expect(asked.filter(({ hex }) => hex.startsWith('d2 03 00 3e'))).toHaveLength(3);
    expect(samples().length).toBeGreaterThan(8);
  });

  test('tells the MOSFET temperature of each round, never an old one', async () => {
    let counted = 71;
    const { clock, samples } = inRoom((r) => modbusUnit(0xd2, 0xd2, { ...d2Registers, 66: counted })(r));
    await clock.to(3000);
    counted = 90;
    await clock.to(5000);
    counted = 0xffff;
    await clock.to(7000);
    const told = samples().map(({ reading }) => reading.mosfetTemperatureC);
    expect(told).toEqual([31, 31, 50, undefined]);
  });

  test('is asked its settings once per connection', async () => {
    const { clock, asked } = inRoom(d2);
    await clock.to(9000);
    expect(asked.filter(({ hex }) => hex.startsWith('d2 03 00 80'))).toHaveLength(1);
  });

  test('whose cell frame is corrupt once is asked again, and the corrupt cell is never told', async () => {
    const corrupt = Uint8Array.from(a5Cells([3300, 310, 3320, 3330]).flatMap((frame) => [...frame]));
    let rows = 0;
    const { clock, samples } = inRoom((request) => {
      const isCells = toHex(request, '').startsWith('a58095');
      return isCells && ++rows === 2 ? corrupt : a5(request);
    });
    await clock.to(12_000);
    expect(rows).toBeGreaterThan(3);
    expect(samples().flatMap(({ reading }) => reading.cellVoltagesV?.[1] ?? [])).toEqual(
      samples().map(() => 3.31),
    );
  });

  test('that loses one of its cell frames gives no sample until a row is whole', async () => {
    let isBroken = false;
    const { clock, samples } = inRoom((request) => {
      const answer = a5(request);
      return isBroken && toHex(request, '').startsWith('a58095') ? answer?.slice(13) : answer;
    });
    await clock.to(6000);
    const before = samples().length;
    expect(before).toBeGreaterThan(0);
    isBroken = true;
    await clock.to(10_000);
    expect(samples().length).toBeLessThanOrEqual(before + 1);
    for (const { reading } of samples()) expect(reading.cellVoltagesV).toEqual([3.3, 3.31, 3.32, 3.33]);
  });
});
