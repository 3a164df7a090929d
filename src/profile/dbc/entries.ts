import { shapes, type Wire } from '../../bytes/field.ts';
import { toHex } from '../../bytes/hex.ts';
import { isSignalName, type SignalName, signalSpec } from '../../model/signals.ts';
import type { FoundSignal } from './found.ts';
import { decimal } from './slots.ts';
import { numberGuess, numberMeant, signMeant } from './words.ts';

/** The list of a frame that an entry belongs to. */
export type Section = 'signals' | 'lists' | 'bits' | 'pairs' | 'codes' | 'texts' | 'constants';

/** One line of a profile: `text` is the inside of its braces. */
export interface Entry {
  readonly section: Section;
  readonly at: number;
  readonly text: string;
}

/** What a person must fill in, as a comment. */
export interface Open {
  readonly open: string;
}

export const isOpen = (line: Entry | Open): line is Open => 'open' in line;

/** A text that means the same to YAML, on one line. */
export const yamlText = (text: string): string => JSON.stringify(text.replace(/\s+/g, ' ').trim());

/** `key: value` pairs; what is undefined is left out. */
const pairs = (fields: Readonly<Record<string, string | number | true | undefined>>): string =>
  Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]))
    .join(', ');

const called = (name: string): string => yamlText(name);

/** The whole bytes of a number; undefined where it fills parts of bytes or is of another width. */
export function wireAt({
  start,
  size,
  order,
  signed,
  float,
}: FoundSignal): { readonly at: number; readonly as: Wire } | undefined {
  if (float)
    return size === 32 && order === 'little' && start % 8 === 0 ? { at: start >> 3, as: 'f32le' } : undefined;
  const sign = signed ? 'i' : 'u';
  if (size === 8 && start % 8 === (order === 'little' ? 0 : 7)) return { at: start >> 3, as: `${sign}8` };
  if (size === 24 && order === 'big' && start % 8 === 7 && !signed) return { at: start >> 3, as: 'u24be' };
  if (size !== 16 && size !== 32) return undefined;
  if (order === 'little') return start % 8 === 0 ? { at: start >> 3, as: `${sign}${size}le` } : undefined;
  return start % 8 === 7 ? { at: start >> 3, as: `${sign}${size}be` } : undefined;
}

/** Bits inside one byte, the least first; undefined where it crosses bytes. */
export function bitsAt({
  start,
  size,
  order,
}: FoundSignal): { readonly at: number; readonly bit: number } | undefined {
  const bit = order === 'little' ? start % 8 : (start % 8) - size + 1;
  return bit >= 0 && bit + size <= 8 ? { at: start >> 3, bit } : undefined;
}

/** The one value that the range allows, where the signal is raw: these bits never change. A range of 0 to 0 says nothing unless words do. */
export function constantIn(found: FoundSignal): number | undefined {
  const { min, max, factor, offset, signed, float, comment = '' } = found;
  const plain = !float && min === max && factor === 1 && offset === 0 && !signed && Number.isInteger(min);
  return plain && (min > 0 || (min === 0 && /^always 0\b/.test(comment))) ? min : undefined;
}

const halves: Readonly<Record<string, string>> = { charge: 'charge', discharge: 'discharge' };

interface Meant {
  readonly from: SignalName;
  readonly factor: number;
  readonly half?: string;
}

/** A name of the catalogue with an ending of ours: `current_A_charge`, `soc_told_pct_2`. */
function ownName(name: string, unit: string): Meant | undefined {
  const [, stem = '', half] = /^(.*?)(?:_(charge|discharge))?(?:_\d+)?$/.exec(name) ?? [];
  if (!isSignalName(stem) || signalSpec(stem).kind !== 'number') return undefined;
  const meant = numberMeant(stem, unit);
  return meant?.from === stem ? { ...meant, ...(half && { half: halves[half] ?? half }) } : undefined;
}

const directed: readonly SignalName[] = ['current_A', 'power_W'];

/** What is charged and discharged cannot be told without a sign. */
const canHold = ({ from, half }: Meant, { signed, factor, offset }: FoundSignal): boolean =>
  !directed.includes(from) || half !== undefined || signed || offset < 0 || factor < 0;

/** The range of the file where it is narrower than the wire. */
function clamps(found: FoundSignal, as: Wire, { from, factor }: Meant): { min?: number; max?: number } {
  const { min, max, offset } = found;
  if (min >= max || signalSpec(from).unit === '%') return {};
  const count = Math.abs(found.factor);
  const edges = [shapes[as].min, shapes[as].max].map((raw) => raw * found.factor + offset);
  const [low, high] = [Math.min(...edges) + count, Math.max(...edges) - count];
  const [most, least] = [decimal(max * factor), decimal(min * factor)];
  const limit = signalSpec(from).limit === 'max' && signalSpec(from).unit !== 'V';
  return { ...(min >= low && !limit && { min: least }), ...(max <= high && { max: most }) };
}

/** A counter begins again; its range says where. */
const modulo = ({ size, min, max }: FoundSignal): number =>
  min === 0 && max > 1 && Number.isInteger(max) ? max + 1 : 2 ** size;

function numberEntry(found: FoundSignal, place: { at: number; as: Wire }, meant: Meant): Entry {
  const { from, factor, half } = meant;
  const text = pairs({
    at: place.at,
    as: place.as,
    scale: found.factor * factor === 1 ? undefined : decimal(found.factor * factor),
    offset: found.offset === 0 ? undefined : decimal(found.offset * factor),
    from,
    half,
    ...(from === 'heartbeat' ? { modulo: modulo(found) } : clamps(found, place.as, meant)),
    required: true,
    name: found.name === from ? undefined : called(found.name),
  });
  return { section: 'signals', at: place.at, text };
}

function constantEntry(found: FoundSignal, value: number): Entry | undefined {
  const { size, start, order, name } = found;
  if (size % 8 || size > 32 || start % 8 !== (order === 'little' ? 0 : 7)) return undefined;
  const big = Array.from({ length: size / 8 }, (_, i) => Math.floor(value / 2 ** (size - 8 * (i + 1))) % 256);
  const bytes = toHex(Uint8Array.from(order === 'little' ? big.toReversed() : big)).toUpperCase();
  const at = start >> 3;
  return { section: 'constants', at, text: pairs({ at, bytes: `'${bytes}'`, name: called(name) }) };
}

const raises = /rais|activ|alarm|fault|warn|\bon\b|\bset\b/i;
const clears = /clear|ok|inactiv|normal|\boff\b|none/i;

/** Two bits of which 01 raises and 10 clears. */
const isPair = ({ size, values = [] }: FoundSignal): boolean =>
  size === 2 &&
  values.some(([raw, text]) => raw === 1 && raises.test(text)) &&
  values.some(([raw, text]) => raw === 2 && clears.test(text));

function signEntry(found: FoundSignal): Entry | undefined {
  const place = bitsAt(found);
  const sign = signMeant(found.name);
  if (!place || !sign || found.signed || (found.size !== 1 && !isPair(found))) return undefined;
  const conditions = Object.fromEntries(
    Object.entries(sign).map(([key, names]) => [key, `[${names.join(', ')}]`]),
  );
  const { at, bit } = place;
  const name = found.name.toLowerCase() === sign.flags?.[0] ? undefined : called(found.name);
  if (found.size === 1) return { section: 'bits', at, text: pairs({ at, bit, ...conditions, name }) };
  return bit % 2
    ? undefined
    : { section: 'pairs', at, text: pairs({ at, pair: bit / 2, ...conditions, name }) };
}

const valueTexts = ({ values = [] }: FoundSignal): string =>
  values
    .slice(0, 16)
    .map(([raw, text]) => `${raw} ${text}`)
    .join(', ');

/** Unit, range, values and comment of a signal that nobody has bound yet. */
function facts(found: FoundSignal, guess: string | undefined): string {
  const { unit, min, max, comment = '' } = found;
  return [
    ...(unit ? [`in ${unit}`] : []),
    ...(min < max && found.size > 1 ? [`${min} to ${max}`] : []),
    ...(found.values?.length ? [`values ${valueTexts(found)}`] : []),
    ...(guess === undefined ? [] : [`is it ${guess}?`]),
    ...(comment ? [comment.slice(0, 160)] : []),
  ]
    .join('; ')
    .replace(/\s+/g, ' ');
}

const openLine = (found: FoundSignal, line: string, guess?: string): Open => {
  const said = facts(found, guess);
  return { open: said ? `${line}   ${said}` : line };
};

/** The line that a signal would be, with `?` where a person must decide. */
function openEntry(found: FoundSignal): Open {
  const { name, size, factor, offset, start, order } = found;
  const scaled = factor !== 1 || offset !== 0;
  const wire = wireAt(found);
  const bits = bitsAt(found);
  const asCode = (found.values?.length ?? 0) > 0 && !scaled;
  if (found.odd) return openLine(found, `${called(name)}: ${found.odd}, which a profile cannot carry`);
  if (bits && size === 1)
    return openLine(found, `bits: - { ${pairs({ ...bits, name: called(name) })}, flags: [?] }`);
  if (bits && size < 8 && !scaled)
    return openLine(
      found,
      `codes: - { ${pairs({ ...bits, size, name: called(name) })}, cases: [{ value: ?, flags: [?] }] }`,
    );
  if (wire && asCode)
    return openLine(
      found,
      `codes: - { ${pairs({ ...wire, name: called(name) })}, cases: [{ value: ?, flags: [?] }] }`,
    );
  if (wire)
    return openLine(
      found,
      `signals: - { ${pairs({ ...wire, scale: factor, offset, name: called(name) })}, from: ?, required: true }`,
      numberGuess(name),
    );
  return openLine(
    found,
    `${called(name)}: ${size} bits from bit ${start} on (${order === 'little' ? 'Intel' : 'Motorola'}), factor ${factor}, offset ${offset}; no wire type of a profile is that wide`,
  );
}

/** What a profile would say of this signal, or what a person must add to say it. */
export function entryOf(found: FoundSignal): Entry | Open {
  if (found.odd) return openEntry(found);
  const constant = constantIn(found);
  const wire = wireAt(found);
  const meant = ownName(found.name, found.unit) ?? numberMeant(found.name, found.unit);
  if (wire && meant && constant === undefined && canHold(meant, found))
    return numberEntry(found, wire, meant);
  return (
    (constant === undefined ? undefined : constantEntry(found, constant)) ??
    signEntry(found) ??
    openEntry(found)
  );
}
