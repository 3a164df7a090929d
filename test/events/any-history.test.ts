import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bankConditions } from '../../src/events/bank-conditions.ts';
import { newLedger } from '../../src/events/ledger.ts';
import { eventLine } from '../../src/events/line.ts';
import { watchBank } from '../../src/events/watch-bank.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import { type BankEvent, eventKinds } from '../../src/model/events.ts';
import { anyHistory } from './any-bank.ts';

interface News {
  readonly event: BankEvent;
  readonly gotWorse: boolean;
}

const WINDOW_MS = 600_000;
const keyOf = ({ kind, subject, alarm, about }: Pick<BankEvent, 'kind' | 'subject' | 'alarm' | 'about'>) =>
  JSON.stringify([kind, subject, alarm, about]);

/** All that is told of a history, and what is open at its end. */
function lived(history: readonly BankState[]) {
  const told: News[] = [];
  const ledger = newLedger('run', (event, gotWorse) => told.push({ event, gotWorse }));
  const watch = watchBank(ledger);
  for (const state of history) watch(state);
  return { told, lasting: told.filter(({ event }) => eventKinds[event.kind].lasts), open: ledger.open() };
}

const byKey = (news: readonly News[]) => Object.values(Object.groupBy(news, ({ event }) => keyOf(event)));

describe('whatever happens to a bank', () => {
  test('begins and ends take turns, each end is that of the begin before it, and what has no end is open', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { lasting, open } = lived(history);
        const stillOpen: string[] = [];
        for (const news of byKey(lasting)) {
          let begun: string | undefined;
          for (const { event, gotWorse } of news ?? []) {
            const isEnd = event.endedAtMs !== undefined;
            expect(begun).toBe(isEnd || gotWorse ? event.id : undefined);
            begun = isEnd ? undefined : event.id;
            expect(event.endedAtMs ?? event.beganAtMs).toBeGreaterThanOrEqual(event.beganAtMs);
          }
          if (begun !== undefined) stillOpen.push(begun);
        }
        expect(open.map(({ id }) => id).toSorted()).toEqual(stillOpen.toSorted());
      }),
    );
  });

  test('all that holds at the end is open, and what is open but does not hold comes and goes', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const last = history.at(-1);
        if (!last) return;
        const holds = new Set(bankConditions(last).map(keyOf));
        const open = lived(history).open.filter(({ kind }) => !kind.endsWith('_blocked'));
        const keys = new Set(open.map(keyOf));
        expect([...holds].filter((key) => !keys.has(key))).toEqual([]);
        expect(open.filter((event) => !event.flaps && !holds.has(keyOf(event)))).toEqual([]);
      }),
    );
  });

  test('no more than six events of one thing begin in any ten minutes', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        for (const news of byKey(lived(history).lasting)) {
          const ids = new Map((news ?? []).map(({ event }) => [event.id, event.beganAtMs]));
          const begins = [...ids.values()];
          for (const fromMs of begins)
            expect(begins.filter((ms) => ms >= fromMs && ms < fromMs + WINDOW_MS).length).toBeLessThanOrEqual(
              6,
            );
        }
      }),
    );
  });

  test('each begin, each end and each moment has its line, with how long it lasted and the worst of it', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        for (const { event } of lived(history).told) {
          const { text, fields, level } = eventLine(event);
          expect(text).toMatch(/^\S.*\S$/);
          expect(`${text} ${JSON.stringify(fields)}`).not.toMatch(/undefined|NaN|null/);
          const isOver = eventKinds[event.kind].lasts && event.endedAtMs !== undefined;
          expect('lastedS' in fields).toBe(isOver);
          if (isOver) expect(fields.peak).toBe(event.peak?.value);
          if (isOver) expect(['debug', 'notice']).toContain(level);
        }
      }),
    );
  });

  test('the peak of an alarm that is over is the worst that was measured while it was there', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const over = lived(history).lasting.filter(
          ({ event }) => event.alarm === 'cell_high_voltage' && event.endedAtMs !== undefined,
        );
        for (const { event } of over) {
          const seen = history
            .filter(({ evaluatedAtMs: ms }) => ms >= event.beganAtMs && ms < (event.endedAtMs ?? 0))
            .filter((state) => bankConditions(state).some((c) => keyOf(c) === keyOf(event)))
            .flatMap(({ signals }) => signals.maxCellVoltageV ?? []);
          expect(event.peak?.value).toBe(seen.length ? Math.max(...seen) : undefined);
        }
      }),
    );
  });
});
