import { toHex } from '../bytes/hex.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import { columns } from '../profile/columns.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { idText } from '../profile/describe.ts';
import { decodeHeard, decodeSent } from '../profile/frame-pieces.ts';
import type { Decoded, Fact } from '../profile/pieces.ts';
import { spokenCan } from '../profile/spoken.ts';

const INDENT = ' '.repeat(8);

/** A frame as candump shows it, `(1.002)  can0  351   [8]  28 02 FF 00 …`; 29-bit ids have eight digits. */
export function dumpLine(frame: CanFrame, name: string, atMs: number): string {
  const seconds = (atMs / 1000).toFixed(3);
  const bytes = toHex(frame.data).toUpperCase();
  return `(${seconds})  ${name}  ${idText(frame).slice(2)}   [${frame.data.length}]  ${bytes}`.trimEnd();
}

type Cells = readonly string[];

const lines = (title: string | undefined, rows: readonly Cells[]): string[] => [
  ...(title === undefined ? [] : [`${INDENT}${title}`]),
  ...columns(rows, INDENT),
];

const sentences: Partial<Record<Fact['kind'], string>> = {
  unknown: 'no line of the profile names it',
  onlyAlive: 'the inverter is there',
  ignored: 'nothing is done with it',
};

/** What a frame of ours says, or what an inverter asks for or tells. */
function linesOf({ title, facts, pieces }: Decoded): string[] {
  const short = facts.find(({ kind }) => kind === 'tooShort');
  if (short) return [...lines(title, []), `${INDENT}too short: the profile has ${short.text} bytes`];
  const asked = [...new Set(facts.filter(({ kind }) => kind === 'asks').map(({ text }) => text))];
  return lines(title, [
    ...[...new Set(facts.flatMap(({ kind }) => sentences[kind] ?? []))].map((sentence) => [sentence]),
    ...asked.map((group) => ['asks for', group]),
    ...pieces.filter(({ kind }) => kind === 'field').map(({ label, text }) => [label, text]),
  ]);
}

/** What the profile says of a frame, one line per signal below its title. */
export function frameReader(can: CompiledCan): (frame: CanFrame) => string[] {
  const { frames, hears } = spokenCan(can);
  const ours = new Set(frames.map(frameKey));
  return (frame) =>
    linesOf(ours.has(frameKey(frame)) ? decodeSent(frames, frame) : decodeHeard(hears, frame));
}
