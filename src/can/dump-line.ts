import { toHex } from '../bytes/hex.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import { columns } from '../profile/columns.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { idText } from '../profile/describe.ts';
import type { FrameLayout } from '../profile/layout.ts';
import { rowsOf } from '../profile/rows.ts';
import type { Meaning } from '../profile/schema.ts';
import { entriesOf, heard, newTalk, type TalkRules, talkRules } from '../profile/talk.ts';

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

const tooShort = (title: string | undefined, bytes: number): string[] => [
  ...lines(title, []),
  `${INDENT}too short: the profile has ${bytes} bytes`,
];

/** The contents that the frame claims to be: by its part, else by its length. */
function layoutOf(layouts: readonly FrameLayout[], { data }: CanFrame): FrameLayout | undefined {
  const meant = layouts.filter(({ part }) => !part || data[part.at] === part.value);
  return meant.find(({ length }) => length === data.length) ?? meant[0];
}

function sentLines(layouts: readonly FrameLayout[], frame: CanFrame): string[] {
  const layout = layoutOf(layouts, frame);
  if (!layout) return [];
  if (frame.data.length < layout.length) return tooShort(layout.title, layout.length);
  return lines(
    layout.title,
    rowsOf(layout, frame.data).map(({ label, text }) => [label, text]),
  );
}

const units: Partial<Record<Meaning, string>> = {
  inverter_voltage: ' V',
  inverter_current: ' A',
  inverter_temperature: ' °C',
  inverter_soc: ' %',
  unix_time: ' s',
};

/** What an inverter asks for or tells. */
function receivedLines(rules: TalkRules, frame: CanFrame): string[] {
  const now = heard(rules, newTalk(rules, 0), frame, 0);
  if (now.kind !== 'meant')
    return now.kind === 'malformed' ? [`${INDENT}too short for what the profile hears in it`] : [];
  const entries = entriesOf(rules, frame);
  const asked = [...new Set(entries.flatMap(({ asks }) => asks))];
  return lines(
    entries.map(({ title }) => title).find((title) => title !== undefined),
    [
      ...asked.map((group) => ['asks for', group]),
      ...now.values.map(({ means, value }) => [means, `${value}${units[means] ?? ''}`]),
    ],
  );
}

/** What the profile says of a frame, one line per signal below its title; nothing when it knows no such frame. */
export function frameReader(can: CompiledCan): (frame: CanFrame) => string[] {
  const byFrame = Map.groupBy(can.layouts, frameKey);
  const rules = talkRules(can);
  return (frame) => {
    const layouts = byFrame.get(frameKey(frame));
    return layouts ? sentLines(layouts, frame) : receivedLines(rules, frame);
  };
}
