import { describe, expect, test } from 'vitest';
import { bankConditions } from '../../src/events/bank-conditions.ts';
import { newLedger } from '../../src/events/ledger.ts';
import { watchBank } from '../../src/events/watch-bank.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { BankEvent, EventKind } from '../../src/model/events.ts';
import { bankOf, pack, reading, room } from '../bank/room.ts';

const two = bankOf([[pack('a')], [pack('b')]]);

/** A room of two packs in parallel whose events are kept. */
function watched() {
  const r = room(two);
  const told: BankEvent[] = [];
  const watch = watchBank(newLedger('run', (event) => told.push(event)));
  const seen = (state: BankState) => {
    watch(state);
    return state;
  };
  return {
    /** So many seconds; each second all packs say this, or nothing. */
    pass(seconds: number, value?: Parameters<typeof reading>[0]) {
      for (let s = 0; s < seconds; s++) {
        r.wait(1000);
        seen(value ? r.hearAll(reading(value)) : r.look());
      }
    },
    of: (kind: EventKind) =>
      told.filter((event) => event.kind === kind).map(({ text, endedAtMs: end }) => (end ? 'over' : text)),
  };
}

const texts = (state: BankState) => bankConditions(state).map(({ text }) => text);

describe('the sentence of an event', () => {
  test('of a protection says which battery and how bad it is', () => {
    const r = room(two);
    r.hearAll();
    r.tick(1000);
    const state = r.hear('b', reading({ alarms: ['cell_high_voltage'], cellV: 3.4512, chargeFet: false }));
    expect(texts(state)).toContain('warning: cell high voltage of battery b, 3.451 V');
    expect(texts(r.hear('a', reading({ alarms: ['cell_high_voltage'], cellV: 3.4 })))).toContain(
      'protection: cell high voltage of batteries a, b, 3.451 V',
    );
  });

  test('of a protection tells what that battery measures, not what the bank comes to', () => {
    const r = room(two);
    r.hear('a', reading({ currentA: -60, socPct: 70 }));
    const state = r.hear(
      'b',
      reading({ currentA: -180, socPct: 8, warnings: ['high_discharge_current', 'low_soc'] }),
    );
    expect(state.signals).toMatchObject({ currentA: -240, socPct: 39 });
    expect(texts(state)).toEqual(
      expect.arrayContaining([
        'warning: high discharge current of battery b, -180 A',
        'warning: low soc of battery b, 8 %',
      ]),
    );
    const measured = bankConditions(state).map((condition) => condition.measured);
    expect(measured).toContainEqual({ quantity: 'current_A', value: -180 });
  });

  test('of a battery is not taken for that of its neighbour, whose name differs by a digit', () => {
    const said: string[] = [];
    const { hold } = newLedger('run', ({ text, endedAtMs }) =>
      said.push(`${endedAtMs === undefined ? '' : 'over: '}${text}`),
    );
    const r = room(two);
    const guess = (id: string) => `the limit of ${id} is a guess`;
    const state = (...ids: string[]): BankState => ({ ...r.hearAll(), notices: ids.map(guess) });
    for (const [i, ids] of [['p1', 'p2'], ['p2'], []].entries())
      hold(
        'bank',
        bankConditions(state(...ids)).filter(({ kind }) => kind === 'notice'),
        i,
      );
    expect(said).toEqual([guess('p1'), guess('p2'), `over: ${guess('p1')}`, `over: ${guess('p2')}`]);
  });

  test('of a battery that is not heard any more says since when', () => {
    const r = room(two);
    r.hearAll();
    r.pass(20, ['a']);
    expect(texts(r.look())).toContain('battery b stale: last heard 20 s ago');
  });

  test('of a battery that does not count says why', () => {
    const r = room(two);
    const state = r.hear('a', reading({ cells: 15 }));
    expect(texts(state)).toContainEqual(
      expect.stringMatching(/^battery a does not count: .*15 cells.*16 are configured/),
    );
  });
});

describe('a direction that is blocked', () => {
  const full = { chargeFet: false, dischargeFet: true };

  test('is told after five seconds, with the first reason, and when it is possible again', () => {
    const bank = watched();
    bank.pass(20, {});
    bank.pass(5, full);
    expect(bank.of('charge_blocked')).toEqual([]);
    bank.pass(1, full);
    expect(bank.of('charge_blocked')).toEqual([expect.stringMatching(/^charging blocked: /)]);
    bank.pass(30, full);
    bank.pass(200, {});
    expect(bank.of('charge_blocked').at(-1)).toBe('over');
    expect(bank.of('charge_blocked')).toHaveLength(2);
    expect(bank.of('discharge_blocked')).toEqual([]);
  });

  test('stays so while the bank is late, and is another matter once it is stale', () => {
    const bank = watched();
    bank.pass(20, {});
    bank.pass(10, full);
    bank.pass(12);
    expect(bank.of('bank_late')).toHaveLength(1);
    expect(bank.of('charge_blocked')).toHaveLength(1);
    bank.pass(10);
    expect(bank.of('bank_stale')).toHaveLength(1);
    expect(bank.of('charge_blocked').at(-1)).toBe('over');
  });

  test('is no event of a bank whose limits fell to zero because it is stale', () => {
    const bank = watched();
    bank.pass(20, {});
    bank.pass(50);
    expect(bank.of('bank_stale')).toHaveLength(1);
    expect([...bank.of('charge_blocked'), ...bank.of('discharge_blocked')]).toEqual([]);
  });
});
