import { signalSpec, toNames } from '../model/signals.ts';
import { columns } from './columns.ts';
import type { CompiledProfile } from './compile.ts';
import { conditionText } from './condition.ts';
import { addressText, bitText, idText, isFrame, registerBit, slotName, span } from './describe.ts';
import {
  bitsOf,
  type CodeSlot,
  type FrameLayout,
  type Layout,
  type NumberSlot,
  type Slot,
  sizeOf,
} from './layout.ts';
import { roundingOf } from './number.ts';
import { takes } from './options.ts';
import type { Profile } from './schema.ts';
import { serialBusLines, serialLines } from './serial/explain.ts';

const seconds = (ms: number): string => `${ms / 1000} s`;

const lostWords: { readonly [L in Profile['lost']]: string } = {
  hold: 'goes on saying zero limits with the stale sign up',
  silent: 'says nothing more: no frame, no answer',
  exception: 'answers every read with exception 04',
};

/** `0x012C (300)`: some manuals count registers in hex, some in decimal. */
const registerText = (address: number): string =>
  address < 10 ? addressText(address) : `${addressText(address)} (${address})`;

function place(layout: Layout, slot: Slot): string {
  if (isFrame(layout)) return `byte ${span(slot.at, slot.at + sizeOf(slot) - 1)}${bitText(slot)}`;
  const address = registerText(layout.from + (slot.at >> 1));
  if (slot.kind === 'bit') return `${address} bit ${registerBit(slot)}`;
  if (slot.kind === 'code') return `${address}${bitText(slot)}`;
  return slot.kind === 'number' && sizeOf(slot) === 1
    ? `${address} ${slot.at % 2 ? 'low' : 'high'}`
    : address;
}

const wireText = (as: NumberSlot['as']): string =>
  as.replace(/be$/, ' big-endian').replace(/le$/, ' little-endian').replace(/lw$/, ' low word first');

function form(slot: Slot): string {
  switch (slot.kind) {
    case 'number':
      return wireText(slot.as);
    case 'bit':
      return 'bit';
    case 'pair':
      return '01 raised, 10 clear';
    case 'code':
      return slot.size === undefined ? wireText(slot.as) : `${slot.size} bits`;
    case 'text':
      return `${slot.length} characters`;
    case 'bytes':
      return `always ${slot.bytes.toUpperCase()}`;
  }
}

/** `0.1 V`, `0.1 °C from -100`: what one count is worth. */
const count = ({ scale, offset, from }: NumberSlot): string =>
  `${scale} ${signalSpec(from).unit ?? ''}${offset ? ` from ${offset}` : ''}`.trim();

function unknownText({ required, unknown, from }: NumberSlot): string {
  if (required) return 'required';
  const unit = signalSpec(from).unit;
  return unknown === 'invalid'
    ? 'unknown: the code for "not available"'
    : `unknown: ${unknown}${unit ? ` ${unit}` : ''}, not measured`;
}

const roundWords = {
  down: 'rounded down',
  up: 'rounded up',
  truncate: 'cut to whole counts',
  nearest: '',
} as const;

/** The signal or condition, and everything to know about it, as one free-running cell. */
export function meaning(slot: Slot, evidence: Profile['evidence']): string {
  return [
    source(slot),
    ...(slot.kind === 'number'
      ? [unknownText(slot), roundWords[roundingOf({ ...slot, scale: Math.abs(slot.scale) })]]
      : []),
    ...(slot.kind === 'number' ? treatment(slot) : []),
    ...(slot.kind === 'text' && slot.skip ? [`from letter ${slot.skip + 1} on`] : []),
    slot.note ?? '',
    slot.evidence && slot.evidence !== evidence ? `evidence: ${slot.evidence}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

const hexText = (value: number): string => `0x${value.toString(16).toUpperCase()}`;

/** `0x1 charging; else 0x0` */
const casesText = ({ cases, else: otherwise }: CodeSlot): string =>
  [...cases.map((c) => `${hexText(c.value)} ${conditionText(c)}`), `else ${hexText(otherwise)}`].join('; ');

function source(slot: Slot): string {
  switch (slot.kind) {
    case 'bit':
    case 'pair':
      return conditionText(slot);
    case 'code':
      return casesText(slot);
    case 'bytes':
      return '';
    default:
      return slot.from;
  }
}

/** What is done to a number on its way, in the words of the file. */
function treatment(slot: NumberSlot): string[] {
  const { modulo, min, max, half, instead = [], zero_raw: zeroRaw, never = [] } = slot;
  return [
    ...(modulo ? [`starts again at ${modulo}`] : []),
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
    ...(half ? [`only while ${half === 'charge' ? 'charging' : 'discharging'}, positive`] : []),
    ...instead.map((c) => `${c.value === 'as_is' ? 'as it is' : c.value} while ${conditionText(c)}`),
    ...(zeroRaw ? ['a 0 is sent as raw 1'] : []),
    ...(never.length ? [`never raw ${never.map(hexText).join(', ')}`] : []),
  ];
}

const inOrder = (layout: Layout) => (a: Slot, b: Slot) => {
  const bit = (slot: Slot) =>
    slot.kind === 'bit' && !isFrame(layout) ? registerBit(slot) : bitsOf(slot)[0] % 8;
  const start = (slot: Slot) => (isFrame(layout) ? slot.at : slot.at >> 1);
  return start(a) - start(b) || bit(a) - bit(b) || a.at - b.at;
};

/** When this frame is sent, where that is not every beat; begins with a comma when there is something to say. */
export function timing({ every, when_asked, phases, part, optional }: FrameLayout): string {
  return [
    ...(part ? [`part ${part.value}`] : []),
    ...(every === undefined ? [] : [`every ${seconds(every)}`]),
    ...(when_asked ? [`when asked for ${when_asked.join(', ')}`] : []),
    ...(phases ? [`in phase ${phases.join(', ')}`] : []),
    ...(optional ? ['left out while it has nothing to say'] : []),
  ]
    .map((text) => `, ${text}`)
    .join('');
}

function layoutLines(layout: Layout, evidence: Profile['evidence']): string[] {
  const head = isFrame(layout)
    ? `${idText(layout)}  ${layout.length} bytes${layout.extended ? ', 29-bit' : ''}${timing(layout)}  ${layout.title ?? ''}`
    : `registers ${registerText(layout.from)} to ${registerText(layout.to)}, ${layout.holes === 'zero' ? 'unassigned ones read 0' : 'unassigned ones are exception 02'}`;
  return ['', head, ...slotLines(layout, evidence)];
}

/** Each entry as a row, in the order of its place. */
function slotLines(layout: Layout, evidence: Profile['evidence']): string[] {
  const rows = layout.slots
    .toSorted(inOrder(layout))
    .map((s) => [
      place(layout, s),
      form(s),
      s.kind === 'number' ? count(s) : '',
      slotName(s),
      meaning(s, evidence),
    ]);
  return columns(rows, '  ');
}

function talkLines({ talk }: NonNullable<CompiledProfile['can']>): string[] {
  return [
    ...(talk.starts === 'heard' ? ['silent until the inverter was heard'] : []),
    ...(talk.starts_with ? [`then first ${talk.starts_with.join(', ')}`] : []),
    ...(talk.stops_after === undefined
      ? []
      : [`silent again when the inverter was silent for ${seconds(talk.stops_after)}`]),
    ...(talk.phases ? [`phases ${talk.phases.join(', ')}`] : []),
  ];
}

function busLines({ can, modbus, serial }: CompiledProfile): string[] {
  if (serial) return serialBusLines(serial);
  if (can)
    return [
      `CAN, ${can.bitrate / 1000} kbit/s, ${can.layouts.some((l) => !l.when_asked) ? `frames every ${seconds(can.everyMs)}` : 'only answers'}, ${can.gapMs} ms apart`,
      ...talkLines(can),
      ...can.receives.map(
        (r) => `hears ${idText(r)}: ${r.title ?? r.means}; silence of ${seconds(r.silent_after)} is an event`,
      ),
    ];
  return modbus
    ? [
        `Modbus, unit ${modbus.units.join(', ')}, ${modbus.baud} baud, parity ${modbus.parity}, ${modbus.stopBits} stop bit, function codes ${[...modbus.functions].join(', ')}`,
      ]
    : [];
}

/** What a rung does to a place. */
function signsOf(slot: Slot): string[] {
  if (slot.kind === 'bit' || slot.kind === 'pair') {
    const rises = slot.inverted ? ' clears' : ' rises';
    const clears = slot.inverted ? ' rises' : ' clears';
    if (slot.until) return [`${clears} when ${slot.until}`];
    return slot.since ? [`${rises} when ${slot.since}`] : [];
  }
  const cases = slot.kind === 'code' ? slot.cases : slot.kind === 'number' ? (slot.instead ?? []) : [];
  return cases.flatMap(({ since, value }) => (since ? [` is ${value} when ${since}`] : []));
}

/** How old data shows: the bits that a rung raises or clears, and what becomes of the limits. */
function staleLines({ profile, can, modbus, serial }: CompiledProfile): string[] {
  const layouts: readonly Layout[] = [
    ...(can?.layouts ?? []),
    ...(modbus?.layouts ?? []),
    ...(serial?.layouts ?? []),
  ];
  const signs = layouts.flatMap((layout) =>
    layout.slots.flatMap((s) =>
      signsOf(s).map(
        (sign) => `${isFrame(layout) ? `${idText(layout)} ` : ''}${place(layout, s)} (${slotName(s)})${sign}`,
      ),
    ),
  );
  return [
    `stale   ${signs.join('; ') || 'no sign of its own'}`,
    `        current limits fall to 0 within 10 s, then the enable flags clear; CVL ${profile.stale_cvl === 'hold' ? 'stays as last told' : 'comes down to the measured voltage'}`,
    `lost    ${lostWords[profile.lost]}`,
  ];
}

const optionLines = ({ profile, settings }: CompiledProfile): string[] =>
  columns(
    Object.entries(profile.options).map(([name, option]) => [
      'option',
      `${name}: ${String(settings[name]) || '(empty)'}`,
      takes(option),
      option.title,
    ]),
  );

function writableLines({ profile }: CompiledProfile): string[] {
  const rows = (profile.modbus?.writable ?? []).map((w) => [
    registerText(w.at),
    w.as,
    w.scale === 1 ? '' : String(w.scale),
    w.name ?? w.means,
    [w.units && `at unit ${w.units.join(', ')}`, w.note].filter(Boolean).join('; '),
  ]);
  return rows.length ? ['', 'the inverter may write, and reads back', ...columns(rows, '  ')] : [];
}

function exampleLines({ profile }: CompiledProfile): string[] {
  const [example] = profile.examples;
  if (!example) return [];
  const given = Object.entries(toNames(example.given)).map(([name, value]) => `${name} ${String(value)}`);
  return [
    '',
    `example  ${example.title ?? ''}`,
    `  given  ${given.join(', ')}`,
    ...Object.entries(example.then).map(([at, bytes]) => `  ${at}  ${bytes}`),
  ];
}

/** A profile as a table that an installer can lay beside the inverter's manual. */
export function explain(compiled: CompiledProfile): string {
  const { profile, can, modbus, serial } = compiled;
  const layouts: readonly Layout[] = [...(can?.layouts ?? []), ...(modbus?.layouts ?? [])];
  return [
    `${profile.id} ${profile.version}  ${profile.title}`,
    ...profile.inverters.flatMap(({ brand, models, caveats }) => [
      `for     ${brand}: ${models}`,
      ...caveats.map((caveat) => `        note: ${caveat}`),
    ]),
    ...(profile.base === undefined ? [] : [`on      the base ${profile.base}`]),
    `known   by ${profile.evidence}${profile.sources.map((s) => `; ${s}`).join('')}`,
    ...busLines(compiled).map((line) => `bus     ${line}`),
    ...staleLines(compiled),
    ...optionLines(compiled),
    ...layouts.flatMap((layout) => layoutLines(layout, profile.evidence)),
    ...(serial ? serialLines(serial, (layout) => slotLines(layout, profile.evidence)) : []),
    ...writableLines(compiled),
    ...exampleLines(compiled),
  ].join('\n');
}
