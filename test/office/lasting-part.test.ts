import { describe, expect, test } from 'vitest';
import type { Log } from '../../src/log.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { lastingPart } from '../../src/office/lasting-part.ts';
import { crankedClock } from '../can/clock.ts';

const lost: BankEvent = { id: 'r-1', kind: 'battery_lost', subject: 'a', text: 'lost', beganAtMs: 0 };
const stale: BankEvent = { ...lost, id: 'r-2', kind: 'battery_stale' };
const started: BankEvent = { id: 'r-3', kind: 'gateway_started', text: 'starts', beganAtMs: 5, endedAtMs: 5 };

function office() {
  const time = crankedClock();
  const writes: string[] = [];
  const file = {
    keep: (events: readonly BankEvent[]) => void writes.push(events.map(({ id }) => id).join()),
    settled: async () => {},
  };
  // Nothing goes wrong here that it would tell.
  const part = lastingPart('events.json', { clock: time.clock, log: {} as Log }, file);
  /** The bank speaks each second. */
  const seconds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      time.until(time.clock() + 1000);
      // What is in it does not matter to the part.
      part.state?.({} as BankState);
    }
  };
  return { part, writes, seconds };
}

describe('what lasts', () => {
  test('is written when it begins and when it is over, and what is a moment is not', () => {
    const { part, writes } = office();
    part.open?.([lost]);
    for (const event of [stale, started, { ...lost, endedAtMs: 9 }, { ...stale, endedAtMs: 9 }])
      part.event?.(event);
    expect(writes).toEqual(['r-1', 'r-1,r-2', 'r-2', '']);
  });

  test('is written every ten minutes, so that a power cut leaves when it was last there, and nothing is for nothing', () => {
    const { part, writes, seconds } = office();
    part.event?.(lost);
    for (let i = 0; i < 100; i++) part.event?.({ ...lost, peak: { quantity: 'data_age_s', value: i } });
    seconds(3600);
    expect(writes).toEqual(Array(7).fill('r-1'));
    part.event?.({ ...lost, endedAtMs: 9 });
    seconds(3600);
    expect(writes).toHaveLength(8);
  });

  test('is written as it is when the gateway ends', async () => {
    const { part, writes } = office();
    part.open?.([lost]);
    await part.end?.();
    expect(writes).toEqual(['r-1', 'r-1']);
  });
});
