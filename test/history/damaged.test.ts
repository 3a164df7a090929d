// A history whose file was damaged while the gateway was off, in any of many ways.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, type TestContext, test } from 'vitest';
import { EIGHT, MINUTE_MS, Room } from './room.ts';

const HEADER_BYTES = 100;
const PAGE_BYTES = 1024;
/** What a person can do something about. */
const WHAT_TO_DO =
  /is (not a history of bmsgate|a history of version -?\d+, .*); move it away or name another file$/;

/** Says so of what was damaged and is only read. */
const TOLD_TO_READERS = /is damaged; a gateway that runs moves it aside/;

/** What was written is there, or a reader is told why not. */
function isRead(room: Room): boolean {
  try {
    const minutes = Object.keys(room.minutes()).map(Number);
    return minutes.includes(EIGHT + 61) && room.events().some(({ id }) => id === 'r-2');
  } catch (error) {
    return TOLD_TO_READERS.test(String(error));
  }
}

/** An hour of a history, and what becomes of it when its file is found like this. */
function house(context: TestContext) {
  const room = new Room(context);
  room.event({ id: 'r-1' });
  room.runs(60 * MINUTE_MS);
  room.ends();
  const whole = readFileSync(room.path);
  const start = room.atMs;
  const folder = dirname(room.path);
  return {
    whole,
    /** True when it is kept on, moved aside for a new one, or left alone with a sentence that says what to do. */
    goesOn(found: Buffer): boolean {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      writeFileSync(room.path, found);
      room.said.length = 0;
      room.atMs = start;
      room.restarts('killed');
      room.event({ id: 'r-2' });
      room.runs(2 * MINUTE_MS + 10_000);
      room.ends();
      if (room.said.some((text) => WHAT_TO_DO.test(text))) return true;
      const isMoved = readdirSync(folder).some((name) => name.includes('.corrupt-'));
      return (room.said.length === 0 || isMoved) && isRead(room);
    },
  };
}

describe('a history whose file is damaged', () => {
  test('in any byte of its header goes on, or says what to do', (context) => {
    const { whole, goesOn } = house(context);
    const stopped: string[] = [];
    for (let at = 0; at < HEADER_BYTES; at++)
      for (const value of [0, 3, 0xff].filter((byte) => byte !== whole[at])) {
        const found = Buffer.from(whole);
        found[at] = value;
        if (!goesOn(found)) stopped.push(`${value} at ${at}`);
      }
    expect(stopped).toEqual([]);
  });

  test('in whole pages goes on', (context) => {
    const { whole, goesOn } = house(context);
    const pages = whole.length / PAGE_BYTES;
    const damage = fc.record({
      page: fc.nat(pages - 1),
      at: fc.nat(PAGE_BYTES - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: PAGE_BYTES }),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 5 }), (all) => {
        const found = Buffer.from(whole);
        for (const { page, at, bytes } of all)
          found.set(bytes.subarray(0, PAGE_BYTES - at), page * PAGE_BYTES + at);
        expect(goesOn(found)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('in the page of its tables goes on', (context) => {
    const { whole, goesOn } = house(context);
    fc.assert(
      fc.property(fc.integer({ min: HEADER_BYTES, max: 4 * PAGE_BYTES }), fc.nat(255), (at, value) => {
        const found = Buffer.from(whole);
        found[at] = value;
        expect(goesOn(found)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('and cut off anywhere goes on', (context) => {
    const { whole, goesOn } = house(context);
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        expect(goesOn(whole.subarray(0, length))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
