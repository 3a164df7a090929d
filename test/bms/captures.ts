import { readdirSync, readFileSync } from 'node:fs';
import type { Answer } from '../../src/bms/driver.ts';
import { jbdUart } from '../../src/bms/jbd.ts';
import { type Heard, hear, nothingHeard } from '../../src/bms/listener.ts';
import { type Capture, parseCapture } from '../../src/bytes/capture.ts';
import { fromHex } from '../../src/bytes/hex.ts';

/** Bytes from hex in a test; a slip in the test throws. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (!bytes) throw new Error(`the test's own hex is wrong: ${text}`);
  return bytes;
}

const folder = new URL('../captures/', import.meta.url);

/** The captures of a family, as `captured` names them. */
export const capturesOf = (family: string): string[] =>
  readdirSync(new URL(`${family}/`, folder)).map((file) => `${family}/${file.replace(/\.txt$/, '')}`);

export function captured(name: string): Capture {
  const capture = parseCapture(readFileSync(new URL(`${name}.txt`, folder), 'utf8'));
  if ('message' in capture) throw new Error(`${name}:${capture.line} ${capture.message}`);
  return capture;
}

/** A unit's notifications, of a JBD where nothing else is said, while one request is pending. */
export function tell(
  notifications: readonly Uint8Array[],
  request?: Uint8Array,
  before = nothingHeard,
  dialect = jbdUart,
): { readonly answers: readonly Answer[]; readonly heard: Heard } {
  let heard = before;
  const answers = notifications.flatMap((notification) => {
    const hearing = hear({ dialect, request }, heard, notification);
    heard = hearing.heard;
    return hearing.answers.map(({ value }) => value);
  });
  return { answers, heard };
}
