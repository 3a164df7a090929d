// Seeded noise for decoders: random bytes, and true frames of the family with some of their bytes changed, in random pieces.
import type { BmsDriver, Dialect } from '../../src/bms/driver.ts';
import { type Heard, hear, hearLast, nothingHeard } from '../../src/bms/listener.ts';
import { dialectIn } from '../../src/bms/transcript.ts';
import { captured, capturesOf } from './captures.ts';
import { exchangesOf } from './exchanges.ts';

/** A small generator of the known kind (mulberry32): the same numbers for the same seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomFrom>;

/** What the captures of a family hold: each notification, each request (a wire may echo it), each whole answer. */
export const truePieces = (driver: BmsDriver): Uint8Array[] =>
  capturesOf(driver.id).flatMap((name) => {
    const { entries } = captured(name);
    const answers = exchangesOf(dialectIn(driver, entries), entries).map(({ answer }) => answer);
    return [...entries.map(({ bytes }) => bytes), ...answers];
  });

const noise = (random: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));

/** A true piece, most often with a byte or two of it changed, a part of it lost or repeated. */
function bent(random: Random, piece: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(piece);
  for (let n = random(3); n > 0 && bytes.length > 0; n--) bytes[random(bytes.length)] = random(256);
  const kind = random(6);
  if (kind === 0) return bytes.subarray(random(bytes.length + 1));
  if (kind === 1) return bytes.subarray(0, random(bytes.length + 1));
  return kind === 2 ? Uint8Array.of(...bytes, ...bytes) : bytes;
}

export interface Survived {
  readonly bytes: number;
  readonly parts: number;
  readonly longestRest: number;
  /** Answers with a number that is none, in what they tell or teach. */
  readonly unreal: number;
}

const isUnreal = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(isUnreal);

/** Tells a dialect so many bytes; throws what its decoder throws. */
export function tellNoise(
  dialect: Dialect,
  pieces: readonly Uint8Array[],
  bytes: number,
  seed: number,
): Survived {
  const random = randomFrom(seed);
  const requests = [undefined, ...dialect.requests({}).map((request) => request.bytes)];
  let heard: Heard = nothingHeard;
  const survived = { bytes: 0, parts: 0, longestRest: 0, unreal: 0 };
  while (survived.bytes < bytes) {
    const true_ = pieces[random(pieces.length)];
    const piece = true_ && random(3) > 0 ? bent(random, true_) : noise(random, random(60));
    const listening = { dialect, request: requests[random(requests.length)] };
    const hearing = hear(listening, heard, piece, survived.bytes);
    const last =
      random(20) === 0 ? hearLast(listening, hearing.heard) : { answers: [], heard: hearing.heard };
    heard = last.heard;
    for (const { value } of [...hearing.answers, ...last.answers]) {
      if (value.kind === 'part') survived.parts++;
      if (isUnreal(value)) survived.unreal++;
    }
    survived.longestRest = Math.max(survived.longestRest, heard.rest.length);
    survived.bytes += piece.length;
  }
  return survived;
}

export const dialectsOf = (
  drivers: readonly BmsDriver[],
): readonly (readonly [string, BmsDriver, Dialect])[] =>
  drivers.flatMap((driver) =>
    driver.dialects.map((dialect) => [`${driver.id} ${dialect.id}`, driver, dialect] as const),
  );
