import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resume } from '../../src/bank/evaluate.ts';
import { reading as theReading } from '../bank/room.ts';
import { currentsOf, theHouse } from './house.ts';

const CCL = 0x010a;
const STATUS = 0x0104;
const PERIOD_MS = 1000;

describe('the promise: zero limits 15 s + 10 s + one period after the last true sample', () => {
  test('at 200 random phases of "the BMS falls silent", on both wires, and nothing rises on the way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1999 }), fc.integer({ min: 0, max: 999 }), (lastMs, pollMs) => {
        const house = theHouse();
        house.speak();
        house.until(4000 + lastMs);
        house.speak();
        const saidMs = house.clock();
        house.until(saidMs + pollMs);
        let before = house.poll(CCL, 2);
        expect(before).toEqual([950, 1500]);
        for (let s = 0; s < 25; s++) {
          house.until(house.clock() + PERIOD_MS);
          const now = house.poll(CCL, 2);
          if (!Array.isArray(now) || !Array.isArray(before)) throw new Error('hold answers all the time');
          for (const i of [0, 1]) expect(now[i]).toBeLessThanOrEqual(before[i] ?? 0);
          before = now;
        }
        const edgeMs = saidMs + 25_000 + PERIOD_MS;
        house.until(edgeMs);
        expect(house.poll(CCL, 2)).toEqual([0, 0]);
        const told = house.frame(0x351, edgeMs - PERIOD_MS - 10);
        expect(told && currentsOf(told)).toEqual([0, 0]);
        const all = house.heard.filter((h) => h.frame.id === 0x351).map((h) => currentsOf(h.frame.data));
        all.slice(1).forEach(([charge, discharge], i) => {
          expect(charge).toBeLessThanOrEqual(all[i]?.[0] ?? 0);
          expect(discharge).toBeLessThanOrEqual(all[i]?.[1] ?? 0);
        });
      }),
      { numRuns: 200 },
    );
  }, 300_000);

  test('the stale sign is up at once, the enables go with the limits, and `hold` goes on for hours', () => {
    const house = theHouse();
    house.speak();
    house.until(14_900);
    expect(house.frame(0x359)?.[3]).toBe(0);
    expect(house.frame(0x35c)?.[0]).toBe(0xc0);
    house.until(16_500);
    expect(house.frame(0x359)?.[3]).toBe(0x08);
    expect(house.frame(0x35c)?.[0]).toBe(0xc0);
    expect(house.poll(STATUS, 1)).toEqual([0x0f06]);
    house.until(26_500);
    expect(house.frame(0x35c)?.[0]).toBe(0);
    expect(house.poll(STATUS, 1)).toEqual([0x0f00]);
    const frozen = house.poll(0x0103, 1);
    house.until(3_600_000);
    expect(house.poll(STATUS, 1)).toEqual([0x0f00]);
    expect(house.poll(0x0103, 1)).toEqual(frozen);
    expect(house.poll(0x0106, 1)).toEqual([3600]);
    expect(house.framesSince(3_599_000).map((h) => h.frame.id)).toContain(0x351);
  });

  test('before all packs were heard both wires are silent', () => {
    const house = theHouse();
    house.evaluation.hear('a', { atMs: 0, reading: {} });
    house.until(50_000);
    expect(house.poll(STATUS, 1)).toBeUndefined();
    expect(house.heard).toEqual([]);
  });

  test('coming back: three sets and ten seconds, one beat of "cleared", then flags and 5 A a second', () => {
    const house = theHouse();
    house.speak();
    house.until(40_000);
    house.speakUntil(51_900);
    const signs = house.heard
      .filter((h) => h.frame.id === 0x359 && h.atMs > 40_000)
      .map((h) => h.frame.data[3]);
    expect(signs.slice(0, 10)).toEqual(Array(10).fill(0x08));
    house.speakUntil(60_000);
    const since =
      house.heard.filter((h) => h.frame.id === 0x359 && h.frame.data[3] === 0 && h.atMs > 40_000)[0]?.atMs ??
      0;
    const heardOf = (id: number) => house.heard.filter((h) => h.frame.id === id && h.atMs >= since - 20);
    expect(
      heardOf(0x351)
        .slice(0, 3)
        .map((h) => currentsOf(h.frame.data)[0]),
    ).toEqual([0, 5, 10]);
    expect(
      heardOf(0x35c)
        .slice(0, 2)
        .map((h) => h.frame.data[0]),
    ).toEqual([0, 0xc0]);
  });
});

describe('the evaluation alone stops', () => {
  test('both wires are silent within 3 s and a period, and say so once', () => {
    const house = theHouse();
    house.speak();
    house.until(5300);
    house.evaluation.stop();
    house.until(5300 + 3000 + PERIOD_MS);
    const quietFromMs = house.clock();
    expect(house.poll(STATUS, 1)).toBeUndefined();
    house.until(60_000);
    expect(house.framesSince(quietFromMs)).toEqual([]);
    const said = house.log.filter((c) => c.fields.why === 'out of date');
    expect(said.map((c) => c.fields.inverter).toSorted()).toEqual(['ems', 'house']);
  });
});

describe('a restart while lost', () => {
  test('`hold` goes on at the true age on both wires', () => {
    const before = theHouse();
    before.speak();
    before.until(70_000);
    const state = before.evaluation.state();
    if (!state) throw new Error('an evaluation was made');
    const stored = JSON.parse(JSON.stringify(state));
    const after = theHouse({ startMs: 73_000, stored: resume(stored, 73_000) });
    after.until(75_000);
    expect(after.poll(0x0106, 1)).toEqual([75]);
    expect(after.poll(CCL, 2)).toEqual([0, 0]);
    expect(after.frame(0x359)?.[3]).toBe(0x08);
  });
});

describe('what cannot wait', () => {
  test('a protection is on the bus within 20 ms, and the rhythm goes on', () => {
    const house = theHouse();
    house.speak();
    house.until(5500);
    house.evaluation.hear('a', {
      atMs: 5499,
      reading: { ...theReading(), alarms: ['short_circuit'] },
    });
    house.until(5520);
    const told = house.frame(0x351, 5500);
    expect(told && currentsOf(told)).toEqual([0, 0]);
    expect(house.frame(0x359, 5500)?.[1]).toBe(0x08);
  });
});

describe('the other direction', () => {
  test('an inverter whose keep-alive stops is told as silent after a minute, and as back', () => {
    const house = theHouse();
    house.speak();
    house.until(1000);
    house.inverterSays(0x305, Array(8).fill(0));
    house.until(62_000);
    house.can.hearing.judge(house.clock());
    house.inverterSays(0x305, Array(8).fill(0));
    const said = house.log
      .filter((c) => c.text.startsWith('inverter ') && !('why' in c.fields))
      .map((c) => c.text);
    expect(said.filter((t) => !t.includes('is told'))).toEqual([
      'inverter heard',
      'inverter silent',
      'inverter back',
    ]);
  });

  test('a master that stops changing its heartbeat raises the fault after a minute', () => {
    const house = theHouse();
    house.modbus.slave.write(0x0180, Uint16Array.of(7));
    expect(house.modbus.faults(60_000)).toEqual([]);
    expect(house.modbus.faults(60_001)).toEqual(['inverter_heartbeat_lost']);
  });
});
