import { readFileSync } from 'node:fs';
import { jbd } from '../../src/bms/jbd.ts';
import { type Hearing, hear, nothingHeard } from '../../src/bms/listener.ts';
import { type Capture, parseCapture } from '../../src/bytes/capture.ts';
import { fromHex } from '../../src/bytes/hex.ts';

/** Bytes from hex in a test; a slip in the test throws. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (!bytes) throw new Error(`the test's own hex is wrong: ${text}`);
  return bytes;
}

export function captured(name: string): Capture {
  const capture = parseCapture(readFileSync(new URL(`../captures/${name}.txt`, import.meta.url), 'utf8'));
  if ('message' in capture) throw new Error(`${name}:${capture.line} ${capture.message}`);
  return capture;
}

/** A JBD unit's notifications, while one request is pending. */
export function tell(
  notifications: readonly Uint8Array[],
  request?: Uint8Array,
  before = nothingHeard,
): Hearing {
  let heard = before;
  const answers = notifications.flatMap((notification) => {
    const hearing = hear({ driver: jbd, request }, heard, notification);
    heard = hearing.heard;
    return hearing.answers;
  });
  return { answers, heard };
}
