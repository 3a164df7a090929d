// What is said of an inverter's hearing over a restart of the gateway.
import { expect, test } from 'vitest';
import { newLedger } from '../../src/events/ledger.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { hearInverter } from '../../src/wires/hearing.ts';

const SILENT_MS = 60_000;

/** An inverter and a gateway that starts anew, with what lasted. */
function theHouse() {
  const told: BankEvent[] = [];
  let [nowMs, run, isMeter] = [0, 0, false];
  const clock = () => nowMs;
  const started = () => {
    run++;
    const ledger = newLedger(`run${run}`, (event) => told.push(event));
    return {
      ledger,
      hear: () => hearInverter('house', SILENT_MS, { clock, ledger }, undefined, () => isMeter),
    };
  };
  let { ledger, hear } = started();
  let hearing = hear();
  return {
    passes(seconds: number, does: 'asks' | 'speaks' | 'is silent'): void {
      for (let s = 0; s < seconds; s++) {
        nowMs += 1000;
        if (does === 'asks') hearing.heard(nowMs);
        if (does === 'speaks') hearing.spoke(nowMs);
        hearing.judge(nowMs);
        ledger.look(nowMs);
      }
    },
    restarts(): void {
      const events = ledger.open();
      ({ ledger, hear } = started());
      ledger.carry({ events, untilMs: nowMs }, nowMs);
      hearing = hear();
    },
    becomesAMeter(): void {
      isMeter = true;
    },
    told: () =>
      told
        .splice(0)
        .filter(({ kind }) => kind !== 'inverter_heard')
        .map(({ id, kind, endedAtMs, became }) => [
          id,
          kind,
          endedAtMs === undefined ? 'begins' : (became ?? 'ends'),
        ]),
  };
}

test('one that is silent, then only speaks, then is silent again has one trouble at a time', () => {
  const { passes, restarts, told } = theHouse();
  passes(5, 'asks');
  passes(70, 'is silent');
  const [[silent] = []] = told();
  restarts();
  passes(200, 'is silent');
  expect(told()).toEqual([]);
  passes(70, 'speaks');
  const [, [asksNothing] = []] = told();
  restarts();
  passes(200, 'speaks');
  expect(told()).toEqual([]);
  passes(1, 'asks');
  expect(told()).toEqual([[asksNothing, 'inverter_asks_nothing', 'ends']]);
  passes(70, 'is silent');
  expect(told()).toMatchObject([[expect.not.stringMatching(String(silent)), 'inverter_silent', 'begins']]);
});

test('each takes the place of the other after a restart, and nothing is called well', () => {
  const { passes, restarts, told } = theHouse();
  passes(5, 'asks');
  passes(70, 'is silent');
  told();
  restarts();
  passes(70, 'speaks');
  expect(told()).toEqual([
    ['run1-2', 'inverter_silent', 'inverter_asks_nothing'],
    [expect.stringMatching(/^run2/), 'inverter_asks_nothing', 'begins'],
  ]);
});

test('one that was said to ask for nothing and is a meter now is in order once it speaks', () => {
  const { passes, restarts, becomesAMeter, told } = theHouse();
  passes(70, 'speaks');
  const [[id] = []] = told();
  restarts();
  becomesAMeter();
  passes(150, 'is silent');
  expect(told()).toEqual([]);
  passes(5, 'speaks');
  expect(told()).toEqual([[id, 'inverter_asks_nothing', 'ends']]);
});
