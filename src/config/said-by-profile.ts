// What a profile says of a bank, place by place, as bytes and as a person reads them.

import { toHex } from '../bytes/hex.ts';
import { frameKey } from '../model/can-frame.ts';
import { sentence } from '../model/errors.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledCan, CompiledModbus, CompiledProfile } from '../profile/compile.ts';
import { addressText, idText } from '../profile/describe.ts';
import { type Incomplete, isIncomplete } from '../profile/encode.ts';
import { layoutOf } from '../profile/frame-layout.ts';
import type { Piece } from '../profile/pieces.ts';
import { type Row, rowsOf } from '../profile/rows.ts';
import { type Answer, answersIn, type CompiledSerial } from '../profile/serial/compile.ts';
import { contentPieces } from '../profile/serial/pieces.ts';

interface Saying {
  readonly bytes: Uint8Array;
  readonly text: readonly string[];
}

/** By frame, register or question, in the profile's order. */
export type Said = ReadonlyMap<string, Saying>;

const rowText = ({ label, text }: Row): string => `${label}: ${text}`;

/** A frame that repeats its id with another content is told apart by its how-manieth. */
function framesSaid(can: CompiledCan, signals: SignalValues): Said | Incomplete {
  const frames = can.frames(signals);
  if (isIncomplete(frames)) return frames;
  const seen = new Map<string, number>();
  return new Map(
    frames.map((frame) => {
      const nth = (seen.get(frameKey(frame)) ?? 0) + 1;
      seen.set(frameKey(frame), nth);
      const layout = layoutOf(can.layouts, frame);
      const text = layout ? rowsOf(layout, frame.data, signals).map(rowText) : [];
      return [`${idText(frame)}${nth > 1 ? ` (${nth})` : ''}`, { bytes: frame.data, text }];
    }),
  );
}

/** Words are big-endian on the wire. */
const wordBytes = (words: Uint16Array): Uint8Array =>
  Uint8Array.from([...words].flatMap((word) => [word >> 8, word & 0xff]));

/** What stands in a register, or in several that belong together; holes say nothing. */
function registersSaid(modbus: CompiledModbus, signals: SignalValues): Said | Incomplete {
  const image = modbus.image(signals);
  if (isIncomplete(image)) return image;
  return new Map(
    image.windows.flatMap(({ from, words }): [string, Saying][] => {
      const layout = modbus.layouts.find((window) => window.from === from);
      const bytes = wordBytes(words);
      return layout
        ? rowsOf(layout, bytes, signals).map((row) => [
            addressText(from + (row.at >> 1)),
            { bytes: bytes.slice(row.at, row.at + 2 * Math.ceil(row.length / 2)), text: [rowText(row)] },
          ])
        : [];
    }),
  );
}

/** Of a counted row each number is told by itself. */
const pieceText = ({ label, nth, text }: Piece): string => `${label}${nth ? ` ${nth[0]}` : ''}: ${text}`;

function contentText(
  { answers }: CompiledSerial,
  { ask, content }: Answer,
  signals: SignalValues,
  phase?: string,
) {
  const layout = answers.find((one) => one.ask === ask && answersIn(one, phase));
  const pieces = layout ? contentPieces(layout, content, signals) : [];
  return pieces.filter(({ kind }) => kind === 'field' || kind === 'count').map(pieceText);
}

/** As the talk goes on in its last phase; an answer that is another one in a phase before that has a place of its own. */
function answersSaid(serial: CompiledSerial, signals: SignalValues): Said | Incomplete {
  const { phases = [] } = serial;
  const said = new Map<string, Saying>();
  for (const phase of phases.length > 0 ? phases.toReversed() : [undefined]) {
    const answers = serial.say(signals, phase);
    if (isIncomplete(answers)) return answers;
    for (const answer of answers) {
      const { name, content: bytes } = answer;
      const usual = said.get(`0x${name}`);
      if (usual && toHex(usual.bytes) === toHex(bytes)) continue;
      const place = usual ? `0x${name} (${phase})` : `0x${name}`;
      said.set(place, { bytes, text: contentText(serial, answer, signals, phase) });
    }
  }
  return said;
}

const saidOn = ({ can, modbus, serial }: CompiledProfile, signals: SignalValues): Said | Incomplete => {
  if (can) return framesSaid(can, signals);
  if (modbus) return registersSaid(modbus, signals);
  return serial ? answersSaid(serial, signals) : new Map();
};

/** A text says why it can say nothing. */
export function saidBy(compiled: CompiledProfile, signals: SignalValues): Said | string {
  try {
    const said = saidOn(compiled, signals);
    return 'missing' in said ? `it requires ${said.missing.join(', ')}, which the bank does not have` : said;
  } catch (error) {
    return `it cannot be encoded: ${sentence(error)}`;
  }
}
