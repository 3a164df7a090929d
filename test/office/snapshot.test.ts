import { expect, test } from 'vitest';
import type { BankState } from '../../src/model/bank-state.ts';
import { snapshotOf } from '../../src/office/snapshot.ts';
import { bankThatIs, NOW_MS } from '../web/snapshots.ts';

const bank: BankState = {
  ...bankThatIs('fresh'),
  reasons: {
    chargeVoltage: [],
    dischargeVoltage: [],
    chargeCurrent: [
      { rule: 'highest cell', value: 0, pack: 'b', cell: 7, measured: 3.61, sinceMs: NOW_MS - 60_250 },
      { rule: 'envelope', value: 100 },
    ],
    dischargeCurrent: [],
  },
  packs: [
    {
      id: 'b',
      freshness: 'fresh',
      sampleAtMs: NOW_MS - 1500,
      reading: { voltageV: 52.8, temperaturesC: [21.2, undefined], chargeFet: true },
      chargeCurrentLimitA: 0,
    },
    { id: 'c', freshness: 'never' },
  ],
};

test('the snapshot beside an event says what was measured, what was told and why, under the names of the catalogue', () => {
  const snapshot = snapshotOf(bank);
  expect(snapshot).toMatchObject({
    voltage_V: 52.8,
    charge_current_limit_A: 0,
    alarms: ['low_soc'],
    reasons: {
      charge_voltage_limit_V: [],
      charge_current_limit_A: [
        { rule: 'highest cell', value: 0, pack: 'b', cell: 7, measured: 3.61, for_s: 60 },
        { rule: 'envelope', value: 100 },
      ],
    },
  });
  expect(snapshot.packs).toEqual([
    {
      id: 'b',
      freshness: 'fresh',
      data_age_s: 1.3,
      charge_current_limit_A: 0,
      voltage_V: 52.8,
      temperatures_C: [21.2, null],
      charge_fet: true,
    },
    { id: 'c', freshness: 'never' },
  ]);
});

test('it is the same after it was written as JSON and read again, and names nothing that is unknown', () => {
  const snapshot = snapshotOf(bank);
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(JSON.stringify(snapshot)).not.toContain('soh_pct');
});
