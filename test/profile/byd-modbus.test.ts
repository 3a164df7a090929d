import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SignalValues } from '../../src/model/signals.ts';
import { hex } from '../modbus/battery.ts';
import { batteryTold } from '../modbus/battery-told.ts';
import { request } from '../modbus/line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The bank of the RS485 reference, section 7: 398.0 V, discharging 2985 W, 76 %. */
const reference: SignalValues = {
  inverterMode: 2,
  capacityKWh: 10.24,
  chargeVoltageLimitV: 467.2,
  dischargeVoltageLimitV: 320,
  socPct: 76,
  chargeCurrentLimitA: 15.1,
  dischargeCurrentLimitA: 20.2,
  chargePowerLimitW: 6000,
  dischargePowerLimitW: 8000,
  voltageV: 398,
  currentA: -7.5,
  powerW: -2985,
  minCellTemperatureC: 22.8,
  maxCellTemperatureC: 24.1,
  temperatureC: 23,
  energyChargedKWh: 1071.317,
  energyDischargedKWh: 904.032,
  sohPct: 98,
};

const byd = (given: SignalValues = {}, settings = {}) =>
  batteryTold('byd-modbus', { ...reference, ...given }, settings);
const live = '15 03 01 2C 00 18 86 E1';
/** What stands at an address, counted in decimal as the reference does; writes the mode first, as a master does. */
async function active(given: SignalValues = {}, settings = {}) {
  const battery = await byd(given, settings);
  battery.ask('15 06 01 90 00 02 0A CE');
  return battery;
}

const B3 =
  '15 03 30 00 03 00 00 00 82 1D B0 28 00 1E 66 1F 40 17 70 0F 8C 0B A9 0F 91 0B AC 00 E4 00 F1 00 00 00 00 00 10 58 D5 00 00 00 00 00 0D CB 60 00 E6 26 48 25 81';
const B6 =
  '15 03 30 00 00 00 00 00 80 1D B0 28 00 1E 66 00 00 00 00 00 00 00 00 0F 91 00 00 00 E4 00 F1 00 00 00 00 00 10 58 D5 00 00 00 00 00 0D CB 60 00 E6 26 48 61 40';

describe('a GEN24 reads its battery', () => {
  test.each([
    [
      'B1, who it is',
      '15 03 00 64 00 12 87 0C',
      '15 03 24 53 49 00 01 42 59 44 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 A6 E0',
    ],
    [
      'B2, its limits',
      '15 03 00 C8 00 0D 06 E5',
      '15 03 1A 00 00 00 00 28 00 28 00 28 00 12 40 0C 80 D0 00 00 0A D0 00 00 0A 00 00 00 00 81 F0',
    ],
    ['B4, the watchdog', '15 10 01 91 00 01 02 FF 00 14 E1', '15 10 01 91 00 01 52 CC'],
    ['B5, the mode', '15 06 01 90 00 02 0A CE', '15 06 01 90 00 02 0A CE'],
  ])('%s', async (_, ask, reply) => expect((await byd()).ask(ask)).toBe(reply));

  test('B3: a BMS measures at one place, so inner voltage and power are the outer ones', async () => {
    const data = B3.split(' ').slice(1, -2).join(' ').replace('0F 91 0B AC', '0F 8C 0B A9');
    expect((await active()).ask(live)).toBe(hex(request(0x15, data)));
  });

  test('B6, old data: standby, idle, no voltage outside, no power, what is inside stays known', async () => {
    expect((await active({ freshness: 'stale', voltageV: 398.5 })).ask(live)).toBe(B6);
  });

  test('a lost bank does not answer', async () => {
    const battery = await byd({ freshness: 'lost' });
    for (const ask of [live, '15 03 00 64 00 12 87 0C', '15 06 01 90 00 02 0A CE'])
      expect(battery.ask(ask)).toBe('');
  });

  test('all three names and the serial number that firmware from 2025 on wants to see', async () => {
    const battery = await byd();
    const text = (at: number, count: number) =>
      Buffer.from(battery.words(at, count).replaceAll(' ', ''), 'hex').toString().replaceAll('\0', '');
    expect([text(118, 16), text(134, 8), text(142, 8)]).toEqual([
      'BYD Battery-Box Premium HV',
      '5.0',
      '3.26',
    ]);
    expect(text(150, 16)).toMatch(/^P030T020Z\d{6}\d{4}$/);
    expect((await byd({}, { firmware_version: '3.27' })).words(142, 2)).toBe('332E 3237');
  });
});

describe('the mode that the inverter asks for', () => {
  const status = 300;

  test('is followed: standby until asked, inactive, active, and back', async () => {
    const battery = await byd();
    expect(battery.words(status)).toBe('0000');
    const seen = [1, 2, 0, 7].map((mode) => {
      battery.ask(request(0x15, `06 01 90 00 0${mode}`));
      return battery.words(status);
    });
    expect(seen).toEqual(['0001', '0003', '0000', '0000']);
  });

  test('is not followed by an old bank, one whose terminals are dead, or one that failed', async () => {
    for (const [given, word] of [
      [{ freshness: 'stale' }, '0000'],
      [{ online: false }, '0000'],
      [{ alarms: ['contactor'] }, '0004'],
      [{ alarms: ['internal'] }, '0004'],
    ] as const) {
      const battery = await active(given);
      expect(battery.words(status)).toBe(word);
      expect(battery.words(308, 2)).toBe('0000 0000');
    }
  });

  test('a high cell or a cold bank is no fault: it acts by the power limits', async () => {
    const battery = await active({ alarms: ['cell_high_voltage'], chargeEnable: false });
    expect(battery.words(status)).toBe('0003');
    expect(battery.words(306, 2)).toBe('1F40 0000');
  });

  test('without it there is no voltage outside, whatever is inside', async () => {
    const battery = await byd({ inverterMode: 0 });
    expect(battery.words(308, 3)).toBe('0000 0000 0F8C');
  });
});

describe('what the inverter writes', () => {
  test('is read back; the watchdog begins at FF00 with a period of 60 s', async () => {
    const battery = await byd();
    expect(battery.words(400, 3)).toBe('0000 FF00 003C');
    battery.ask(request(0x15, '06 01 91 00 FF'));
    expect(battery.words(401)).toBe('00FF');
    battery.ask(request(0x15, '10 01 93 00 04 08 00 00 00 00 67 40 12 34'));
    expect(battery.words(403, 4)).toBe('0000 0000 6740 1234');
  });

  test('commands among it are kept and do nothing', async () => {
    const battery = await active();
    const before = battery.ask(live);
    battery.ask(request(0x15, '10 01 99 00 08 10 02 02 01 03 FF FF FF FF FF FF FF FF FF FF FF FF'));
    expect(battery.words(409, 3)).toBe('0202 0103 FFFF');
    expect(battery.ask(live)).toBe(before);
  });

  test('outside its block is refused, and nothing is half written', async () => {
    const battery = await byd();
    expect(battery.ask(request(0x15, '06 01 2C 00 03'))).toBe(hex(request(0x15, '86 02')));
    expect(battery.ask(request(0x15, '10 01 A2 00 02 04 00 01 00 02'))).toBe(hex(request(0x15, '90 02')));
    expect(battery.words(418)).toBe('0000');
  });

  test('by FC23 is written before it is read', async () => {
    const battery = await byd();
    const reply = battery.ask(request(0x15, '17 01 2C 00 01 01 90 00 01 02 00 02'));
    expect(reply).toBe(hex(request(0x15, '17 02 00 03')));
  });
});

describe('edges and options', () => {
  test('energies stop at 57.96 kWh, powers at 30 kW, SoC at 1 %', async () => {
    const large = {
      capacityKWh: 80,
      remainingKWh: 79,
      chargePowerLimitW: 45_000,
      dischargePowerLimitW: 31_000,
      socPct: 0.3,
    };
    const battery = await byd(large);
    expect(battery.words(202)).toBe('E268');
    expect(battery.words(303, 5)).toBe('0064 E268 E268 7530 7530');
  });

  test('a power that two bytes cannot hold stands at the edge', async () => {
    expect((await active({ powerW: -40_000 })).words(309)).toBe('7FFF');
    expect((await active({ powerW: 40_000 })).words(309)).toMatch(/^800[01]$/);
  });

  test('a Primo never sees more than 450 V as maximum, other inverters see the limit', async () => {
    expect((await byd()).words(205)).toBe('1240');
    expect((await byd({}, { primo: true })).words(205)).toBe('1194');
    expect((await byd({ chargeVoltageLimitV: 230 }, { primo: true })).words(205)).toBe('08FC');
  });

  test('blocks that other makes answer with zeros are answered with zeros', async () => {
    const battery = await byd();
    expect(battery.words(1000, 2)).toBe('0000 0000');
    expect(battery.words(12288, 2)).toBe('0000 0000');
    expect(battery.words(500)).toBe('');
  });
});
