import { describe, expect, test } from 'vitest';
import { type Condition, newLedger } from '../../src/events/ledger.ts';
import type { BankEvent } from '../../src/model/events.ts';

const hot = (valueC: number): Condition => ({
  kind: 'protection',
  alarm: 'high_temperature',
  text: 'pack a is too hot',
  measured: { quantity: 'max_cell_temperature_C', value: valueC },
});
const empty = (valueV: number): Condition => ({
  kind: 'protection',
  alarm: 'cell_low_voltage',
  text: 'a cell of pack a is empty',
  measured: { quantity: 'min_cell_voltage_V', value: valueV },
  worse: 'lower',
});
const silent: Condition = { kind: 'inverter_silent', subject: 'house', text: 'inverter house is not heard' };

function openLedger() {
  const told: BankEvent[] = [];
  return { ledger: newLedger('run', (event) => told.push(event)), told: () => told.splice(0) };
}

describe('the ledger of what lasts', () => {
  test('a protection is told when it begins, when it gets worse, and when it is over, with its peak', () => {
    const { ledger, told } = openLedger();
    for (const [i, valueC] of [61, 60, 63, 62].entries()) ledger.hold('bank', [hot(valueC)], i * 10_000);
    ledger.hold('bank', [], 50_000);
    expect(told().map(({ peak, endedAtMs }) => [peak?.value, endedAtMs])).toEqual([
      [61, undefined],
      [63, undefined],
      [63, 50_000],
    ]);
  });

  test('a peak that rises with every look is told every ten seconds, and at the end as it was', () => {
    const { ledger, told } = openLedger();
    for (let s = 0; s < 25; s++) ledger.hold('bank', [hot(61 + s)], s * 1000);
    ledger.hold('bank', [], 25_000);
    expect(told().map(({ peak }) => peak?.value)).toEqual([61, 71, 81, 85]);
  });

  test('of a cell that gets empty the lowest voltage is the peak', () => {
    const { ledger, told } = openLedger();
    for (const valueV of [2.7, 2.5, 2.6]) ledger.hold('bank', [empty(valueV)], 0);
    ledger.hold('bank', [], 1000);
    expect(told().at(-1)?.peak).toEqual({ quantity: 'min_cell_voltage_V', value: 2.5 });
  });

  test('it is one event from begin to end, and another one the next time', () => {
    const { ledger, told } = openLedger();
    for (let round = 0; round < 2; round++) {
      ledger.hold('bank', [hot(61)], 2000 * round);
      ledger.hold('bank', [], 2000 * round + 1000);
    }
    const [first, over, second] = told();
    expect(over?.id).toBe(first?.id);
    expect(second?.id).not.toBe(first?.id);
    expect(ledger.open()).toEqual([]);
  });

  test('what one source no longer holds does not end what another looks after', () => {
    const { ledger, told } = openLedger();
    ledger.hold('bank', [hot(61)], 0);
    ledger.hold('house', [silent], 1000);
    ledger.hold('bank', [], 2000);
    expect(ledger.open().map(({ kind }) => kind)).toEqual(['inverter_silent']);
    expect(told()).toHaveLength(3);
  });

  test('a moment is told once and lasts for nothing', () => {
    const { ledger, told } = openLedger();
    ledger.moment({ kind: 'clock_stepped', text: 'the clock was set by 2 h' }, 5000);
    expect(told()).toEqual([
      {
        id: 'run-1',
        kind: 'clock_stepped',
        text: 'the clock was set by 2 h',
        beganAtMs: 5000,
        endedAtMs: 5000,
      },
    ]);
    expect(ledger.open()).toEqual([]);
  });
});
