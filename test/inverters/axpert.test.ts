import { describe, expect, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { axpert, type Header, OWN } from './axpert.ts';
import { expectTheLadder, type Tamper, theModbusRoom } from './modbus-room.ts';

const roomOf = (firmware: Header = 'words16', read_header: Header = firmware, tamper?: Tamper) =>
  theModbusRoom('voltronic-rs485', (ask) => axpert(ask, firmware), {
    settings: { read_header },
    ...(tamper && { tamper }),
  });

describe('a Voltronic Axpert, which obeys the enable bits alone', () => {
  test.each<Header>(['words16', 'bytes16', 'bytes8'])(
    'with lengths in %s goes the whole ladder; once the bank is lost it misses its BMS, and nothing else',
    (header) => {
      const room = roomOf(header);
      const { lastTrueMs, backMs } = expectTheLadder(room, OWN, 1000);
      expect(room.whys()).toEqual(['BMS communication lost']);
      for (const { atMs } of room.inverter.trips) {
        expect(atMs).toBeGreaterThan(lastTrueMs + 60_000);
        expect(atMs).toBeLessThan(backMs);
      }
    },
  );

  test.each<[Header, Header]>([
    ['words16', 'bytes8'],
    ['bytes16', 'words16'],
    ['bytes8', 'words16'],
  ])('with lengths in %s does not understand a battery that sends %s', (firmware, sends) => {
    const room = roomOf(firmware, sends);
    room.speaking(10);
    expect(room.whys()).toEqual(['a length that it does not understand']);
  });

  test('charges no more when one of its packs forbids it, and goes on discharging', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(20, () => reading({ chargeFet: false }));
    expect(room.allows()).toEqual({ ...OWN, chargeA: 0 });
    expect(room.whys()).toEqual([]);
  });

  test('is asked for charge when the bank is empty, and no longer when its data is old', () => {
    const room = roomOf();
    room.speaking(10);
    room.speaking(60, () => reading({ cellV: 2.9, socPct: 2, remainingCapacityAh: 2 }));
    expect(room.inverter.asksForCharge()).toBe(true);
    room.silent(20);
    expect(room.inverter.asksForCharge()).toBe(false);
  });

  test.each<[string, Tamper]>([
    [
      'a charge voltage that cannot be',
      (answer, asked) => (asked[2] === 0x70 ? answer.slice().fill(0, 3, 5) : answer),
    ],
    [
      'a sensor that cannot be',
      (answer, asked) => (asked[2] === 0x10 ? answer.slice().fill(0, 3 + 2 * 0x16, 5 + 2 * 0x16) : answer),
    ],
    ['two currents at once', (answer, asked) => (asked[2] === 0x30 ? answer.slice().fill(1, 3, 7) : answer)],
  ])('would trip on %s', (why, tamper) => {
    const room = roomOf('words16', 'words16', tamper);
    room.speaking(10);
    expect(room.whys()).toContain(why);
  });
});
