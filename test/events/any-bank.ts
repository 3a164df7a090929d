// Banks as they may follow one another, for properties: nothing here is likely, all of it can be.
import fc from 'fast-check';
import { alarmNames } from '../../src/model/alarms.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import { rungs } from '../../src/model/freshness.ts';

const rung = fc.constantFrom(...rungs);
const alarms = fc.subarray(alarmNames.slice(0, 6), { maxLength: 3 });
const volts = fc.integer({ min: 2000, max: 4000 }).map((mV) => mV / 1000);
const orAbsent = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const pack = (id: string) =>
  fc
    .record({
      freshness: rung,
      fault: orAbsent(fc.constantFrom('reports 15 cells', 'reports 14 cells', 'has no current')),
    })
    .map(({ freshness, fault }) => ({ id, freshness, ...(fault !== undefined && { fault }) }));

const step = fc.record({
  waitMs: fc.constantFrom(200, 1000, 4000, 20_000, 700_000),
  freshness: rung,
  packs: fc.tuple(pack('a'), pack('b')),
  alarms,
  warnings: alarms,
  maxCellVoltageV: orAbsent(volts),
  minCellVoltageV: orAbsent(volts),
  chargeCurrentLimitA: fc.constantFrom(0, 0, 50),
  notices: fc.subarray(['the limit of a is a guess', 'the shunt does not speak']),
});

/** States of a bank, one after the other in time. */
export const anyHistory: fc.Arbitrary<BankState[]> = fc.array(step, { maxLength: 60 }).map((steps) => {
  let nowMs = 0;
  return steps.map(({ waitMs, freshness, packs, notices, ...signals }, sequence) => {
    nowMs += waitMs;
    // An absent signal and one that is undefined are the same to all who read them.
    return {
      sequence,
      evaluatedAtMs: nowMs,
      validUntilMs: nowMs + 3000,
      freshness,
      signals,
      packs,
      notices,
      reasons: {
        chargeVoltage: [],
        dischargeVoltage: [],
        chargeCurrent: [{ rule: 'highest cell', pack: 'b', cell: 7, value: 0, measured: 3.61 }],
        dischargeCurrent: [],
      },
    } as BankState;
  });
});
