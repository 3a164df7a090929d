import { describe, expect, test } from 'vitest';
import { earReport, isEarOrders } from '../../src/ble/heard-orders.ts';
import { chooseChannel, type GattProperty, sameAddress, shortUuid } from '../../src/ble/port.ts';
import { rejectionCount } from '../../src/ble/rejected.ts';
import { watchStalls } from '../../src/ble/stall.ts';
import type { Timers } from '../../src/model/timers.ts';
import { crank } from './crank.ts';

describe('a loop that stood still', () => {
  test('is noticed when it stood over a second, and only then', () => {
    let nowMs = 0;
    let due = { atMs: 0, act: () => {} };
    const timers: Timers = {
      now: () => nowMs,
      after: (ms, act) => {
        due = { atMs: nowMs + ms, act };
        return () => {};
      },
    };
    const stalls: number[] = [];
    watchStalls(timers, (forMs) => stalls.push(forMs));
    for (const standsMs of [0, 50, 900, 0, 1700, 0]) {
      nowMs = due.atMs + standsMs;
      due.act();
    }
    expect(stalls).toEqual([1700]);
  });
});

describe('what is not believed', () => {
  test('is told at once, then summed up once a second, and nothing is lost of the count', async () => {
    const clock = crank();
    const told: string[] = [];
    const rejected = rejectionCount(clock, (why, count) => told.push(`${clock.now()} ${count} ${why}`));
    for (let i = 0; i < 25; i++) {
      rejected(`no ${i}`);
      await clock.by(100);
    }
    await clock.by(10_000);
    expect(told).toEqual(['0 1 no 0', '1000 9 no 9', '2000 10 no 19', '3000 5 no 24']);
  });
});

describe('words between the wires and the ear', () => {
  test.each([
    undefined,
    null,
    7,
    'listen',
    {},
    { type: 'toString' },
    { type: 'listen' },
    { type: 'listen', form: 'noble', adapter: 'hci0', stack: 'bluez', pollMs: 2000, batteries: [] },
    { type: 'listen', form: 'noble', adapter: 'hci0', stack: 'stoprocent', pollMs: 2000, batteries: [{}] },
    { type: 'limits', chargeA: 'many', dischargeA: 0 },
    { type: 'limits', chargeA: 3 },
    { type: 'fault', battery: 'a', fault: 'explode' },
    { type: 'recover', radio: 'hci0', battery: 'a', rung: 'prayer' },
    { type: 'recover', radio: 'hci0', battery: 'a', rung: 'stand-in' },
    { type: 'recover', radio: 'hci0', rung: 'forget' },
  ])('%j is no order', (message) => {
    expect(isEarOrders(message)).toBe(false);
  });

  test('orders and reports survive JSON, and a broken sensor stays a hole', () => {
    const said = {
      type: 'sample',
      battery: 'a',
      atMs: 5,
      reading: { voltageV: 52, temperaturesC: [20, undefined] },
    };
    expect(earReport(JSON.parse(JSON.stringify(said)))).toStrictEqual(said);
    expect(isEarOrders({ type: 'limits', chargeA: 3, dischargeA: 0 })).toBe(true);
    expect(earReport({ type: 'sample', battery: 'a', atMs: Number.NaN, reading: {} })).toBeUndefined();
  });

  const misshapen: readonly unknown[] = [
    null,
    { cellVoltagesV: 'abc' },
    { cellVoltagesV: { length: 3 } },
    { cellVoltagesV: [3.3, 'x'] },
    { cellVoltagesV: Array(100_000).fill(3.3) },
    { temperaturesC: 5 },
    { temperaturesC: [20, {}] },
    { alarms: 1 },
    { alarms: ['no_such_alarm'] },
    { voltageV: Number.NaN },
    { voltageV: '52' },
    { chargeFet: 1 },
    { name: {} },
    { constructor: 1 },
  ];

  test.each(misshapen.map((reading) => ({ reading })))(
    'a report with %j is none, whoever sends it',
    ({ reading }) => {
      expect(earReport({ type: 'sample', battery: 'a', atMs: 5, reading })).toBeUndefined();
    },
  );

  test('a reading with everything that a BMS can say is one', () => {
    const reading = {
      ...{
        voltageV: 52.8,
        currentA: -3,
        socPct: 76,
        sohPct: 99,
        remainingCapacityAh: 76,
        nominalCapacityAh: 100,
      },
      ...{ cycles: 12, cellVoltagesV: Array(16).fill(3.3), temperaturesC: [20, undefined], name: 'garage' },
      ...{ mosfetTemperatureC: 31, balancingCells: [3], chargeFet: true, dischargeFet: false },
      ...{ blockedBySoftware: false, alarms: ['cell_high_voltage'], warnings: [] },
      ...{ chargeOverCurrentA: 60, dischargeOverCurrentA: undefined },
    };
    const sample = { type: 'sample', battery: 'a', atMs: 5, reading };
    expect(earReport(sample)).toEqual(sample);
  });
});

describe('names on the air', () => {
  test('a long UUID on the Bluetooth base is its short form', () => {
    expect(shortUuid('0000FF00-0000-1000-8000-00805F9B34FB')).toBe('ff00');
    expect(shortUuid('6E400001-B5A3-F393-E0A9-E50E24DCCA9E')).toBe('6e400001b5a3f393e0a9e50e24dcca9e');
  });

  test('an address is the same however it is written', () => {
    expect(sameAddress('A4:C1:38:00:00:01', 'a4c138000001')).toBe(true);
    expect(sameAddress('A4:C1:38:00:00:01', 'A4:C1:38:00:00:02')).toBe(false);
  });

  test('characteristics decide, in the order of the candidates, and one may serve both ways', () => {
    const at = (service: string, uuid: string) => ({ service, uuid, properties: [] });
    const found = [at('ffe0', 'ffe1'), at('fff0', 'fff1'), at('fff0', 'fff2')];
    const candidates = [
      { service: 'ff00', notify: 'ff01', write: 'ff02' },
      { service: 'fff0', notify: 'fff1', write: 'fff2' },
    ];
    expect(chooseChannel(found, candidates)?.write.uuid).toBe('fff2');
    const both = { service: '0000ffe0-0000-1000-8000-00805f9b34fb', notify: 'FFE1', write: 'ffe1' };
    expect(chooseChannel(found, [both])).toEqual({ notify: found[0], write: found[0] });
    expect(chooseChannel(found, candidates.slice(0, 1))).toBeUndefined();
  });

  test('of two with one UUID the one that notifies is heard and the one that takes writes is written, in any order', () => {
    const ffe1 = (properties: readonly GattProperty[]) => ({ service: 'ffe0', uuid: 'ffe1', properties });
    const writes = ffe1(['write', 'writeWithoutResponse']);
    const notifies = ffe1(['read', 'notify']);
    const jk = [{ service: 'ffe0', notify: 'ffe1', write: 'ffe1' }];
    for (const found of [
      [writes, notifies],
      [notifies, writes],
    ])
      expect(chooseChannel(found, jk)).toEqual({ notify: notifies, write: writes });
  });
});
