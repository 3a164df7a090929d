import { describe, expect, test } from 'vitest';
import { newLedger } from '../../src/events/ledger.ts';
import { watchClock } from '../../src/office/clock-watch.ts';

const at = (text: string): number => Date.parse(text);

/** A house whose wall clock a test sets; the monotonic one goes on two seconds from look to look. */
function clocks(wall: string) {
  const said: string[] = [];
  let nowMs = 1000;
  let wallMs = at(wall);
  const ledger = newLedger('run', ({ kind, text, endedAtMs, beganAtMs }) =>
    said.push(`${kind}${endedAtMs !== undefined && endedAtMs > beganAtMs ? ' over' : `: ${text}`}`),
  );
  const look = watchClock({ ledger, clock: () => nowMs }, () => wallMs);
  return {
    said,
    look(setTo?: string) {
      nowMs += 2000;
      wallMs = setTo === undefined ? wallMs + 2000 : at(setTo);
      look();
    },
  };
}

describe('the clock of the machine', () => {
  test('that goes as it should is no news, also where it is slewed by a few milliseconds each second', () => {
    const { look, said } = clocks('2026-11-28T12:00:00Z');
    look();
    look('2026-11-28T12:00:04.900Z');
    look('2026-11-28T12:00:09.800Z');
    look('2026-11-28T12:00:14.700Z');
    expect(said).toEqual([]);
  });

  test('that is set is said once, with how far and which way', () => {
    const { look, said } = clocks('2026-11-28T12:00:00Z');
    look();
    look('2026-11-28T14:03:04Z');
    look();
    look('2026-11-28T14:02:26Z');
    expect(said).toEqual([
      'clock_stepped: the clock was set forward by 2 h 3 min',
      'clock_stepped: the clock was set back by 42 s',
    ]);
  });

  test('of a board that does not know the date is said once, and once when it was set', () => {
    const { look, said } = clocks('1970-01-01T00:00:10Z');
    look();
    look();
    look('2026-11-28T12:00:00Z');
    look();
    expect(said).toEqual([
      'clock_wrong: the clock says 1970-01-01, which cannot be: all dates of logs and history are wrong until it is set; see `timedatectl`',
      'clock_stepped: the clock was set forward by 20785 d 11 h',
      'clock_wrong over',
    ]);
  });
});
