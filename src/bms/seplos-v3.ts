import { bitsOf } from '../bytes/bits.ts';
import { inRow, readAll, readField, readFields, readRow } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Advert, Answer, BmsDriver, Dialect, DriverOptions, Learned, Pending } from './driver.ts';
import { type Block, bytesOf, dataOf, modbusFraming, objection, readRequest } from './modbus-frame.ts';
import * as at from './seplos-v3-fields.ts';

/** All packs as one. */
const BANK_UNIT = 0x00;
/** The pack that carries the Bluetooth module, to its display; frames of this unit also come unasked. */
const DISPLAY_UNIT = 0xe0;
const LAST_PACK = 16;
/** A pack alone, or the first of several. */
const MASTER = 1;

/** Boards of up to 200 A count hundredths of an ampere, those of 300 A and 400 A tenths (the maker's protocol since V0.2). */
const SMALL_BOARD_A = 250;

interface Context {
  /** The pack that speaks. */
  readonly unit: number;
  readonly options: DriverOptions;
  readonly learned: Learned;
}

interface Read {
  readonly reading: BatteryReading;
  readonly learned?: Learned;
}

const numberOf = (value: Learned[string] | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

/** Settings tell how many of the 16 cell slots are used. */
function readSettings(data: Uint8Array, { unit }: Context): Read | undefined {
  const told = readAll(data, at.settings);
  if (!told || told.cells < 1 || told.cells > at.MAX_CELLS) return undefined;
  const { chargeOverCurrentA: charge, dischargeOverCurrentA: discharge } = told;
  const sensors = Math.min(told.sensors, at.MAX_SENSORS);
  return {
    reading: {
      ...(charge !== 0 && { chargeOverCurrentA: Math.abs(charge) }),
      ...(discharge !== 0 && { dischargeOverCurrentA: Math.abs(discharge) }),
    },
    learned: { [`cells of ${unit}`]: told.cells, [`sensors of ${unit}`]: sensors },
  };
}

/** What the owner says overrules what the board's rating suggests. */
function currentScale(data: Uint8Array, { capacityScale = 'auto' }: DriverOptions): 0.01 | 0.1 {
  if (capacityScale !== 'auto') return capacityScale === 10 ? 0.1 : 0.01;
  const { chargeA = 0, dischargeA = 0 } = readFields(data, at.ratings);
  return Math.max(chargeA, dischargeA) > SMALL_BOARD_A ? 0.1 : 0.01;
}

function readPack(data: Uint8Array, { options }: Context): Read | undefined {
  const currentA = readField(data, at.current(currentScale(data, options)));
  return currentA === undefined ? undefined : { reading: { ...readFields(data, at.pack), currentA } };
}

/** Without settings all slots are cells, but a last one of 0 V may be unused: a wrong number of cells would stop the output. */
function readCells(data: Uint8Array, { learned, unit }: Context): Read | undefined {
  const mosfetTemperatureC = readField(data, at.mosfet);
  const slots = readRow(data, at.cell, at.MAX_CELLS);
  const cells = numberOf(learned[`cells of ${unit}`]) ?? (slots.at(-1) === 0 ? undefined : at.MAX_CELLS);
  const sensors = numberOf(learned[`sensors of ${unit}`]) ?? at.MAX_SENSORS;
  if (cells === undefined) return undefined;
  return {
    reading: {
      cellVoltagesV: slots.slice(0, cells),
      temperaturesC: Array.from({ length: sensors }, (_, i) => readField(data, inRow(at.sensor, i))),
      ...(mosfetTemperatureC !== undefined && { mosfetTemperatureC }),
    },
  };
}

/** The names of one severity whose bits are set, each once. */
const raised = (bytes: Uint8Array, of: 'warnings' | 'alarms'): AlarmName[] => [
  ...new Set(
    [...bytes].flatMap((byte, i) => bitsOf(byte).flatMap((bit) => at.events[i]?.[of]?.[bit - 1] ?? [])),
  ),
];

function readEvents(bytes: Uint8Array): BatteryReading & { readonly fets: number } {
  return {
    fets: bytes[at.FETS] ?? 0,
    alarms: raised(bytes, 'alarms'),
    warnings: raised(bytes, 'warnings'),
  };
}

const fetsOf = (fets: number): BatteryReading => ({
  chargeFet: (fets & at.CHARGE_FET) !== 0,
  dischargeFet: (fets & at.DISCHARGE_FET) !== 0,
});

/** FETs of a bank of several say nothing of one pack. */
function readBank(data: Uint8Array, { options }: Context): Read {
  const { fets, ...reading } = readEvents(data);
  return { reading: { ...reading, ...(options.unit === undefined && fetsOf(fets)) } };
}

function readState(data: Uint8Array): Read {
  const { fets, ...reading } = readEvents(data.subarray(at.EVENTS_OF_STATE));
  const { low = 0, high = 0 } = readFields(data, at.balancing);
  return { reading: { ...reading, ...fetsOf(fets), balancingCells: bitsOf(low + 256 * high) } };
}

interface Part {
  readonly name: string;
  readonly block: Block;
  readonly read: (data: Uint8Array, context: Context) => Read | undefined;
}

const settings: Part = { name: 'settings', block: at.SETTINGS, read: readSettings };
const pack: Part = { name: 'pack', block: at.PACK, read: readPack };
const cells: Part = { name: 'cells', block: at.CELLS, read: readCells };
const bank: Part = { name: 'bank', block: at.BANK, read: readBank };
const state: Part = { name: 'state', block: at.STATE, read: readState };
const parts: readonly Part[] = [settings, pack, cells, bank, state];

const isPack = (unit: number): boolean => unit >= 1 && unit <= LAST_PACK;
const unitText = (unit: number): string => `unit ${unit}`;

/** Each part has a length of its own; the bank has no cells and a pack is no bank. */
const partOf = ([unit = 0, fn]: Uint8Array, length: number): Part | undefined =>
  parts.find(
    (part) =>
      part.block.fn === fn &&
      bytesOf(part.block) === length &&
      (part === bank ? unit === BANK_UNIT : isPack(unit) || (part === settings && unit === DISPLAY_UNIT)),
  );

function answer(frame: Uint8Array, { request, options, learned }: Pending): Answer {
  const objected = objection(frame, request);
  if (objected) return objected;
  const data = dataOf(frame);
  const part = partOf(frame, data.length);
  const [unit = 0] = frame;
  if (!part)
    return { kind: 'rejected', why: `${data.length} data bytes of ${unitText(unit)} are no answer we know` };
  const read = part.read(data, { unit: unit === DISPLAY_UNIT ? MASTER : unit, options, learned });
  if (read) return { kind: 'part', part: part.name, ...read };
  // The cells would be the same if asked again: the next round begins with the settings.
  const [kind, lacks] =
    part === cells
      ? (['refused', 'has not told its'] as const)
      : (['rejected', 'tells no possible'] as const);
  return { kind, why: `${unitText(unit)} ${lacks} number of cells` };
}

const ask = (unit: number, { name, block }: Part, required: boolean) => ({
  name,
  bytes: readRequest(unit, block),
  required,
});

/**
 * A pack alone is asked for the states of its bank, EIC, which are its own (seen on every unit in public captures). Where the
 * owner names units, several packs share the link: each is asked for its own states, PIC, which the maker's table grants to
 * Bluetooth but no public capture shows; the first also for the bank's, so that alarms are heard where packs do not tell PIC.
 */
function requests({ unit }: DriverOptions) {
  const own = unit ?? MASTER;
  return [
    { ...ask(own === MASTER ? DISPLAY_UNIT : own, settings, false), once: true },
    ask(own, pack, true),
    ask(own, cells, true),
    ...(own === MASTER ? [ask(BANK_UNIT, bank, unit === undefined)] : []),
    ...(unit === undefined ? [] : [ask(own, state, false)]),
  ];
}

export const seplosV3Modbus: Dialect = {
  id: 'modbus',
  requests,
  framing: modbusFraming({
    fns: [1, 4],
    isUnit: (unit) => unit === BANK_UNIT || isPack(unit) || unit === DISPLAY_UNIT,
    longest: bytesOf(at.SETTINGS),
  }),
  answer,
};

/** Names of the boards: SP05B…, SP112B…, XZHX…, CSY…, ST001… (BLE reference, section 11; the longer ones from newer adverts). */
const matches = ({ name = '', services }: Advert): boolean =>
  /^(SP\d{2,3}B|XZHX|CSY|ST\d{3})/.test(name) && (services.length === 0 || services.includes('fff0'));

/** Seplos V3, made by Xinzhiheng (BLE reference, section 5). */
export const seplosV3: BmsDriver = {
  id: 'seplos-v3',
  title: 'Seplos V3 (XZH)',
  gatt: [{ service: 'fff0', notify: 'fff1', write: 'fff2' }],
  matches,
  dialects: [seplosV3Modbus],
};
