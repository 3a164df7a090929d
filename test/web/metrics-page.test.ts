import { describe, expect, test } from 'vitest';
import type { BankState } from '../../src/model/bank-state.ts';
import { rungs } from '../../src/model/freshness.ts';
import type { Health } from '../../src/model/wire-health.ts';
import { metricsPage, TOLD_FOR_MS } from '../../src/web/metrics-page.ts';
import { readPage, toldBy } from './exposition.ts';
import { bankThatIs, health, NOW_MS } from './snapshots.ts';

const pageOf = async (bank: BankState | undefined, of: Health | undefined, nowMs = NOW_MS) =>
  readPage(await metricsPage({ bank, health: of, nowMs }));

const fresh = bankThatIs('fresh');

describe('the page of a bank that is fresh', () => {
  test('says what it is, in base units', async () => {
    const page = await pageOf(fresh, health);
    const bank = (name: string) => toldBy(page, `bmsgate_bank_${name}`);
    expect(
      [
        'voltage_volts',
        'current_amperes',
        'soc_ratio',
        'charge_voltage_limit_volts',
        'discharge_voltage_limit_volts',
        'charge_current_limit_amperes',
        'discharge_current_limit_amperes',
        'data_age_seconds',
        'alarms',
      ].map(bank),
    ).toEqual([52.8, -12.5, 0.76, 56.8, 44.8, 0, 150, 1.5, 1]);
    expect(rungs.map((freshness) => toldBy(page, 'bmsgate_bank_freshness', { freshness }))).toEqual([
      0, 1, 0, 0, 0,
    ]);
  });

  test('says of each battery what was measured while it was fresh, and of the others only that they are not', async () => {
    const page = await pageOf(fresh, health);
    const ofAll = (name: string, labels = {}) =>
      ['a', 'b', 'c'].map((battery) => toldBy(page, `bmsgate_battery_${name}`, { battery, ...labels }));
    expect(ofAll('cell_min_volts')).toEqual([3.297, undefined, undefined]);
    expect(ofAll('cell_max_volts')).toEqual([3.305, undefined, undefined]);
    expect(ofAll('data_age_seconds')).toEqual([1.5, 1.5, undefined]);
    expect(ofAll('freshness', { freshness: 'stale' })).toEqual([0, 1, 0]);
  });
});

test.each(['never', 'lost'] as const)(
  'a balancer in the place of a BMS, %s, has no age: none of its readings was ever complete',
  async (freshness) => {
    const [, b] = fresh.packs;
    const { currentA: _, socPct: __, ...told } = b?.reading ?? {};
    const balancer = {
      id: 'b',
      freshness,
      sampleAtMs: NOW_MS - 500,
      reading: told,
      isPartial: true,
    } as const;
    const page = await pageOf({ ...fresh, packs: [balancer] }, health);
    expect(toldBy(page, 'bmsgate_battery_data_age_seconds', { battery: 'b' })).toBeUndefined();
  },
);

test.each(['stale', 'lost'] as const)(
  'of a bank that is %s the limits are told and no measurement',
  async (rung) => {
    const page = await pageOf(bankThatIs(rung), health);
    for (const name of ['voltage_volts', 'current_amperes', 'soc_ratio', 'cell_min_volts'])
      expect([name, page.has(`bmsgate_bank_${name}`)]).toEqual([name, false]);
    expect(toldBy(page, 'bmsgate_bank_charge_current_limit_amperes')).toBe(0);
  },
);

test('of a bank that was never complete nothing is told but that', async () => {
  const page = await pageOf(bankThatIs('never'), undefined);
  const names = [...page.keys()].filter((name) => name.startsWith('bmsgate_bank_'));
  expect(names).toEqual(['bmsgate_bank_freshness', 'bmsgate_bank_data_age_seconds']);
});

describe('the page of the wires', () => {
  const odd = { wire: '/dev/serial/by-id/usb-"odd"\\port', kind: 'rtu' };

  test('has the counters of each kind of wire, and none that it does not have', async () => {
    const page = await pageOf(fresh, health);
    const counters = ['requests', 'answers', 'exceptions', 'crc_errors', 'resync_bytes', 'malformed', 'sent'];
    expect(counters.map((c) => toldBy(page, `bmsgate_wire_${c}_total`, odd))).toEqual([
      61,
      60,
      2,
      3,
      24,
      undefined,
      undefined,
    ]);
    expect(counters.map((c) => toldBy(page, `bmsgate_wire_${c}_total`, { wire: 'can0' }))).toEqual([
      ...Array(6).fill(undefined),
      600,
    ]);
    expect(toldBy(page, 'bmsgate_wire_state', { wire: 'can0', state: 'no-ack' })).toBe(1);
    expect(toldBy(page, 'bmsgate_wire_state', { ...odd, state: 'no-ack' })).toBeUndefined();
  });

  test('has what masters ask, by unit, function and range', async () => {
    const page = await pageOf(fresh, health);
    const asked = (labels: Record<string, string>) =>
      ['asked', 'refused'].map((what) => toldBy(page, `bmsgate_wire_range_${what}_total`, labels));
    expect(asked({ ...odd, unit: '1', function: '3', first: '0x0100', quantity: '18' })).toEqual([59, 0]);
    expect(asked({ ...odd, first: '0x0200' })).toEqual([2, 2]);
    expect(asked({ ...odd, function: '17' })).toEqual([1, 0]);
    expect(asked({ kind: 'ascii', function: '0x61' })).toEqual([9, 0]);
  });

  test('has the histogram of answers in seconds', async () => {
    const page = await pageOf(fresh, health);
    const bucket = (le: string) => toldBy(page, 'bmsgate_wire_answer_seconds_bucket', { ...odd, le });
    expect(['0.001', '0.005', '0.1', '+Inf'].map(bucket)).toEqual([1, 3, 3, 4]);
    expect(toldBy(page, 'bmsgate_wire_answer_seconds_count', odd)).toBe(4);
    expect(toldBy(page, 'bmsgate_wire_answer_seconds_sum', odd)).toBeCloseTo(0.2565, 9);
    expect(toldBy(page, 'bmsgate_wire_answer_max_seconds', odd)).toBe(0.25);
    expect(toldBy(page, 'bmsgate_wire_answer_max_seconds', { kind: 'tcp' })).toBeUndefined();
  });

  test('has how each inverter is heard; of one that never was, only that', async () => {
    const page = await pageOf(fresh, health);
    const of = (inverter: string) =>
      ['heard_total', 'heard_per_minute', 'heard_age_seconds', 'silent'].map((name) =>
        toldBy(page, `bmsgate_inverter_${name}`, { inverter }),
      );
    expect(of('ems')).toEqual([61, 0, 65, 1]);
    expect(of('house')).toEqual([7, 60, 0.9, 0]);
    expect(of('page')).toEqual([0, undefined, undefined, undefined]);
    expect(
      toldBy(page, 'bmsgate_inverter_beat_lateness_seconds_bucket', { inverter: 'house', le: '0.02' }),
    ).toBe(2);
  });

  test('has how often the child processes ended, and what they did not take', async () => {
    const page = await pageOf(fresh, health);
    const of = (name: string) =>
      ['ear', 'office'].map((process) => toldBy(page, `bmsgate_process_${name}_total`, { process }));
    expect([of('restarts'), of('messages_dropped')]).toEqual([
      [2, 0],
      [0, 17],
    ]);
  });
});

describe('a page of old snapshots', () => {
  test('tells their age and nothing else, each by its own', async () => {
    const bankEndsMs = fresh.evaluatedAtMs + TOLD_FOR_MS;
    const last = await pageOf(fresh, health, bankEndsMs);
    expect(last.has('bmsgate_bank_voltage_volts')).toBe(true);
    const bankIsOld = await pageOf(fresh, { ...health, atMs: bankEndsMs }, bankEndsMs + 1);
    expect([...bankIsOld.keys()].filter((name) => /_(bank|battery)_/.test(name))).toEqual([]);
    expect(toldBy(bankIsOld, 'bmsgate_snapshot_age_seconds', { of: 'bank' })).toBe(15.001);
    expect(bankIsOld.has('bmsgate_wire_state')).toBe(true);
    const allOld = await pageOf(fresh, health, NOW_MS + 60_000);
    expect([...allOld.keys()]).toEqual(['bmsgate_snapshot_age_seconds']);
  });

  test('of none at all is empty', async () => {
    expect(await metricsPage({ bank: undefined, health: undefined, nowMs: NOW_MS })).toBe('\n');
  });
});

test('a number that is none is not told', async () => {
  const signals = { ...fresh.signals, voltageV: Number.NaN, currentA: Number.POSITIVE_INFINITY };
  const page = await pageOf({ ...fresh, signals }, undefined);
  expect([page.has('bmsgate_bank_voltage_volts'), page.has('bmsgate_bank_current_amperes')]).toEqual([
    false,
    false,
  ]);
});
