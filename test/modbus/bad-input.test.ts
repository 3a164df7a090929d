// What is on a line besides good requests, a hundred thousand times: each hidden request is obeyed and answered as the rules say.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerPdu } from '../../src/modbus/pdu.ts';
import { serveRtu } from '../../src/modbus/rtu.ts';
import { feed, idle, newLine } from '../../src/modbus/rtu-framing.ts';
import { type Battery, everyFunctionBattery, hex } from './battery.ts';
import { lineServing } from './line.ts';
import {
  bursts,
  dice,
  flip,
  framed,
  holdsChance,
  OURS,
  type Piece,
  type Stream,
  streams,
  write,
} from './streams.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const STREAMS = 100_000;
const BATCHES = 10;
/** Counted from an answer that left while the line rested. */
const IDLE_MS = 60;
const LONGEST = 256;

/** A battery that does not stand in the way: what it is told it forgets, so that each answer follows from its request alone. */
function forgetful(): Battery {
  const battery = everyFunctionBattery();
  const note = (address: number, values: ArrayLike<number | boolean>): true => {
    battery.written.push(`${address}=${Array.from(values, Number).join()}`);
    return true;
  };
  return {
    ...battery,
    write: note,
    ...(battery.bits && { bits: { ...battery.bits, write: note } }),
  };
}

const writtenBy = (batteries: ReadonlyMap<number, Battery>): string[][] =>
  Array.from(batteries.values(), ({ written }) => written.splice(0));

/** One line for all streams, as an installation has one for years. */
async function longLine() {
  const batteries = new Map(OURS.map((unit) => [unit, forgetful()]));
  const line = await lineServing((ground) =>
    serveRtu({ path: '/dev/rs485', baud: 9600, replyDelay: 0 }, batteries, ground),
  );
  return { ...line, written: () => writtenBy(batteries) };
}

type Line = Awaited<ReturnType<typeof longLine>>;

/** Bytes arrive in pieces; then the line falls silent. */
function tell({ hear, pass }: Line, burst: readonly Piece[], cuts: readonly number[]): void {
  const bytes = Buffer.concat(burst.map((piece) => piece.bytes));
  for (let at = 0, read = 0; at < bytes.length; read++) {
    const size = cuts[read % cuts.length] ?? 1;
    hear(bytes.subarray(at, at + size));
    at += size;
  }
  pass(IDLE_MS);
}

const pduOf = (frame: Uint8Array) => frame.subarray(1, -2);

const reference = new Map(OURS.map((unit) => [unit, forgetful()]));

/** What the rules want of a burst, by what was put into it. */
function wanted(burst: readonly Piece[]) {
  const frames = burst.filter(({ kind }) => kind !== 'noise' && kind !== 'damaged');
  const answers: string[] = [];
  for (const { bytes, kind } of frames)
    for (const [unit, battery] of reference) {
      if (bytes[0] !== unit && bytes[0] !== 0) continue;
      const answer = answerPdu(battery, pduOf(bytes), kind === 'broadcast');
      if (answer) answers.push(hex(framed(unit, [...answer])));
    }
  return { answers, written: writtenBy(reference), lastIsOurs: frames.at(-1)?.kind === 'ours' };
}

const isPartOf = (some: readonly string[], all: readonly string[]): boolean => {
  let at = 0;
  for (const one of some) {
    at = all.indexOf(one, at) + 1;
    if (at === 0) return false;
  }
  return true;
};

const told = { hidden: 0, answered: 0, written: 0, chances: 0, longest: 0 };

function holds(line: Line, { pieces, cuts }: Stream): void {
  for (const burst of bursts({ pieces, cuts })) {
    tell(line, burst, cuts);
    const said = line.said();
    const written = line.written();
    for (const frame of said) told.longest = Math.max(told.longest, frame.length);
    const heard = said.map(hex);
    const { answers, written: expected, lastIsOurs } = wanted(burst);
    told.hidden += answers.length;
    told.answered += heard.length;
    told.written += written.flat().length;
    // A master that asks again before it was answered hears the newer answer alone, hence a part; the last one is never left out.
    const isRight =
      isPartOf(heard, answers) &&
      (!lastIsOurs || heard.at(-1) === answers.at(-1)) &&
      JSON.stringify(written) === JSON.stringify(expected);
    if (isRight) continue;
    expect(holdsChance(burst), 'a request was missed, or something done that nobody asked for').toBe(true);
    told.chances++;
  }
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heapKB(): number {
  collect();
  return process.memoryUsage().heapUsed / 1024;
}

describe('random traffic', { timeout: 300_000 }, () => {
  test(`${STREAMS} streams: every hidden request is obeyed and answered as the rules say, and memory stays flat`, async () => {
    const line = await longLine();
    const heapsKB: number[] = [];
    for (let batch = 1; batch <= BATCHES; batch++) {
      fc.assert(
        fc.property(streams, (stream) => holds(line, stream)),
        { seed: batch, numRuns: STREAMS / BATCHES },
      );
      heapsKB.push(heapKB());
    }
    console.log(JSON.stringify({ ...told, heapsKB: heapsKB.map(Math.round), ...line.link.counters }));
    // Of 65536 pieces of noise that look like a frame one has the right CRC.
    expect(told.chances).toBeLessThan(told.hidden / 10_000);
    expect(told.longest).toBeLessThanOrEqual(LONGEST);
    expect(told.answered).toBeGreaterThan(told.hidden / 3);
    expect((heapsKB.at(-1) ?? 0) - (heapsKB[1] ?? 0)).toBeLessThan(2048);
  });
});

const WRITES = 200;
const writing = new Set([5, 6, 15, 16, 22, 23]);

/** The writes that are taken out of these bytes, once the line has fallen silent. */
function obeyed(bytes: Uint8Array): Uint8Array[] {
  const line = newLine(new Set(OURS));
  return [...feed(line, bytes), ...idle(line)]
    .map(({ pdu }) => pdu)
    .filter(([fcode = 0]) => writing.has(fcode));
}

describe(`${WRITES} writes`, { timeout: 300_000 }, () => {
  const roll = dice(2026);
  const frames = Array.from({ length: WRITES }, (_, i) => framed([1, 1, 2, 0][i % 4] ?? 1, write(roll)));

  test('of which one bit or any two are flipped: none is obeyed, not even a part of it', () => {
    let flipped = 0;
    const seen: string[] = [];
    for (const frame of frames) {
      expect(obeyed(frame)).toHaveLength(1);
      const bits = 8 * frame.length;
      for (let one = 0; one < bits; one++) {
        flip(frame, one);
        for (let other = one; other < bits; other++) {
          if (other > one) flip(frame, other);
          if (obeyed(frame).length > 0) seen.push(hex(frame));
          if (other > one) flip(frame, other);
          flipped++;
        }
        flip(frame, one);
      }
    }
    console.log(`${flipped} damaged writes`);
    expect(seen).toEqual([]);
  });

  test('of which one bit is flipped, each with a good write right behind: that alone is obeyed', () => {
    const good = framed(1, [6, 0x01, 0x80, 0, 7]);
    const all = { tried: 0, missed: 0 };
    for (const frame of frames)
      for (let bit = 0; bit < 8 * frame.length; bit++) {
        flip(frame, bit);
        all.tried++;
        const heard = obeyed(Buffer.concat([frame, good])).map(hex);
        if (heard.length === 0) {
          all.missed++;
          const burst: Piece[] = [
            { kind: 'damaged', bytes: frame },
            { kind: 'ours', bytes: good },
          ];
          expect(holdsChance(burst)).toBe(true);
        } else expect(heard).toEqual(['06 01 80 00 07']);
        flip(frame, bit);
      }
    console.log(JSON.stringify(all));
    expect(all.missed).toBeLessThan(all.tried / 4000);
  });

  test('of the longest, 255 bytes, with any bit and 5000 pairs of bits flipped, none is obeyed', () => {
    const frame = framed(1, [16, 0x01, 0x80, 0, 123, 246, ...Array.from({ length: 246 }, () => roll(256))]);
    const bits = 8 * frame.length;
    expect([frame.length, obeyed(frame).length]).toEqual([255, 1]);
    for (let i = 0; i < bits + 5000; i++) {
      const one = i < bits ? i : roll(bits);
      const other = i < bits ? undefined : (one + 1 + roll(bits - 1)) % bits;
      flip(frame, one);
      if (other !== undefined) flip(frame, other);
      expect(obeyed(frame)).toEqual([]);
      if (other !== undefined) flip(frame, other);
      flip(frame, one);
    }
  });
});
