import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { hex } from '../modbus/battery.ts';
import { batteryTold } from '../modbus/battery-told.ts';
import { request } from '../modbus/line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const reference: SignalValues = {
  socPct: 76,
  sohPct: 98,
  voltageV: 52.8,
  currentA: -12.5,
  powerW: -660,
  heartbeat: 90,
  cycles: 112,
  capacityAh: 280,
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
};
const MODEL = 40070;
const sunspec = (given: SignalValues = {}, settings = {}) =>
  batteryTold('sunspec-802', { ...reference, ...given }, settings);
/** A point of model 802 by its offset. */
const point = async (offset: number, given: SignalValues = {}, count = 1, settings = {}) =>
  (await sunspec(given, settings)).words(MODEL + offset, count);

describe('a SunSpec reader walks the models', () => {
  test('marker, common model, battery model, end, each where the length before it says', async () => {
    const battery = await sunspec();
    expect(battery.words(40000, 2)).toBe('5375 6E53');
    const found: number[] = [];
    let at = 40002;
    for (let id = 0; id !== 0xffff; at += 2) {
      const [model = 'FFFF', length = '0000'] = battery.words(at, 2).split(' ');
      id = Number.parseInt(model, 16);
      found.push(id);
      at += Number.parseInt(length, 16);
    }
    expect(found).toEqual([1, 802, 0xffff]);
  });

  test('nothing lies before or behind, and there are no input registers', async () => {
    const battery = await sunspec();
    expect([battery.words(39999), battery.words(40136), battery.words(40000, 1, 4)]).toEqual(['', '', '']);
  });

  test('scale factors turn the counts into the truth', async () => {
    const battery = await sunspec();
    const signed = (offset: number) => {
      const raw = Number.parseInt(battery.words(MODEL + offset), 16);
      return raw >= 0x8000 ? raw - 0x10000 : raw;
    };
    const value = (offset: number, scale: number) =>
      Number((signed(offset) * 10 ** signed(scale)).toFixed(3));
    expect({
      ah: value(2, 52),
      soc: value(11, 56),
      dod: value(12, 57),
      soh: value(13, 58),
      v: value(34, 59),
      vMax: value(35, 59),
      a: value(44, 61),
      chargeA: value(45, 62),
      dischargeA: value(46, 62),
      w: value(47, 63),
    }).toEqual({
      ah: 280,
      soc: 76,
      dod: 24,
      soh: 98,
      v: 52.8,
      vMax: 56.8,
      a: -12.5,
      chargeA: 100,
      dischargeA: 150,
      w: -660,
    });
  });
});

describe('the heartbeat', () => {
  test('counts and begins again before the code for "not implemented"', async () => {
    expect(await point(18)).toBe('005A');
    expect(await point(18, { heartbeat: 65534 })).toBe('FFFE');
    expect(await point(18, { heartbeat: 65535 })).toBe('0000');
  });

  test('of the controller is read back and supervised, and nothing else of the bank can be written', async () => {
    const battery = await sunspec();
    const write = (offset: number, value: string) =>
      battery.ask(request(1, `06 9C ${(0x86 + offset).toString(16).padStart(2, '0')} ${value}`));
    expect(write(19, '00 07')).toBe(hex(request(1, '06 9C 99 00 07')));
    expect(battery.words(MODEL + 19)).toBe('0007');
    for (const offset of [9, 10, 11, 18, 50]) expect(write(offset, '00 02')).toBe(hex(request(1, '86 03')));
    expect(battery.words(MODEL + 50)).toBe('0001');
  });
});

describe('what the bank does', () => {
  test.each<[string, SignalValues, string, string]>([
    ['discharging', {}, '0003', '0003'],
    ['charging', { currentA: 4 }, '0004', '0003'],
    ['holding', { currentA: 0 }, '0006', '0003'],
    ['full', { currentA: 0, socPct: 100 }, '0005', '0003'],
    ['almost full', { currentA: 0, socPct: 99.99 }, '0006', '0003'],
    ['empty', { currentA: 0, socPct: 0, alarms: ['low_soc'] }, '0002', '0005'],
    ['its terminals dead', { online: false }, '0001', '0001'],
    ['failed', { alarms: ['internal'] }, '0003', '0063'],
    ['old', { freshness: 'stale' }, '0001', '0006'],
  ])('%s', async (_, given, chaSt, state) => {
    expect(await point(16, given)).toBe(chaSt);
    expect(await point(22, given)).toBe(state);
  });

  test('the inverter is asked to stop when nothing may flow either way', async () => {
    expect(await point(48)).toBe('0000');
    expect(await point(48, { chargeEnable: false })).toBe('0000');
    expect(await point(48, { chargeEnable: false, dischargeEnable: false })).toBe('0002');
  });

  test('old data is a communication error with limits of 0, and a lost bank goes on saying so', async () => {
    for (const freshness of ['stale', 'lost'] as const) {
      expect(await point(26, { freshness }, 2)).toBe('0000 0001');
      expect(await point(45, { freshness }, 2)).toBe('0000 0000');
    }
  });

  test('events from bit 16 on lie in the first register', async () => {
    const both = (given: SignalValues) => point(26, given, 2);
    expect(await both({ warnings: ['cell_imbalance'] })).toBe('0002 0000');
    expect(await both({ alarms: ['contactor', 'cell_high_voltage'] })).toBe('0010 0200');
    expect(await both({ warnings: ['general'], alarms: ['general'] })).toBe('0600 0000');
  });
});

test('the installer chooses which current is positive', async () => {
  const other = { current_sign: 'discharge_positive' };
  expect(await point(44)).toBe('FF83');
  expect(await point(44, {}, 1, other)).toBe('007D');
  expect(await point(47, {}, 1, other)).toBe('0042');
});
