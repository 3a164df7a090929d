import { describe, expect, test } from 'vitest';
import type { EarOrders } from '../../src/ble/orders.ts';
import { REST_MS, resting } from '../../src/wires/resting.ts';
import { readLedger } from './lines.ts';

const batteries = [
  { id: 'a', bms: 'jbd', address: 'A4:C1:38:00:00:01' },
  { id: 'b', bms: 'seplos-v3', address: 'A4:C1:38:00:00:02' },
  { id: 'c', bms: 'seplos-v3', address: 'a4:c1:38:00:00:02' },
];

function rested() {
  const { ledger, log } = readLedger();
  const told: EarOrders[] = [];
  let nowMs = 1000;
  let isTaken = true;
  const rests = resting({
    batteries,
    ledger,
    clock: () => nowMs,
    tell: (order) => {
      if (isTaken) told.push(order);
      return isTaken;
    },
  });
  return {
    rests,
    told,
    lines: () => log.map(({ text, fields }) => `${text} ${fields.battery}`),
    wait(ms: number) {
      nowMs += ms;
      rests.look();
    },
    take(now: boolean) {
      isTaken = now;
    },
  };
}

describe('a battery that a person lets rest', () => {
  test('is told to the ear with its end, and lasts as an event that names the person', () => {
    const { rests, told, lines } = rested();
    expect(rests.begin('a', 'link', 'anna')).toBeUndefined();
    expect(told).toEqual([{ type: 'rest', battery: 'a', what: 'link', untilMs: 1000 + REST_MS }]);
    expect(rests.of('a')).toEqual({ what: 'link', by: 'anna', untilMs: 1000 + REST_MS });
    expect(lines()).toEqual(['battery is let rest by hand a']);
  });

  test('is read again after ten minutes by itself', () => {
    const { rests, told, lines, wait } = rested();
    rests.begin('a', 'reading', 'anna');
    wait(REST_MS - 1);
    expect(rests.of('a')).toBeDefined();
    wait(1);
    expect(rests.of('a')).toBeUndefined();
    expect(told.at(-1)).toEqual({ type: 'resume', battery: 'a' });
    expect(lines().at(-1)).toBe('battery is read again a');
  });

  test('rests no longer for being asked to again', () => {
    const { rests, wait } = rested();
    rests.begin('a', 'link', 'anna');
    wait(60_000);
    expect(rests.begin('a', 'reading', 'ben')).toBe(
      'battery a rests already, for 9 min more; let it be read again first',
    );
    expect(rests.of('a')?.untilMs).toBe(1000 + REST_MS);
  });

  test('takes with it those that share its link, but not where it is only not asked', () => {
    const { rests, told } = rested();
    rests.begin('b', 'link', 'anna');
    expect(rests.of('c')?.by).toBe('anna');
    rests.end('c');
    expect([rests.of('b'), rests.of('c')]).toEqual([undefined, undefined]);
    rests.begin('b', 'reading', 'anna');
    expect(rests.of('c')).toBeUndefined();
    expect(told.map(({ type }) => type)).toEqual(['rest', 'rest', 'resume', 'resume', 'rest']);
  });

  test('is told again to an ear that did not take it, and with what is left to one that begins', () => {
    const { rests, told, wait, take } = rested();
    take(false);
    rests.begin('a', 'link', 'anna');
    expect(told).toEqual([]);
    take(true);
    wait(1000);
    expect(told).toEqual([{ type: 'rest', battery: 'a', what: 'link', untilMs: 1000 + REST_MS }]);
    expect(rests.orders()).toEqual(told);
  });

  test('is a battery that there is', () => {
    expect(rested().rests.begin('z', 'link', 'anna')).toBe('there is no battery `z`');
    expect(rested().rests.end('a')).toBe('battery a does not rest');
  });
});
