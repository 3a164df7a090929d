// What the ear writes down: every byte between us and a battery, handed over once a second.
import type { CaptureEntry } from '../bytes/capture.ts';
import type { Timers } from '../model/timers.ts';
import type { TapeEntry, TapePiece } from './tape.ts';

export interface EarTape {
  readonly note: (entry: Pick<CaptureEntry, 'from' | 'bytes'>, address: string) => void;
  /** Hands over what there is. */
  readonly flush: () => void;
}

const FLUSH_MS = 1000;
/** In one second, of all units; a wire that is noisy must not fill the memory. */
const MOST_ENTRIES = 2000;

export function earTape({ now, after }: Timers, send: (piece: TapePiece) => void): EarTape {
  let entries: TapeEntry[] = [];
  function flush(): void {
    if (entries.length > 0) send({ type: 'tape', from: 'ear', number: 0, entries });
    entries = [];
  }
  function look(): void {
    flush();
    after(FLUSH_MS, look);
  }
  after(FLUSH_MS, look);
  return {
    flush,
    note({ from, bytes }, address) {
      if (entries.length < MOST_ENTRIES)
        entries.push(['raw', now(), address, from === 'us' ? '>' : '<', bytes.slice()]);
    },
  };
}
