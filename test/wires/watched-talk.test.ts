import { describe, expect, test } from 'vitest';
import type { TapePiece } from '../../src/blackbox/tape.ts';
import { openTape } from '../../src/wires/tape.ts';
import { watchedTalk } from '../../src/wires/watched-talk.ts';
import { crankedClock } from '../can/clock.ts';

function watched() {
  const time = crankedClock(0);
  const pieces: TapePiece[] = [];
  const talk = watchedTalk({
    clock: time.clock,
    after: time.after,
    send: (piece) => pieces.push(piece) > 0,
    say: (text) => expect.fail(text),
  });
  const ask = (times = 1) => {
    for (let i = 0; i < times; i++)
      talk.tape.asked(time.clock(), 'ems', {
        unit: 1,
        request: Uint8Array.of(3, 1, 0, 0, 2),
        reply: Uint8Array.of(3, 4, 0, 1, 0, 2),
      });
  };
  return { ...talk, ask, time, pieces };
}

describe('what goes over the wires', () => {
  test('is not written down while nobody watches: no timer, no copy, no message', () => {
    const { ask, time, pieces } = watched();
    ask(1000);
    time.until(60_000);
    expect(pieces).toEqual([]);
  });

  test('goes to the office once a second while somebody watches, and ends with that', () => {
    const { ask, time, pieces, watch } = watched();
    watch(true);
    ask(2);
    time.until(1000);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.entries.map(([kind]) => kind)).toEqual(['modbus', 'modbus']);
    watch(false);
    ask();
    time.until(60_000);
    expect(pieces).toHaveLength(1);
  });

  test('of a bus full of others is counted too; what we say ourselves is all there', () => {
    const { tape, time, pieces, watch } = watched();
    watch(true);
    const frame = { id: 0x305, extended: false, data: new Uint8Array(8) };
    for (let i = 0; i < 1000; i++) {
      tape.frame(time.clock(), 'can0', '<', frame);
      tape.frame(time.clock(), 'can0', '>', frame);
    }
    time.until(1000);
    const ways = pieces.flatMap(({ entries }) =>
      entries.map((entry) => (entry[0] === 'frame' ? entry[3] : '')),
    );
    expect(ways.filter((way) => way === '>')).toHaveLength(1000);
    expect(ways.filter((way) => way === '<')).toHaveLength(200);
  });

  test('in a codec is told as whole telegrams, and not once more as their contents', () => {
    const { tape, time, pieces, watch } = watched();
    watch(true);
    const [request, reply] = [Uint8Array.of(0x7e, 0x0d), Uint8Array.of(0x7e, 1, 0x0d)];
    tape.codec(time.clock(), 'far', { ask: 0x61, address: 2, content: Uint8Array.of(1) });
    tape.telegram(time.clock(), 'far', 2, () => ({ request, reply }));
    time.until(1000);
    expect(pieces.flatMap(({ entries }) => entries)).toEqual([['telegram', 0, 'far', 2, request, reply]]);
  });

  test('in a codec is not even put into bytes while nobody watches', () => {
    const { tape, time, watch } = watched();
    const unwanted = () => expect.fail('made for nobody');
    tape.telegram(time.clock(), 'far', 2, unwanted);
    watch(true);
    watch(false);
    tape.telegram(time.clock(), 'far', 2, unwanted);
  });

  test('in a codec is told beside a black box too, and costs nothing while nobody watches', () => {
    const time = crankedClock(0);
    const pieces: TapePiece[] = [];
    let isWatched = false;
    const tape = openTape({
      clock: time.clock,
      after: time.after,
      send: (piece) => pieces.push(piece) > 0,
      say: (text) => expect.fail(text),
      now: () => expect.fail('no start is due'),
      isWatched: () => isWatched,
    });
    const [request, reply] = [Uint8Array.of(0x7e, 0x0d), Uint8Array.of(0x7e, 1, 0x0d)];
    tape.telegram(1, 'far', 2, () => expect.fail('made for nobody'));
    isWatched = true;
    tape.telegram(2, 'far', 2, () => ({ request, reply }));
    tape.stop();
    expect(pieces.flatMap(({ entries }) => entries)).toEqual([['telegram', 2, 'far', 2, request, reply]]);
  });

  test('of a master that asks more than anybody reads is counted', () => {
    const { ask, time, pieces, watch } = watched();
    watch(true);
    ask(5000);
    time.until(1000);
    const entries = pieces.flatMap((piece) => piece.entries);
    expect(entries.filter(([kind]) => kind === 'modbus')).toHaveLength(200);
    expect(entries.at(-1)).toEqual(['skipped', 1000, 4800]);
  });
});
