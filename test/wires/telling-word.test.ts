// What the page says an inverter is told is what goes over its wire.
import { describe, expect, test } from 'vitest';
import { loadProfile } from '../../src/config/profile-files.ts';
import { currentsOf, theHouse } from './house.ts';

const SILENT_FROM_MS = 30_000;

function walked(onCan?: ReturnType<typeof loadProfile>) {
  const house = theHouse(onCan && { onCan });
  const rungs: {
    readonly ageMs: number;
    readonly can: string;
    readonly frames: number;
    readonly a: number;
  }[] = [];
  const look = (ageMs: number) => {
    const nowMs = house.clock();
    const frames = house.framesSince(nowMs - 1500);
    const limits = house.frame(0x351, nowMs - 1500);
    rungs.push({
      ageMs,
      can: house.can.telling(nowMs),
      frames: frames.length,
      a: limits ? currentsOf(limits)[0] : -1,
    });
  };
  return { house, rungs, look };
}

describe('the word for what an inverter is told', () => {
  test('is nothing yet until there is a bank, and until one that asks has asked', () => {
    const { house } = walked();
    house.until(500);
    expect(house.can.telling(house.clock())).toBe('nothing yet');
    house.speakUntil(4000);
    expect(house.can.telling(house.clock())).toBe('the truth');
    expect(house.modbus.telling(house.clock())).toBe('nothing yet');
    house.modbus.hearing.heard(house.clock());
    house.poll(0x0100, 1);
    expect(house.modbus.telling(house.clock())).toBe('the truth');
  });

  test('follows the ladder as the frames do', () => {
    const { house, rungs, look } = walked();
    house.speakUntil(SILENT_FROM_MS);
    for (const ageMs of [3000, 10_000, 14_000, 20_000, 40_000, 70_000]) {
      house.until(SILENT_FROM_MS + ageMs);
      look(ageMs);
    }
    expect(rungs.map(({ can }) => can)).toEqual([
      'the truth',
      'last values',
      'last values',
      'stale',
      'stale',
      'holds zero',
    ]);
    const [fresh] = rungs;
    for (const { can, a, frames } of rungs) {
      expect(frames).toBeGreaterThan(0);
      if (can === 'last values') expect(a).toBe(fresh?.a);
      if (can === 'holds zero') expect(a).toBe(0);
    }
  });

  test('is silence where the profile falls silent when the bank is lost, and there is no frame then', () => {
    const { house, rungs, look } = walked(loadProfile('victron'));
    house.speakUntil(SILENT_FROM_MS);
    house.until(SILENT_FROM_MS + 70_000);
    look(70_000);
    expect(rungs).toEqual([{ ageMs: 70_000, can: 'silence', frames: 0, a: -1 }]);
  });

  test('is silence while what the profile requires is not known', () => {
    const { house } = walked();
    house.speakUntil(6000);
    house.modbus.hearing.heard(house.clock());
    expect(house.poll(0x0100, 1)).toBeDefined();
    house.evaluation.stop();
    house.until(house.clock() + 10_000);
    // Past its moment the image is told to nobody.
    expect(house.poll(0x0100, 1)).toBeUndefined();
    expect(house.modbus.telling(house.clock())).toBe('silence');
    expect(house.can.telling(house.clock())).toBe('silence');
  });
});
