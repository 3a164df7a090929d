// What the ear says reaches the bank only as samples of its batteries, and the log only as often as a person reads.
import { describe, expect, test } from 'vitest';
import { calmly } from '../../src/wires/calm.ts';
import { takeReports } from '../../src/wires/reports.ts';
import type { Said } from '../../src/wires/said.ts';
import { reading } from '../bank/room.ts';
import { theHouse } from './house.ts';
import { mute } from './lines.ts';

/** A house whose ear may say anything. */
function hearing() {
  const house = theHouse({ startMs: 1000 });
  const log: Said[] = [];
  const hear = takeReports(
    () => house.evaluation,
    { clock: house.clock, ledger: mute },
    calmly(house.clock, (line: Said) => log.push(line)),
  );
  return { ...house, hear, log, texts: () => log.map(({ text }) => text) };
}

describe('an ear that has gone mad', () => {
  test('is told of, and the wires go on', () => {
    const { hear, texts, until, speak, poll } = hearing();
    speak();
    for (const alarms of [5, 'abc', {}, ['no_such_alarm']])
      hear({ type: 'sample', battery: 'a', atMs: 1000, reading: { ...reading(), alarms } });
    hear('abc');
    hear({ type: 'toString' });
    until(3000);
    expect(texts()).toEqual(Array(6).fill('a report of the ear was not understood'));
    expect(poll(0x0100, 1)).toEqual([50]);
  });

  test.each(['z', '__proto__', 'constructor'])('that speaks of a battery `%s` is not believed', (battery) => {
    const { hear, log, clock } = hearing();
    hear({ type: 'sample', battery, atMs: clock(), reading: reading() });
    expect(log).toEqual([
      {
        level: 'warn',
        text: 'frames of a battery were not believed',
        fields: { battery, why: 'sample of no battery of this bank', count: 1 },
      },
    ]);
  });
});

describe('a log that a person reads', () => {
  const MINUTE = 60_000;

  test('has ten lines of a kind in ten minutes, and then how many were withheld', () => {
    const { hear, log, clock, until } = hearing();
    const notice = (volts: number) =>
      hear({ type: 'notice', battery: 'a', text: `the pack reads ${volts} V, its cells add up to 50.1 V` });
    for (let i = 0; i < 300; i++) {
      notice(52 + i / 100);
      until(clock() + 2000);
    }
    expect(log).toHaveLength(10);
    notice(53);
    expect(log.at(-1)?.fields).toMatchObject({ battery: 'a', withheld: 290 });
    until(clock() + 20 * MINUTE);
    notice(53);
    expect(log.at(-1)?.fields).not.toHaveProperty('withheld');
  });

  test('still has what another battery says, and what is said at another level or in other words', () => {
    const { hear, log } = hearing();
    for (let i = 0; i < 50; i++) hear({ type: 'link', battery: 'a', state: 'lost', why: 'out of reach' });
    hear({ type: 'link', battery: 'b', state: 'lost', why: 'out of reach' });
    hear({ type: 'link', battery: 'a', state: 'lost', why: 'the battery closed the link' });
    hear({ type: 'link', battery: 'a', state: 'connected' });
    expect(log).toHaveLength(13);
  });
});
