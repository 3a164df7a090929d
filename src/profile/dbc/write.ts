import type { CompiledProfile } from '../compile.ts';
import { type Dbc, type DbcMessage, type DbcSignal, EXTENDED, NOBODY } from './dbc.ts';
import { ascii } from './names.ts';
import { receivedMessages } from './received.ts';
import { BATTERY, INVERTER, keyOfId, sentMessages } from './sent.ts';

/** Text in quotes; a backslash or quote in it means something else to every reader, so neither is written. */
const quoted = (text: string): string => `"${ascii(text).replaceAll('"', "'").replaceAll('\\', '/')}"`;

const idNumber = ({ id, extended }: DbcMessage): number => (extended ? id + EXTENDED : id);

const muxText = ({ mux }: DbcSignal): string => (mux === undefined ? '' : mux === 'M' ? ' M' : ` m${mux}`);

function signalLine(signal: DbcSignal, receivers: readonly string[]): string {
  const { name, start, size, order, signed, factor, offset, min, max, unit } = signal;
  const place = `${start}|${size}@${order === 'little' ? 1 : 0}${signed ? '-' : '+'}`;
  const to = receivers.join(',') || NOBODY;
  return ` SG_ ${name}${muxText(signal)} : ${place} (${factor},${offset}) [${min}|${max}] ${quoted(unit)} ${to}`;
}

const messageLines = (message: DbcMessage): string[] => [
  '',
  `BO_ ${idNumber(message)} ${message.name}: ${message.length} ${message.sender || NOBODY}`,
  ...message.signals.map((signal) => signalLine(signal, message.receivers)),
];

const commentLines = (message: DbcMessage): string[] => [
  ...(message.comment ? [`CM_ BO_ ${idNumber(message)} ${quoted(message.comment)};`] : []),
  ...message.signals.flatMap(({ name, comment }) =>
    comment ? [`CM_ SG_ ${idNumber(message)} ${name} ${quoted(comment)};`] : [],
  ),
];

const valueLines = (message: DbcMessage): string[] =>
  message.signals.flatMap(({ name, values }) =>
    values?.length
      ? [`VAL_ ${idNumber(message)} ${name} ${values.map(([n, text]) => `${n} ${quoted(text)}`).join(' ')} ;`]
      : [],
  );

const floatLines = (message: DbcMessage): string[] =>
  message.signals.flatMap(({ name, float }) =>
    float ? [`SIG_VALTYPE_ ${idNumber(message)} ${name} : 1;`] : [],
  );

const attributeLines = (message: DbcMessage): string[] => [
  ...(message.cycleMs ? [`BA_ "GenMsgCycleTime" BO_ ${idNumber(message)} ${message.cycleMs};`] : []),
  ...(message.extended ? [`BA_ "VFrameFormat" BO_ ${idNumber(message)} 1;`] : []),
];

/** Longest cycle that tools expect; a longer one widens it. */
const CYCLE_MS = 65_535;

const definitions = ({ messages }: Dbc): string[] => [
  `BA_DEF_ BO_ "GenMsgCycleTime" INT 0 ${Math.max(CYCLE_MS, ...messages.map((m) => m.cycleMs ?? 0))};`,
  'BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";',
  'BA_DEF_ "BusType" STRING ;',
  'BA_DEF_ "Baudrate" INT 0 1000000;',
  'BA_DEF_DEF_ "GenMsgCycleTime" 0;',
  'BA_DEF_DEF_ "VFrameFormat" "StandardCAN";',
  'BA_DEF_DEF_ "BusType" "CAN";',
  'BA_DEF_DEF_ "Baudrate" 500000;',
];

/** The text of a DBC file. ASCII only, one statement a line: every reader takes it alike. */
export const dbcText = (dbc: Dbc): string =>
  [
    `VERSION ${quoted(dbc.version)}`,
    '',
    'NS_ :',
    '',
    'BS_:',
    '',
    `BU_: ${dbc.nodes.join(' ')}`,
    ...dbc.messages.flatMap(messageLines),
    '',
    ...(dbc.comment ? [`CM_ ${quoted(dbc.comment)};`] : []),
    ...dbc.messages.flatMap(commentLines),
    '',
    ...definitions(dbc),
    ...(dbc.bitrate ? [`BA_ "Baudrate" ${dbc.bitrate};`] : []),
    ...dbc.messages.flatMap(attributeLines),
    '',
    ...dbc.messages.flatMap(valueLines),
    ...dbc.messages.flatMap(floatLines),
    '',
  ].join('\n');

/** Where the numbers come from, and under which settings they hold. */
function header({ profile, settings }: CompiledProfile, hidden: number): string {
  const set = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [
    `profile ${profile.id} ${profile.version}: ${profile.title}`,
    `evidence: ${profile.evidence}`,
    ...(set.length ? [`settings: ${set.join(', ')}`] : []),
    ...(hidden ? [`${hidden} received id(s) left out: the same id is also sent`] : []),
    'written by bmsgate profile dbc',
  ].join('; ');
}

/** A CAN profile under its settings as a data base; undefined when it does not speak CAN. */
export function dbcOf(compiled: CompiledProfile): Dbc | undefined {
  const { profile, can } = compiled;
  if (!can) return undefined;
  const sent = sentMessages(can, profile.evidence);
  const received = receivedMessages(can);
  const ids = new Set(sent.map(keyOfId));
  const heard = received.filter((message) => !ids.has(keyOfId(message)));
  return {
    version: `${profile.id} ${profile.version}`,
    nodes: [BATTERY, INVERTER],
    comment: header(compiled, received.length - heard.length),
    bitrate: can.bitrate,
    messages: [...sent, ...heard],
  };
}
