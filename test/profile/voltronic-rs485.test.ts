import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { hex } from '../modbus/battery.ts';
import { batteryTold } from '../modbus/battery-told.ts';
import { request } from '../modbus/line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The bank of the RS485 reference, section 8. */
const reference: SignalValues = {
  cellsInSeries: 16,
  socPct: 76,
  voltageV: 52.8,
  currentA: -12.5,
  temperatureC: 23.5,
  capacityAh: 280,
  remainingCapacityAh: 212.8,
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
};

const voltronic = (given: SignalValues = {}, settings = {}) =>
  batteryTold('voltronic-rs485', { ...reference, ...given }, settings);
/** The same battery with the standard header, so that a standard reader can look at words. */
const plain = (given: SignalValues = {}, settings = {}) =>
  voltronic(given, { read_header: 'bytes8', ...settings });

describe('a Voltronic inverter asks, and the length of the answer is', () => {
  const V1 = '01 03 00 10 00 01 85 CF';
  const V2 = '01 03 00 30 00 06 C5 C7';
  const V3 = '01 03 00 70 00 08 45 D7';
  const current = '00 00 00 7D 02 10 00 4C 00 04 45 C0';
  const limits = '02 38 01 C0 03 E8 05 DC 00 C0 03 FD 00 03 3F 40';

  test.each([
    ['registers in 16 bits (V1)', 'words16', V1, '01 03 00 01 00 10 15 C6'],
    ['registers in 16 bits (V2)', 'words16', V2, `01 03 00 06 ${current} FA 22`],
    ['registers in 16 bits (V3)', 'words16', V3, `01 03 00 08 ${limits} 8E 66`],
    ['bytes in 8 bits (V1)', 'bytes8', V1, '01 03 02 00 10 B9 88'],
    ['bytes in 8 bits (V2)', 'bytes8', V2, `01 03 0C ${current} 5C F5`],
    ['bytes in 8 bits (V3)', 'bytes8', V3, `01 03 10 ${limits} B0 73`],
    ['bytes in 16 bits (V1)', 'bytes16', V1, hex(request(1, '03 00 02 00 10'))],
    ['bytes in 16 bits (V2)', 'bytes16', V2, hex(request(1, `03 00 0C ${current}`))],
    ['bytes in 16 bits (V3)', 'bytes16', V3, `01 03 00 10 ${limits} 04 61`],
  ])('%s', async (_, read_header, ask, reply) => {
    expect((await voltronic({}, { read_header })).ask(ask)).toBe(reply);
  });

  test('registers in 16 bits unless the installer says otherwise, as a JK BMS with 8 cells was captured', async () => {
    expect((await voltronic({ cellsInSeries: 8 })).ask(V1)).toBe('01 03 00 01 00 08 15 CC');
  });

  test('a command that is not there is refused alike with every length (V4)', async () => {
    for (const read_header of ['words16', 'bytes16', 'bytes8'])
      expect((await voltronic({}, { read_header })).ask(request(1, '03 00 78 00 01'))).toBe('01 83 02 C0 F1');
  });
});

describe('the enable bits, which act', () => {
  test.each<[string, SignalValues, string]>([
    ['all well', {}, '00C0'],
    ['charge forbidden', { chargeEnable: false }, '0040'],
    ['discharge forbidden, nearly empty', { dischargeEnable: false, forceCharge1: true }, '00A0'],
    ['empty soon', { forceCharge2: true }, '00D0'],
    ['asking for a full charge', { fullChargeRequest: true }, '00C8'],
  ])('%s', async (_, given, word) => expect((await plain(given)).words(0x74)).toBe(word));

  test('old data: limits and enables are 0, nothing is asked for, the rest repeats', async () => {
    const battery = await plain({ freshness: 'stale', forceCharge1: true, fullChargeRequest: true });
    expect(battery.words(0x70, 5)).toBe('0238 01C0 0000 0000 0000');
    expect(battery.words(0x30, 4)).toBe('0000 007D 0210 004C');
  });

  test('a lost bank does not answer', async () =>
    expect((await plain({ freshness: 'lost' })).words(0x74)).toBe(''));
});

describe('what lies where', () => {
  test('charge and discharge current are two positive registers', async () => {
    expect((await plain({ currentA: 4.96 })).words(0x30, 2)).toBe('0032 0000');
    expect((await plain({ currentA: -4.96 })).words(0x30, 2)).toBe('0000 0032');
    expect((await plain({ currentA: 0 })).words(0x30, 2)).toBe('0000 0000');
  });

  test('there are ten places for temperatures, not twenty; the run time does not stand among them', async () => {
    const battery = await plain({ mosfetTemperatureC: 41.5 });
    expect(battery.words(0x25, 11)).toBe('0001 0B96 0000 0000 0000 0000 0C4A 0000 0000 0000 0000');
  });

  test('cells in 0.1 V by the document, in mV by option', async () => {
    const cells = { cellVoltagesV: [3.297, 3.305] };
    expect((await plain(cells)).words(0x11, 3)).toBe('0021 0021 0000');
    expect((await plain(cells, { cell_unit: 'millivolt' })).words(0x11, 3)).toBe('0CE1 0CE9 0000');
  });

  test('the run time is 0 while nothing is drawn', async () => {
    expect((await plain({ currentA: 5 })).words(0x75)).toBe('0000');
    expect((await plain({ currentA: -0.001 })).words(0x75)).toBe('FFFE');
  });

  test('charge and discharge alarms stand apart, an alarm of both directions in both', async () => {
    const words = async (given: SignalValues) => (await plain(given)).words(0x37, 6);
    expect(await words({ alarms: ['cell_high_voltage'] })).toBe('0000 0000 0400 0000 0000 0000');
    expect(await words({ alarms: ['cell_low_voltage'] })).toBe('0000 0000 0080 0000 0800 0000');
    expect(await words({ alarms: ['short_circuit'] })).toBe('0000 0000 0020 0000 0010 0000');
    expect(await words({ warnings: ['mosfet_high_temperature'] })).toBe('0000 0004 0000 0000 0000 0000');
  });

  test('a write is refused', async () =>
    expect((await voltronic()).ask(request(1, '10 00 70 00 01 02 02 00'))).toBe(hex(request(1, '90 02'))));
});
