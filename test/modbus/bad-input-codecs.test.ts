// The other protocols of a serial line under the same traffic: each hidden question is heard, in order, and nothing else.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serveAscii } from '../../src/modbus/ascii.ts';
import type { CodecBattery } from '../../src/modbus/codec-battery.ts';
import { serveKostal } from '../../src/modbus/kostal.ts';
import { asciiText } from '../../src/profile/serial/ascii-frame.ts';
import { kinds, kostalFrame } from '../../src/profile/serial/kostal-frame.ts';
import { lineServing } from './line.ts';
import { dice, flip, noise, type Piece } from './streams.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const STREAMS = 20_000;
const IDLE_MS = 202;

type Dice = ReturnType<typeof dice>;
type Kind = Exclude<Piece['kind'], 'broadcast'>;
type Makers = Record<Exclude<Kind, 'noise' | 'silence' | 'damaged'>, (roll: Dice) => Uint8Array>;

const ascii: Makers = {
  ours: (roll) =>
    Buffer.from(asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2: 0x60 + roll(8), info: '02' }), 'latin1'),
  foreign: (roll) =>
    Buffer.from(
      asciiText({
        ver: '20',
        adr: 3 + roll(9),
        cid1: 0x46,
        cid2: roll(2) ? 0 : 0x61,
        info: 'AB'.repeat(roll(40)),
      }),
      'latin1',
    ),
};

const kostal: Makers = {
  ours: (roll) =>
    kostalFrame({
      kind: roll(3) ? kinds.read : kinds.write,
      content: Uint8Array.of(0x40 + roll(8), roll(3)),
    }),
  foreign: (roll) =>
    kostalFrame({ kind: kinds.told, content: Uint8Array.from({ length: roll(60) }, () => roll(256)) }),
};

/**
 * One bit; more is beyond what these checksums promise. Not that between upper and lower case, which are one to us, and not in
 * the last byte: a frame whose end is lost is one with the next, and the checksum of Kostal has nothing against two together.
 */
function damaged(frame: Uint8Array, roll: Dice): Uint8Array {
  const bent = Uint8Array.from(frame);
  flip(bent, 8 * roll(bent.length - 1) + (roll(2) ? roll(5) : 6 + roll(2)));
  return bent;
}

const pieceOf = (makers: Makers, kind: Kind, roll: Dice): Uint8Array => {
  if (kind === 'silence') return new Uint8Array();
  if (kind === 'noise') return noise(roll);
  return kind === 'damaged' ? damaged(makers.ours(roll), roll) : makers[kind](roll);
};

const streamsOf = (makers: Makers) =>
  fc.tuple(
    fc.array(
      fc
        .tuple(
          fc.constantFrom<Kind>('ours', 'ours', 'foreign', 'noise', 'damaged', 'silence'),
          fc.nat(0xffffffff),
        )
        .map(([kind, seed]) => ({ kind, bytes: pieceOf(makers, kind, dice(seed)) })),
      { minLength: 1, maxLength: 10 },
    ),
    fc.integer({ min: 1, max: 40 }),
  );

/** A battery that keeps what it is asked and told. */
function battery() {
  const heard: string[] = [];
  const it: CodecBattery = {
    speaks: () => true,
    answer(ask) {
      heard.push(`asked ${ask}`);
      return Uint8Array.of(ask & 0xff);
    },
    perBattery: new Set(),
    accepts: (code) => heard.push(`told ${code}`) > 0,
  };
  return { heard, it };
}

const settings = { path: '/dev/rs485', baud: 9600, replyDelay: 0 } as const;
const manners = { rtnEcho: false, onBadChecksum: 'silent' } as const;

const protocols = [
  [
    'ASCII of Pylontech',
    ascii,
    (it: CodecBattery, ground: Parameters<typeof serveAscii>[2]) =>
      serveAscii(settings, new Map([[2, { battery: it, ...manners }]]), ground),
  ],
  [
    'binary one of Kostal',
    kostal,
    (it: CodecBattery, ground: Parameters<typeof serveKostal>[2]) => serveKostal(settings, () => it, ground),
  ],
] as const;

test.each(protocols)(
  `of ${STREAMS} streams in the %s each hidden question is heard`,
  async (_, makers, serve) => {
    const { heard, it } = battery();
    const line = await lineServing((ground) => serve(it, ground));
    let hidden = 0;
    fc.assert(
      fc.property(streamsOf(makers), ([pieces, size]) => {
        const before = line.link.counters.requests;
        for (const { kind, bytes } of pieces) {
          for (let at = 0; at < bytes.length; at += size) line.hear(bytes.subarray(at, at + size));
          if (kind === 'silence') line.pass(IDLE_MS);
        }
        line.pass(IDLE_MS);
        const ours = pieces.filter(({ kind }) => kind === 'ours');
        hidden += ours.length;
        expect(line.link.counters.requests - before).toBe(ours.length);
        expect(heard.splice(0)).toHaveLength(ours.length);
        expect(Math.max(0, ...line.said().map(({ length }) => length))).toBeLessThanOrEqual(256);
      }),
      { seed: 3, numRuns: STREAMS },
    );
    console.log(JSON.stringify({ hidden, ...line.link.counters }));
  },
  300_000,
);
