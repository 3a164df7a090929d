/** The shape of a family's frames: enough to cut a stream of bytes into them. */
export interface Framing {
  /** Total length of the frame at the head of these bytes. */
  readonly measure: (bytes: Uint8Array) => number | 'need-more' | 'not-a-frame';
  /** True when the checksum and the end mark of a frame of exactly the measured length are right. */
  readonly intact: (frame: Uint8Array) => boolean;
}

export interface Cut {
  /** The intact frames, in the order they came. */
  readonly frames: readonly Uint8Array[];
  /** Where each of them began. */
  readonly starts: readonly number[];
  /** The start of a frame that still waits for its end; at most `MAX_REST` bytes. */
  readonly rest: Uint8Array;
  /** Bytes that belong to no frame. */
  readonly skipped: number;
}

/** A start that claims more than this is a false start (BLE reference 1.3, step 5). */
export const MAX_REST = 512;

/** What stands at the head: a whole frame's length, 0 for a false start, undefined while more bytes may decide. */
function headLength({ measure, intact }: Framing, bytes: Uint8Array): number | undefined {
  const claimed = measure(bytes);
  if (claimed === 'not-a-frame') return 0;
  if (claimed === 'need-more') return bytes.length > MAX_REST ? 0 : undefined;
  if (!(claimed >= 1 && claimed <= MAX_REST)) return 0;
  if (claimed > bytes.length) return undefined;
  return intact(bytes.subarray(0, claimed)) ? claimed : 0;
}

/**
 * Cuts bytes into frames. An intact frame advances by its own length; anything else by one byte, never by the length that a
 * damaged header claims, so that the good frame behind it survives. No byte value ends a frame: only its length does.
 */
export function cutFrames(framing: Framing, bytes: Uint8Array): Cut {
  const frames: Uint8Array[] = [];
  const starts: number[] = [];
  let [at, skipped] = [0, 0];
  while (at < bytes.length) {
    const length = headLength(framing, bytes.subarray(at));
    if (length === undefined) break;
    if (length > 0) {
      frames.push(bytes.slice(at, at + length));
      starts.push(at);
    } else skipped++;
    at += length || 1;
  }
  return { frames, starts, rest: bytes.slice(at), skipped };
}

/** Cuts what was left when no more bytes will come: a start that still waits was a false one. */
export function cutLast(framing: Framing, rest: Uint8Array): Cut {
  const measure = (bytes: Uint8Array) => {
    const claimed = framing.measure(bytes);
    return typeof claimed === 'number' && claimed <= bytes.length ? claimed : 'not-a-frame';
  };
  return cutFrames({ ...framing, measure }, rest);
}
