import { signalSpec } from '../../model/signals.ts';
import { conditionText } from '../condition.ts';
import type { FrameLayout } from '../layout.ts';
import type { CompiledSerial } from './compile.ts';
import type { AnswerLayout, Part, RowPart, StatesPart } from './layout.ts';
import type { LeadSpec } from './schema.ts';

const seconds = (ms: number): string => `${ms / 1000} s`;

function addressText({ codec, addresses }: CompiledSerial): string {
  if (codec === 'kostal') return 'no addresses';
  return `address ${addresses.join(', ')}`;
}

function talkLines({ phases, startsOverAfterMs }: CompiledSerial): string[] {
  if (!phases) return [];
  const again =
    startsOverAfterMs === undefined
      ? ''
      : `, again from the first after a silence of ${seconds(startsOverAfterMs)}`;
  return [`phases ${phases.join(', ')}${again}`];
}

/** What speaks on the line, and how. */
export function serialBusLines(serial: CompiledSerial): string[] {
  const { codec, baud, parity, stopBits, silentAfterMs, rtnEcho, onBadChecksum } = serial;
  return [
    `${codec}, ${addressText(serial)}, ${baud} baud, parity ${parity}, ${stopBits} stop bit; silence of ${seconds(silentAfterMs)} is an event`,
    ...talkLines(serial),
    ...(rtnEcho ? ['answers repeat the command in the place of return code 00'] : []),
    ...(onBadChecksum === 'answer' ? ['a damaged frame is told its return code'] : []),
  ];
}

function rowText({ row, as, scale, offset, name }: RowPart): string {
  const from = offset ? ` from ${offset}` : '';
  const unit = signalSpec(row).unit ?? '';
  const wire = as.replace(/be$/, ' big-endian').replace(/le$/, ' little-endian');
  return `count, then for each of \`${row}\` ${wire}, ${scale} ${unit}${from}${name ? `  ${name}` : ''}`;
}

const casesText = (which: string, cases: StatesPart['highest']): string[] =>
  cases.map((c) => `${c.value} for the ${which} while ${conditionText(c)}`);

const statesText = ({ states, highest, lowest, name }: StatesPart): string =>
  [
    `count, then a byte for each of \`${states}\`${name ? `  ${name}` : ''}: 0`,
    ...casesText('highest', highest),
    ...casesText('lowest', lowest),
  ].join('; ');

function partLines(part: Part, slotLines: (layout: FrameLayout) => string[]): string[] {
  const note = 'note' in part && part.note ? `; ${part.note}` : '';
  switch (part.kind) {
    case 'stretch':
      return slotLines(part.layout);
    case 'row':
      return [`  ${rowText(part)}${note}`];
    case 'states':
      return [`  ${statesText(part)}${note}`];
    case 'address':
      return [`  the address that was asked${note}`];
  }
}

const leadText = ({ from, to, after }: LeadSpec): string =>
  `${from ? `from ${from.join(', ')} ` : ''}to phase ${to}${after > 1 ? ` after ${after} of them` : ''}`;

function answerLines(answer: AnswerLayout, slotLines: (layout: FrameLayout) => string[]): string[] {
  const { name, title, phases, optional, parts, leads } = answer;
  const head = [
    `command 0x${name}`,
    ...(title ? [title] : []),
    ...(phases ? [`only in phase ${phases.join(', ')}`] : []),
    ...(optional ? ['an unknown command while a required value is unknown'] : []),
    ...leads.map((lead) => `leads ${leadText(lead)}`),
  ].join(', ');
  const empty = parts.length ? [] : ['  no content'];
  return ['', head, ...empty, ...parts.flatMap((part) => partLines(part, slotLines))];
}

function writeLines({ writes }: CompiledSerial): string[] {
  const lines = writes.map(({ code, title = '', unanswered, note }) => {
    const hex = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');
    const but = unanswered.length ? ` but for ${unanswered.map(hex).join(', ')}` : '';
    return `  0x${hex(code)}  ${title}, acknowledged${but}${note ? `; ${note}` : ''}`;
  });
  return lines.length ? ['', 'the inverter may write; nothing is done with it', ...lines] : [];
}

function refusedLines({ refuses }: CompiledSerial): string[] {
  const lines = refuses.map(({ ask, title }) => `  0x${ask.toString(16).toUpperCase()}  ${title}`);
  return lines.length ? ['', 'refused like every unknown command, with return code 04', ...lines] : [];
}

/** Every answer with what stands in it; `slotLines` tells a fixed stretch entry by entry. */
export const serialLines = (
  serial: CompiledSerial,
  slotLines: (layout: FrameLayout) => string[],
): string[] => [
  ...serial.answers.flatMap((answer) => answerLines(answer, slotLines)),
  ...refusedLines(serial),
  ...writeLines(serial),
];
