// A BMS that says too little is shown, and the bank is as if it had never been heard.
import { describe, expect, test } from 'vitest';
import { jk } from '../../src/bms/jk.ts';
import { capturedSamples } from '../../src/bms/samples.ts';
import { bankConditions } from '../../src/events/bank-conditions.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import { captured } from '../bms/captures.ts';
import { readLedger } from '../wires/lines.ts';
import { bankOf, pack, reading, room } from './room.ts';

const [recorded] = capturedSamples(jk, captured('jk/16s-jk04-3.3.0').entries);
const balancer = recorded?.sample.reading ?? {};
const two = bankOf([[pack('a')], [pack('b')]], { loss: 'reduce' });

/** A battery under load, whose charge moves. */
function moving() {
  let left = 50;
  return () => {
    left -= 0.001;
    return reading({ remainingCapacityAh: left });
  };
}

/** What goes to an inverter, and why. */
const served = ({ freshness, signals, reasons }: BankState) => ({ freshness, signals, reasons });

describe('an active balancer in the place of a BMS', () => {
  test('alone keeps the inverter from hearing anything, for as long as it may', () => {
    const r = room(bankOf([[pack('b')]]));
    const state = r.pass(7200, ['b'], () => balancer);
    expect(state.freshness).toBe('never');
    expect(state.signals).toMatchObject({ packsOnline: 0, packsConfigured: 1 });
    for (const name of ['socPct', 'voltageV', 'currentA', 'chargeCurrentLimitA', 'chargeVoltageLimitV'])
      expect(state.signals).not.toHaveProperty(name);
  });

  test('beside a battery makes no difference to one that was never heard, second by second', () => {
    const [beside, alone] = [room(two), room(two)].map((r) => ({ ...r, a: moving() }));
    if (!beside || !alone) throw new Error('there are two rooms');
    for (let s = 0; s < 3600; s += 2) {
      beside.hear('b', balancer);
      alone.look();
      expect(served(beside.pass(2, ['a'], beside.a))).toEqual(served(alone.pass(2, ['a'], alone.a)));
    }
    expect(beside.state().signals).toMatchObject({ packsOnline: 1, socPct: 50, currentA: -10 });
    expect(beside.state().signals.faults).toContain('pack_missing');
  });

  test('in series with a battery takes its string with it', () => {
    const r = room(bankOf([[pack('a'), pack('b')]]));
    for (let s = 0; s < 90; s += 2) {
      r.hear('b', balancer);
      r.pass(2, ['a']);
    }
    expect(r.state().freshness).toBe('never');
  });

  test('is said once, in one sentence', () => {
    const r = room(two);
    const { ledger, log } = readLedger();
    const a = moving();
    for (let i = 0; i < 1800; i++) {
      r.hear('b', balancer);
      const state = r.pass(2, ['a'], a);
      ledger.hold('bank', bankConditions(state), state.evaluatedAtMs);
    }
    expect(log.filter(({ text }) => text.includes('count'))).toEqual([
      {
        level: 'error',
        text: 'battery does not count',
        fields: {
          battery: 'b',
          why: 'b tells neither current nor SoC, so the bank cannot count it; name a BMS that does in its place',
        },
      },
    ]);
  });

  test('is shown with its cells and the moment of its sample', () => {
    const r = room(two);
    r.tick(5000);
    const [, b] = r.hear('b', balancer).packs;
    expect(b).toMatchObject({
      freshness: 'never',
      sampleAtMs: 5000,
      reading: { voltageV: 53.691 },
      isPartial: true,
    });
    expect(b?.reading?.cellVoltagesV).toHaveLength(16);
    expect(b?.reading).not.toHaveProperty('currentA');
  });

  test('never counts as frozen, though its cells stand still for an hour', () => {
    const r = room(two);
    const frozen = Array.from({ length: 1800 }, () => {
      r.hear('b', balancer);
      return r.pass(2, ['a'], () => reading({ currentA: 0 })).packs[1]?.fault;
    });
    expect(frozen.filter((fault) => fault?.includes('frozen'))).toEqual([]);
  });
});

test('a battery that was counted goes on showing what it was counted with, not what came without its current', () => {
  const r = room(two);
  r.hearAll();
  r.tick(1000);
  const { currentA: _, ...rest } = reading({ cellV: 3.4 });
  const [a] = r.hear('a', rest).packs;
  expect(a).toMatchObject({ sampleAtMs: 0, reading: { currentA: -10, voltageV: 52.8 } });
  // It told its current a second ago: no other BMS is needed.
  expect(a?.fault).toBe('a does not report current that can be believed');
  expect(a).not.toHaveProperty('isPartial');
});

test('a battery that told too little at first counts from its first whole sample on', () => {
  const r = room(bankOf([[pack('a')]]));
  const { socPct: _, ...rest } = reading();
  expect(r.hear('a', rest).packs[0]).toMatchObject({ fault: expect.stringContaining('a tells no SoC') });
  r.tick(1000);
  const [a] = r.hear('a').packs;
  expect(a).toMatchObject({ freshness: 'fresh', sampleAtMs: 1000, reading: { socPct: 50 } });
  expect(a).not.toHaveProperty('fault');
  expect(a).not.toHaveProperty('isPartial');
});
