import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KeptChild } from '../../src/child.ts';
import { forkHead } from '../../src/forked.ts';
import type { PackState } from '../../src/model/bank-state.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import type { OfficeMessage } from '../../src/office.ts';
import { every, realTimers } from '../../src/timers.ts';

/** It is stopped before it has come up; how long it may take for both is not asked here. */
const atLeisure = {
  ...realTimers,
  every,
  after: (ms: number, act: () => void) => realTimers.after(60 * ms, act),
};

const pack = (id: string, sampleAtMs: number): PackState => ({
  id,
  freshness: 'fresh',
  sampleAtMs,
  reading: { voltageV: 52.9, socPct: 76 },
});

const state = (sequence: number, packs: readonly PackState[]): OfficeMessage => ({
  type: 'state',
  sequence,
  evaluatedAtMs: 0,
  validUntilMs: 3000,
  freshness: 'fresh',
  signals: {},
  packs,
  reasons: { chargeVoltage: [], dischargeVoltage: [], chargeCurrent: [], dischargeCurrent: [] },
  notices: [],
});

test('the office writes each sample once, each line of the service, and ends with all of it on the disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'office-'));
  try {
    const reports: string[] = [];
    const kept = new KeptChild({
      name: 'office',
      start: forkHead('office'),
      heard: () => {},
      report: (sentence) => reports.push(sentence),
      timers: atLeisure,
    });
    const orders: OfficeMessage = { type: 'orders', files: { folder, maxBytes: 100_000, keep: 2 } };
    kept.order(orders);
    kept.start();
    const now = monotonicMs();
    kept.send(state(1, [pack('a', now - 1000), { id: 'b', freshness: 'never' }]));
    kept.send(state(2, [pack('a', now - 1000), { id: 'b', freshness: 'never' }]));
    kept.send({
      type: 'line',
      battery: 'a',
      text: 'T warn bank: battery is stale battery=a',
    } as OfficeMessage);
    kept.send({ type: 'line', text: 'T info: started' } as OfficeMessage);
    await kept.stop();
    expect(readdirSync(folder).sort()).toEqual(['battery-a.log', 'service.log']);
    expect(readFileSync(join(folder, 'battery-a.log'), 'utf8').split('\n')).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z voltage_V=52.9 soc_pct=76$/),
      'T warn bank: battery is stale battery=a',
      '',
    ]);
    expect(readFileSync(join(folder, 'service.log'), 'utf8')).toBe(
      'T warn bank: battery is stale battery=a\nT info: started\n',
    );
    expect(reports).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
