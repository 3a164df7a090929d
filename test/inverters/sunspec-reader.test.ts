import { describe, expect, test } from 'vitest';
import { expectTheLadder, type Tamper, theModbusRoom } from './modbus-room.ts';
import { NOTHING, WELL } from './room.ts';
import { sunspecReader } from './sunspec-reader.ts';

const roomOf = (tamper?: Tamper) => theModbusRoom('sunspec-802', sunspecReader, tamper ? { tamper } : {});
/** One point of the model by its offset. */
const point =
  (offset: number, word: number): Tamper =>
  (answer, asked) => {
    if (asked[4] !== 64) return answer;
    const copy = answer.slice();
    new DataView(copy.buffer).setUint16(2 + 2 * offset, word);
    return copy;
  };

describe('an energy manager that reads SunSpec', () => {
  test('goes the whole ladder, is always answered, and never sees a fault', () => {
    const room = roomOf();
    expectTheLadder(room, WELL, 1000);
    expect(room.whys()).toEqual([]);
    expect(room.inverter.socPct()).toBe(50);
  });

  test('sees that the battery is lost by the event at once and by the heartbeat a little later', () => {
    const room = roomOf();
    room.speaking(10);
    expect(room.inverter.lost()).toBe(false);
    room.silent(16);
    expect(room.inverter.lost()).toBe(true);
    room.silent(300);
    expect([room.inverter.lost(), room.allows()]).toEqual([true, NOTHING]);
    room.speaking(60);
    expect([room.inverter.lost(), room.allows()]).toEqual([false, WELL]);
  });

  test('by its heartbeat alone too, should its eyes be closed to events', () => {
    const room = roomOf(point(27, 0));
    room.speaking(10);
    room.silent(25);
    expect(room.inverter.lost()).toBe(true);
  });

  test('is itself missed a minute after its heartbeat stopped', () => {
    const room = roomOf();
    room.speaking(10);
    expect(room.house.modbus.faults(room.now() + 55_000)).toEqual([]);
    expect(room.house.modbus.faults(room.now() + 61_000)).toEqual(['inverter_heartbeat_lost']);
  });

  test.each<[string, Tamper]>([
    ['a model of another length', point(1, 60)],
    ['a voltage that is not implemented', point(34, 0xffff)],
    ['a scale factor that is none', point(59, 0x8000)],
    ['a state of charge above 100 %', point(11, 10_100)],
    ['no SunSpec marker', (answer, asked) => (asked[4] === 2 ? answer.slice().fill(0, 2) : answer)],
    ['a fault', point(22, 99)],
  ])('would trip on %s', (why, tamper) => {
    const room = roomOf(tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });
});
