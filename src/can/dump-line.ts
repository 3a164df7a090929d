import { toHex } from '../bytes/hex.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import { columns } from '../profile/columns.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { idText } from '../profile/describe.ts';
import { decodeFrame } from '../profile/rows.ts';

const INDENT = ' '.repeat(8);

/** A frame as candump shows it, `(1.002)  can0  351   [8]  28 02 FF 00 …`; 29-bit ids have eight digits. */
export function dumpLine(frame: CanFrame, name: string, atMs: number): string {
  const seconds = (atMs / 1000).toFixed(3);
  const bytes = toHex(frame.data).toUpperCase();
  return `(${seconds})  ${name}  ${idText(frame).slice(2)}   [${frame.data.length}]  ${bytes}`.trimEnd();
}

/** What the profile says of a frame, one line per signal below its title; nothing when it knows no such frame. */
export function meaningLines(can: Pick<CompiledCan, 'layouts' | 'receives'>, frame: CanFrame): string[] {
  const known = [...can.layouts, ...can.receives].find((entry) => frameKey(entry) === frameKey(frame));
  if (known === undefined) return [];
  const title = known.title === undefined ? [] : [`${INDENT}${known.title}`];
  const tooShort = 'length' in known && frame.data.length < known.length;
  if (tooShort) return [...title, `${INDENT}too short: the profile has ${known.length} bytes`];
  const rows = decodeFrame(can, frame) ?? [];
  return [
    ...title,
    ...columns(
      rows.map(({ label, text }) => [label, text]),
      INDENT,
    ),
  ];
}
