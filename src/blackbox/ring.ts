// The last minutes of the tape, packed small: a text repeats itself, and takes a fraction of its memory deflated.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { lineOf, type ServedInverter, type TapeEntry, type TapePiece } from './tape.ts';

export interface RingOptions {
  /** How far back it reaches, ms: at least, as long as there is room. */
  readonly spanMs: number;
  /** How much it may hold, deflated. */
  readonly mostBytes: number;
  /** As the gateway began. */
  readonly inverters: readonly ServedInverter[];
}

/** A stretch of tape that can be played by itself: it begins with a start, and nothing is missing in it. */
export interface Stretch {
  readonly fromMs: number;
  /** Which profiles were in force at its beginning. */
  readonly inverters: readonly ServedInverter[];
  /** Its texts, piece by piece; each is whole lines. */
  readonly texts: () => Generator<string>;
}

export interface Ring {
  readonly take: (piece: TapePiece) => void;
  /** From the newest start at or before this moment, else from the first there is; undefined where there is none. */
  readonly since: (atMs: number) => Stretch | undefined;
  readonly bytes: () => number;
  /** How often something was missing, so that it had to begin anew. */
  readonly gaps: () => number;
}

/** So much text is deflated at a time. */
const PACK_CHARS = 65_536;
/** Level 1: the office shares its core with the wires. */
const DEFLATE = { level: 1 };

interface Packed {
  readonly atMs: number;
  /** It can be begun with. */
  readonly isStart: boolean;
  readonly profiles: readonly ServedInverter[];
  readonly bytes: Uint8Array;
}

const unpacked = (bytes: Uint8Array): string => inflateRawSync(bytes).toString('utf8');

const isProfile = (entry: TapeEntry): entry is Extract<TapeEntry, readonly ['profile', ...unknown[]]> =>
  entry[0] === 'profile';

export function newRing({ spanMs, mostBytes, inverters }: RingOptions): Ring {
  const packs: Packed[] = [];
  const inForce = new Map(inverters.map((inverter) => [inverter.id, inverter]));
  let held = 0;
  let gaps = 0;
  let nextNumber: number | undefined;
  let open: { atMs: number; isStart: boolean; profiles: ServedInverter[]; text: string } | undefined;

  function forget(count: number): void {
    for (const { bytes, profiles } of packs.splice(0, count)) {
      held -= bytes.length;
      for (const inverter of profiles) inForce.set(inverter.id, inverter);
    }
  }

  function close(): void {
    if (!open) return;
    const { text, ...about } = open;
    const bytes = deflateRawSync(text, DEFLATE);
    packs.push({ ...about, bytes });
    held += bytes.length;
    open = undefined;
  }

  /** Whole stretches only, and never the last start. */
  function trim(nowMs: number): void {
    for (;;) {
      const next = packs.findIndex(({ isStart }, i) => i > 0 && isStart);
      const start = packs[next];
      if (!start || (start.atMs > nowMs - spanMs && held <= mostBytes)) return;
      forget(next);
    }
  }

  function add(entry: TapeEntry): void {
    const isStart = entry[0] === 'start';
    if (isStart) close();
    open ??= { atMs: entry[1], isStart, profiles: [], text: '' };
    if (isProfile(entry)) open.profiles.push(entry[2]);
    open.text += lineOf(entry);
    if (open.text.length >= PACK_CHARS) close();
    if (isStart) trim(entry[1]);
  }

  /** Nothing behind a gap follows from what lies before it. */
  function beginAnew(): void {
    close();
    forget(packs.length);
    gaps++;
  }

  return {
    take({ from, number, entries }) {
      if (from === 'wires') {
        if (nextNumber !== undefined && number !== nextNumber) beginAnew();
        nextNumber = number + entries.length;
      }
      for (const entry of entries) if (entry[0] !== 'telegram') add(entry);
    },
    since(atMs) {
      close();
      const starts = packs.flatMap(({ isStart, atMs: startMs }, i) => (isStart ? [{ i, startMs }] : []));
      const begin = starts.findLast(({ startMs }) => startMs <= atMs) ?? starts[0];
      if (!begin) return undefined;
      const before = new Map(inForce);
      for (const { profiles } of packs.slice(0, begin.i))
        for (const inverter of profiles) before.set(inverter.id, inverter);
      const own = packs.slice(begin.i);
      return {
        fromMs: begin.startMs,
        inverters: [...before.values()],
        *texts() {
          for (const { bytes } of own) yield unpacked(bytes);
        },
      };
    },
    bytes: () => held + (open?.text.length ?? 0),
    gaps: () => gaps,
  };
}
