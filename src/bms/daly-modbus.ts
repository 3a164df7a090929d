import { type Field, inRow, readField, readFields, readRow } from '../bytes/field.ts';
import { isSame } from '../bytes/same.ts';
import type { BatteryReading } from '../model/battery.ts';
import { type Answer, type Control, type Dialect, DONE, type Learned, type Pending } from './driver.ts';
import { dataOf, exceptionText, modbusFraming, readRequest, WRITE } from './modbus-frame.ts';

/**
 * Daly's Modbus RTU (BLE reference 3.1, 3.2): address, 03, register, count, CRC. An answer holds words, high byte first, and does
 * not say of which registers: only the request in flight and its length tell. One register is written with 06, which is echoed.
 */
const READ = 0x03;
const REFUSED = 0x80;
/** Data bytes of the longest answer that Modbus allows. */
const LONGEST = 250;
/** A word that is not told. */
const UNKNOWN = 0xffff;
/** A temperature counts from −40 °C. These two counts are no measurement: a sensor that is not fitted shows them (BLE reference 3.1, 3.2). */
const NO_SENSOR = [0, 0xff];
const MAX_SENSORS = 8;

/** What a block of registers tells, or why it cannot be. */
export type Told =
  | { readonly reading: BatteryReading; readonly learned?: Learned }
  | { readonly rejected: string };

/** Registers that are read at once. */
export interface Block {
  readonly name: string;
  readonly register: number;
  readonly count: number;
  readonly required: boolean;
  readonly once?: boolean;
  /** Understood where a capture shows it, never asked for. */
  readonly unasked?: boolean;
  readonly read: (data: Uint8Array, learned: Learned) => Told;
}

/** The address that is asked and the one that answers: not always the same. */
export interface Addresses {
  readonly ask: number;
  readonly answer: number;
}

const countOf = (request: Uint8Array | undefined): number => (request?.[4] ?? 0) * 256 + (request?.[5] ?? 0);
const registerOf = (request: Uint8Array): number => (request[2] ?? 0) * 256 + (request[3] ?? 0);

const registerText = (register: number): string => `register 0x${register.toString(16).padStart(4, '0')}`;
const rejected = (why: string): Answer => ({ kind: 'rejected', why });

/** The block that a frame with so many data bytes answers; a text says why it is none. */
function blockOf(blocks: readonly Block[], bytes: number, request: Uint8Array | undefined): Block | string {
  if (!request)
    return blocks.find(({ count }) => 2 * count === bytes) ?? `${bytes} data bytes are no answer we know`;
  const [register, count] = [registerOf(request), countOf(request)];
  if (2 * count !== bytes)
    return `answers ${bytes} data bytes while ${2 * count} from ${registerText(register)} are asked`;
  return (
    blocks.find((block) => block.register === register && block.count === count) ??
    `${count} words from ${registerText(register)} are no answer we know`
  );
}

function answer(blocks: readonly Block[], frame: Uint8Array, { request, learned }: Pending): Answer {
  const [, code = 0, bytes = 0] = frame;
  const [, asked = READ] = request ?? [];
  if ((code & ~REFUSED) !== asked) return rejected(`answers function ${code} while ${asked} is asked`);
  if (code & REFUSED)
    return {
      kind: 'refused',
      why: `the ${asked === WRITE ? 'write' : 'read'} was refused: ${exceptionText(bytes)}`,
    };
  if (code === WRITE)
    return request && isSame(frame, request)
      ? { kind: 'part', part: DONE, reading: {} }
      : rejected('the echo is not what was written');
  const block = blockOf(blocks, bytes, request);
  if (typeof block === 'string') return rejected(block);
  const told = block.read(dataOf(frame), learned);
  return 'rejected' in told ? rejected(told.rejected) : { kind: 'part', part: block.name, ...told };
}

export function modbusDialect(
  id: string,
  { ask, answer: answers }: Addresses,
  blocks: readonly Block[],
  control?: Control,
): Dialect {
  const requests = blocks
    .filter(({ unasked }) => !unasked)
    .map(({ name, required, once, ...block }) => ({
      name,
      bytes: readRequest(ask, { fn: READ, ...block }),
      required,
      ...(once && { once }),
    }));
  return {
    id,
    requests: () => requests,
    ...(control && { control }),
    framing: modbusFraming({
      fns: control ? [READ, WRITE] : [READ],
      isUnit: (unit) => unit === answers,
      longest: LONGEST,
      answersAs: () => answers,
    }),
    answer: (frame, pending) => answer(blocks, frame, pending),
  };
}

/** A word of a block, by its register. */
export const word = (register: number, more: Partial<Field> = {}, first = 0): Field => ({
  at: 2 * (register - first),
  as: 'u16be',
  ...more,
});

/** A current counts tenths of an ampere from −3000 A; below 30000 it discharges (BLE reference 3.1). */
export const AMPERES = { scale: 0.1, offset: -3000 } as const;

/** Reads a table of words; one that is not told is left out. */
export function readTold<K extends string>(
  data: Uint8Array,
  table: Readonly<Record<K, Field>>,
): { [N in K]?: number } {
  const values = readFields(data, table);
  for (const name in table) {
    const { at } = table[name];
    if (readField(data, { at, as: 'u16be' }) === UNKNOWN) delete values[name];
  }
  return values;
}

/** A word as a switch; undefined when it is not told. */
export const isOn = (value: number | undefined): boolean | undefined =>
  value === undefined ? undefined : value !== 0;

/** °C of a count, undefined when no sensor is fitted. */
export const celsiusOf = (count: number | undefined): number | undefined =>
  count === undefined || count >= UNKNOWN || NO_SENSOR.includes(count) ? undefined : count - 40;

/** As many sensors as the unit says it has, each in its place. */
export const temperatures = (data: Uint8Array, first: Field, count = 0): (number | undefined)[] =>
  Array.from({ length: Math.min(count, MAX_SENSORS) }, (_, i) => celsiusOf(readField(data, inRow(first, i))));

/** Volts of as many cells as the unit says it has, from the first word; undefined when there cannot be so many. */
export const cellVoltages = (data: Uint8Array, count = 0, slots = 0): number[] | undefined =>
  count < 1 || count > slots ? undefined : readRow(data, word(0, { scale: 0.001 }), count);

/** Both switches, as far as they are told. */
export const fets = (charge: number | undefined, discharge: number | undefined): BatteryReading => {
  const [chargeFet, dischargeFet] = [isOn(charge), isOn(discharge)];
  return {
    ...(chargeFet !== undefined && { chargeFet }),
    ...(dischargeFet !== undefined && { dischargeFet }),
  };
};
