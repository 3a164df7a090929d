import { describe, expect, test } from 'vitest';
import type { Live, LiveBank, LiveEvent, LivePack } from '../../src/model/api/live.ts';
import type { Site } from '../../src/model/api/site.ts';
import { bankAges, judgedAges } from '../../src/page/home/bank-reading.tsx';
import { batteryFlows, wayOf } from '../../src/page/home/flow-view.ts';
import { rangesOf } from '../../src/page/home/ranges.ts';
import { followed, timeLeft } from '../../src/page/home/time-left.ts';
import { byTrouble, isMissing, lossWord, spreadOf } from '../../src/page/home/trouble.ts';
import { ageState } from '../../src/page/live/age.ts';
import { named } from '../../src/page/live/values.ts';
import { alarmCounts, linkStanding } from '../../src/page/shell/standing.ts';

const fresh = (spreadV = 0, more: object = {}): LivePack => ({
  freshness: 'fresh',
  reading: { cell_voltages_V: [3.3, 3.3 + spreadV], ...more },
});

describe('the time that is left', () => {
  const charge = { remainingAh: 60, capacityAh: 100, currentA: 20 };

  test('counts to full while charging, to empty while discharging', () => {
    expect(timeLeft(charge)).toEqual({ to: 'full', ms: 2 * 3_600_000 });
    expect(timeLeft({ ...charge, currentA: -20 })).toEqual({ to: 'empty', ms: 3 * 3_600_000 });
  });

  test('is not told while next to nothing flows, or something is not known', () => {
    expect(timeLeft({ ...charge, currentA: 0.4 })).toBeUndefined();
    expect(timeLeft({ ...charge, currentA: 0 })).toBeUndefined();
    expect(timeLeft({ ...charge, remainingAh: undefined })).toBeUndefined();
    expect(timeLeft({ ...charge, capacityAh: 0 })).toBeUndefined();
  });

  test('is nothing where the counter says more than full', () => {
    expect(timeLeft({ ...charge, remainingAh: 104 })).toEqual({ to: 'full', ms: 0 });
  });

  test('follows a kettle slowly', () => {
    let currentA: number | undefined;
    for (let s = 0; s < 60; s++) currentA = followed(currentA, s === 0 ? -5 : -45, 1000, 60_000);
    expect(currentA).toBeGreaterThan(-32);
    expect(currentA).toBeLessThan(-25);
  });
});

describe('the batteries by trouble', () => {
  test('a fault comes first, then lost, never heard, stale, late, an alarm, a warning, and the widest spread', () => {
    const packs = {
      calm: fresh(0.001),
      wide: fresh(0.08),
      warned: fresh(0, { warnings: ['low_soc'] }),
      alarmed: fresh(0, { alarms: ['cell_high_voltage'] }),
      late: { freshness: 'late' },
      stale: { freshness: 'stale' },
      never: { freshness: 'never' },
      lost: { freshness: 'lost' },
      faulty: { freshness: 'fresh', fault: 'reports 15 cells, 16 are configured' },
    } as const;
    expect(byTrouble(packs).map(([id]) => id)).toEqual([
      'faulty',
      'lost',
      'never',
      'stale',
      'late',
      'alarmed',
      'warned',
      'wide',
      'calm',
    ]);
  });

  test('a millivolt more or less moves nobody, and 10 comes after 9', () => {
    const packs = { b10: fresh(0.003), b9: fresh(0.001), b2: fresh(0.002) };
    expect(byTrouble(packs).map(([id]) => id)).toEqual(['b2', 'b9', 'b10']);
  });

  test('one that is late is still there, one that is stale is missing', () => {
    expect(isMissing({ freshness: 'late' })).toBe(false);
    expect(isMissing({ freshness: 'stale' })).toBe(true);
  });

  test('without another string the bank has nothing to go on with, whatever its policy', () => {
    expect(lossWord('reduce', 2)).toBe('lossReduce');
    expect(lossWord('exclude', 1)).toBe('lossBlock');
    expect(lossWord('unheard of', 2)).toBe('lossBlock');
  });

  test('of one cell there is no spread', () => {
    expect(spreadOf({ freshness: 'fresh', reading: { cell_voltages_V: [3.3] } })).toBeUndefined();
    expect(spreadOf({ freshness: 'never' })).toBeUndefined();
  });
});

describe('which way the energy goes', () => {
  test('positive power charges, a meter’s last digit is no flow, and the unknown is unknown', () => {
    expect([500, -500, 4, undefined].map((w) => wayOf(w))).toEqual([
      'charging',
      'discharging',
      'idle',
      'unknown',
    ]);
  });

  test('of a battery whose current is not known no power is made up', () => {
    const packs = { a: { freshness: 'fresh', reading: { voltage_V: 53 } } } as const;
    const live: Live = { packs, wires: {}, inverters: {}, events: {}, trips: [], processes: {} };
    expect(batteryFlows(live)[0]?.powerW).toBeUndefined();
  });
});

test('the gauges reach as far as the envelope and the cells in series', () => {
  const site: Site = {
    version: '',
    gateway: '',
    batteries: ['a', 'b', 'c', 'd'].map((id) => ({ id, bms: 'jbd', cells: 8, has_fets: false })),
    strings: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.6, cell_min_V: 2.8 },
    chemistry: 'lfp',
    cell_range_V: [2.5, 3.65],
    temperature_range_C: [-20, 60],
    ages: { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 },
    on_partial_loss: 'reduce',
    inverters: [],
    has_history: false,
    control: 'none',
    is_demo: false,
  };
  expect(rangesOf(site)).toEqual({
    voltageV: { min: 40, max: 58.4 },
    currentA: { min: -150, max: 100 },
    powerKW: { min: -9, max: 6 },
    temperatureC: { min: -20, max: 60 },
  });
});

test('what every object inherits is no battery, inverter or wire', () => {
  expect(named({}, 'constructor')).toBeUndefined();
  expect(named(JSON.parse('{"__proto__":1}'), '__proto__')).toBe(1);
  expect(named(undefined, 'a')).toBeUndefined();
});

test('a stale bank holds old values, however young its samples are; its limits are those of now', () => {
  const bank: LiveBank = {
    sequence: 1,
    evaluated_at_ms: 0,
    valid_until_ms: 3000,
    freshness: 'stale',
    sample_at_ms: 0,
    signals: {},
    reasons: {
      charge_voltage_limit_V: [],
      discharge_voltage_limit_V: [],
      charge_current_limit_A: [],
      discharge_current_limit_A: [],
    },
    notices: [],
  };
  expect(ageState(0, 0, bankAges(bank))).toBe('old');
  expect(ageState(0, 0, judgedAges(bank))).toBe('fresh');
  expect(ageState(0, 0, bankAges({ ...bank, freshness: 'late' }))).toBe('fresh');
});

describe('the strip at the top', () => {
  const inverter = { wire: 'can0', heard: 1, telling: 'the truth' } as const;
  const wire = { kind: 'can', state: 'open', counts: {}, asked: [] } as const;
  const calm: Live = {
    packs: {},
    wires: { can0: wire },
    inverters: { house: { ...inverter, voice: 'heard' } },
    events: {},
    trips: [],
    processes: {},
  };
  const event: LiveEvent = { kind: 'battery_lost', severity: 'alarm', text: 'battery lost', began_ms: 0 };

  test('tells the worst of all inverters', () => {
    expect(linkStanding(calm)).toEqual({ worst: 'heard', heard: 1, all: 1 });
    const two: Live = { ...calm, inverters: { ...calm.inverters, ems: { ...inverter, voice: 'silent' } } };
    expect(linkStanding(two)).toEqual({ worst: 'silent', heard: 1, all: 2 });
    expect(linkStanding({ ...calm, wires: { can0: { ...wire, state: 'bus-off' } } })).toMatchObject({
      worst: 'wire',
      wireState: 'bus-off',
    });
  });

  test('counts what lasts, not what is over or was a moment', () => {
    const events = {
      a: event,
      b: { ...event, ended_ms: 5 },
      c: { ...event, kind: 'child_replaced', severity: 'warning' },
    } as const;
    expect(alarmCounts({ ...calm, events })).toEqual({ alarms: 1, warnings: 0 });
  });
});
