// What goes over the wires, for those who look at the inspector: once a second a piece, and never more than a browser bears.
import type { TapeEntry, TapePiece } from '../blackbox/tape.ts';
import { toHex } from '../bytes/hex.ts';
import type { BusHeard, TalkMessage, WireTalk } from '../model/api/wire-talk.ts';

/** Items of one message; the others are counted. */
const MOST_ITEMS = 200;

export interface Talk {
  readonly take: (piece: TapePiece) => void;
  /** Calling the result ends it. */
  readonly watch: (hear: (message: TalkMessage) => void) => () => void;
  /** Once a second. */
  readonly tell: () => void;
}

/** Undefined for what is no talk. */
function talkOf(entry: TapeEntry): WireTalk | undefined {
  if (entry[0] === 'frame') {
    const [kind, at_ms, wire, way, id, extended, data] = entry;
    return { kind, at_ms, wire, way, id, ...(extended && { extended }), hex: toHex(data, '') };
  }
  if (entry[0] === 'modbus') {
    const [kind, at_ms, inverter, unit, request, reply] = entry;
    return { kind, at_ms, inverter, unit, request: toHex(request, ''), reply: reply && toHex(reply, '') };
  }
  if (entry[0] !== 'telegram') return undefined;
  const [kind, at_ms, inverter, address, request, reply] = entry;
  return { kind, at_ms, inverter, address, request: toHex(request, ''), reply: reply && toHex(reply, '') };
}

/** `watched` hears when the first comes to look and the last is gone. */
export function wireTalk(
  times: () => Pick<TalkMessage, 'now_ms' | 'wall_ms'>,
  watched: (isOn: boolean) => void,
  buses: () => readonly BusHeard[],
): Talk {
  const readers = new Set<(message: TalkMessage) => void>();
  let items: WireTalk[] = [];
  let skipped = 0;
  /** The number of the next entry of the wires; unknown before the first. */
  let next: number | undefined;

  function note(entry: TapeEntry): void {
    if (entry[0] === 'skipped') skipped += entry[2];
    if (items.length >= MOST_ITEMS) {
      if (['frame', 'modbus', 'telegram'].includes(entry[0])) skipped++;
      return;
    }
    const talk = talkOf(entry);
    if (talk) items.push(talk);
  }

  return {
    take({ from, number, entries }) {
      if (from !== 'wires' || readers.size === 0) return;
      // One that is smaller is of a tape that begins anew.
      if (next !== undefined && number > next) skipped += number - next;
      next = number + entries.length;
      for (const entry of entries) note(entry);
    },
    watch(hear) {
      readers.add(hear);
      if (readers.size === 1) watched(true);
      return () => {
        if (!readers.delete(hear) || readers.size > 0) return;
        next = undefined;
        [items, skipped] = [[], 0];
        watched(false);
      };
    },
    tell() {
      if (readers.size === 0) return;
      const message = { ...times(), items, skipped, buses: buses() };
      [items, skipped] = [[], 0];
      for (const hear of readers) hear(message);
    },
  };
}
