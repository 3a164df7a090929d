// What is only worth noting fails: nobody's inverter may notice.
import { expect, test } from 'vitest';
import type { Evaluation } from '../../src/bank/memory.ts';
import type { TapePiece } from '../../src/blackbox/tape.ts';
import { newLedger } from '../../src/events/ledger.ts';
import { watchBank } from '../../src/events/watch-bank.ts';
import { apart } from '../../src/wires/apart.ts';
import { openDiary } from '../../src/wires/diary.ts';
import { openTape } from '../../src/wires/tape.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';

const state: Evaluation = once(bankOf([[pack('a')]]), { a: reading() });

test('a tape that its office cannot take is said once, holds nothing back, and goes on when it can', () => {
  const time = crankedClock();
  const said: string[] = [];
  const pieces: TapePiece[] = [];
  let works = false;
  const tape = openTape({
    clock: time.clock,
    after: time.after,
    isWatched: () => false,
    send(piece) {
      if (!works) throw new Error('could not be cloned');
      pieces.push(piece);
      return true;
    },
    now: () => ({ samples: {}, left: {} }),
    say: (text) => said.push(text),
  });
  const seconds = (count: number) => {
    for (let i = 0; i < count; i++) {
      tape.sampled('a', { atMs: time.clock(), reading: reading() });
      tape.evaluated(state, {});
      time.until(time.clock() + 1000);
    }
  };
  seconds(300);
  expect(said).toEqual([
    expect.stringMatching(/^the black box failed, inverters are served as before: could not be cloned;/),
  ]);
  works = true;
  seconds(3);
  expect(pieces.length).toBeGreaterThan(0);
  // Only what is new, and its number says that something is missing.
  expect(pieces[0]?.entries.length).toBeLessThan(5);
  expect(pieces[0]?.number).toBeGreaterThan(500);
});

test('an output whose memory cannot be told costs its start on the tape, and nothing else', () => {
  const time = crankedClock();
  const tape = openTape({
    clock: time.clock,
    after: time.after,
    isWatched: () => false,
    send: () => true,
    now: () => {
      throw new Error('no memory');
    },
    say: () => {},
  });
  expect(() => tape.evaluated(state, {})).not.toThrow();
});

test('a bank that nobody can put into words is evaluated and told all the same', () => {
  const said: string[] = [];
  const look = apart('events', (text) => said.push(text))(watchBank(newLedger('run', () => {})));
  // Nothing that an evaluation gives; one that was kept on a broken card might.
  const broken = { ...state, notices: undefined } as unknown as Evaluation;
  look(broken);
  look(broken);
  expect(said).toHaveLength(1);
});

test('an event that cannot be sent on is in the ledger, and whoever told it goes on', () => {
  const said: string[] = [];
  const log = {
    error: (text: string) => said.push(text),
    child: () => ({ notice: () => {}, error: () => {} }),
  };
  const diary = openDiary(
    () => 0,
    // Of the log only this is used.
    log as unknown as Parameters<typeof openDiary>[1],
    () => {
      throw new Error('no channel');
    },
  );
  diary.ledger.hold('wire can0', [{ kind: 'wire_down', subject: 'can0', text: 'can0 is down' }], 0);
  expect(diary.ledger.open().map(({ text }) => text)).toEqual(['can0 is down']);
  expect(() => diary.look()).not.toThrow();
  expect(said).toEqual([expect.stringContaining('no channel')]);
});
