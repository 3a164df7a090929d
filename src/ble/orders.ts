import type { DriverOptions } from '../bms/driver.ts';
import type { BatteryReading } from '../model/battery.ts';
import { isReading } from './heard-reading.ts';

/** One unit to listen to. UUIDs overrule the driver's own (older adapters have one characteristic for both). */
export interface ListenTo {
  readonly id: string;
  readonly bms: string;
  readonly address: string;
  /** Which of the radios hears it; the first where nothing is said. */
  readonly radio?: string;
  readonly service?: string;
  readonly notify?: string;
  readonly write?: string;
  readonly options?: DriverOptions;
}

/** One pack of a simulation as it begins; 16 cells, 100 Ah and 60 % where nothing is said. */
export interface SimulatedPack {
  readonly cells?: number;
  readonly capacityAh?: number;
  readonly socPct?: number;
}

/** The bank that a simulation lives as: battery ids as in `gateway.yaml`, inner lists in series. */
export interface SimulatedBank {
  readonly strings: readonly (readonly string[])[];
  readonly packs?: { readonly [battery: string]: SimulatedPack };
}

export const bleStacks = ['stoprocent', 'abandonware'] as const;
export type BleStack = (typeof bleStacks)[number];

/** One way to the air. `slots`: how many links it can hold at a time, no limit where nothing is said. A replay without `isLooped` lets its batteries fall silent at the end of the capture. */
export type RadioOrder = { readonly name: string; readonly slots?: number } & (
  | {
      readonly form: 'noble';
      readonly adapter: string;
      readonly stack: BleStack;
      /** The adapter that takes over when this one is past help. */
      readonly standIn?: string;
    }
  | { readonly form: 'simulated'; readonly bank: SimulatedBank }
  | { readonly form: 'replay'; readonly captureFile: string; readonly isLooped?: boolean }
);

/** The first order; a later one replaces it. */
export interface ListenOrder {
  readonly type: 'listen';
  /** 1000 to 5000. */
  readonly pollMs: number;
  readonly radios: readonly [RadioOrder, ...RadioOrder[]];
  readonly batteries: readonly ListenTo[];
}

/** What the inverter was told, all positive; a living bank's house keeps to it. Other forms do not care. */
export interface LimitsOrder {
  readonly type: 'limits';
  readonly chargeA: number;
  readonly dischargeA: number;
  /** CVL and DVL; what is not told does not bind. */
  readonly chargeV?: number;
  readonly dischargeV?: number;
}

/** What may help a radio that hears a unit but cannot read it, from the mildest on. */
export const rungs = ['disconnect', 'forget', 'power cycle', 'restart', 'stand-in'] as const;
export type Rung = (typeof rungs)[number];

const recoveryOutcomes = ['tried', 'helped', 'did not help', 'not possible'] as const;
export type RecoveryOutcome = (typeof recoveryOutcomes)[number];

/** One thing to try: with the link of this battery, or with the whole radio. The stand-in is a new listen order instead. */
export interface RecoverOrder {
  readonly type: 'recover';
  readonly radio: string;
  readonly battery: string;
  readonly rung: Exclude<Rung, 'stand-in'>;
}

/** What the wires process tells the ear. Plain data; `ping`, `pong` and `stop` belong to every child (`child.ts`). */
export type EarOrders =
  | ListenOrder
  | LimitsOrder
  | RecoverOrder
  /** Something goes wrong with a simulated unit, or right again. Other forms do not care. */
  | { readonly type: 'fault'; readonly battery: string; readonly fault: 'hide' | 'show' | 'drop' };

/** `resting`: the link was given back for another unit. */
const linkStates = ['found', 'connecting', 'connected', 'lost', 'resting'] as const;
export type LinkState = (typeof linkStates)[number];

/** What the ear tells the wires process. Plain data; `atMs` is the system-wide monotonic clock. */
export type EarReport =
  | {
      readonly type: 'sample';
      readonly battery: string;
      readonly atMs: number;
      readonly reading: BatteryReading;
    }
  | {
      readonly type: 'link';
      readonly battery: string;
      readonly state: LinkState;
      readonly why?: string;
      readonly rssiDbm?: number;
      /** Units take turns on this radio, and this is only the next. */
      readonly inTurn?: boolean;
      /** What was lost was a link, not an attempt at one. */
      readonly wasOpen?: boolean;
    }
  /** What was tried on a radio that hears a unit but cannot read it. `helped` once it is read again. */
  | {
      readonly type: 'recovery';
      readonly radio: string;
      readonly battery: string;
      readonly rung: Rung;
      readonly outcome: RecoveryOutcome;
      readonly why?: string;
    }
  /** `count` is how many were not believed since the report before; at most one report a second per battery. */
  | { readonly type: 'rejected'; readonly battery: string; readonly why: string; readonly count: number }
  | {
      readonly type: 'adapter';
      readonly radio: string;
      readonly state: 'ready' | 'off' | 'missing';
      readonly why?: string;
    }
  | { readonly type: 'notice'; readonly battery?: string; readonly text: string };

const record = (message: unknown): Record<string, unknown> =>
  // Any object may be asked for its fields; each is checked before use.
  typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const oneOf = (value: unknown, names: readonly string[]): boolean => isText(value) && names.includes(value);

const isNumberOrAbsent = (value: unknown): boolean => value === undefined || isNumber(value);

const isListenTo = (value: unknown): boolean => {
  const { id, bms, address } = record(value);
  return isText(id) && isText(bms) && isText(address);
};

const radioFields: Record<RadioOrder['form'], (m: Record<string, unknown>) => boolean> = {
  noble: (m) => isText(m.adapter) && oneOf(m.stack, bleStacks),
  simulated: (m) => typeof m.bank === 'object' && m.bank !== null,
  replay: (m) => isText(m.captureFile),
};

const isRadio = (value: unknown): boolean => {
  const m = record(value);
  const { form } = m;
  // Looked up only when the table has that key.
  if (!isNumberOrAbsent(m.slots)) return false;
  return isText(form) && Object.hasOwn(radioFields, form) && radioFields[form as RadioOrder['form']](m);
};

const isListOf = (is: (value: unknown) => boolean, value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every(is);

const orderFields: Record<EarOrders['type'], (m: Record<string, unknown>) => boolean> = {
  listen: (m) =>
    isNumber(m.pollMs) &&
    isListOf(isRadio, m.radios) &&
    m.radios.length > 0 &&
    isListOf(isListenTo, m.batteries),
  limits: (m) =>
    isNumber(m.chargeA) && isNumber(m.dischargeA) && [m.chargeV, m.dischargeV].every(isNumberOrAbsent),
  recover: (m) => isText(m.radio) && isText(m.battery) && oneOf(m.rung, rungs) && m.rung !== 'stand-in',
  fault: (m) => isText(m.battery) && oneOf(m.fault, ['hide', 'show', 'drop']),
};

const reportFields: Record<EarReport['type'], (m: Record<string, unknown>) => boolean> = {
  sample: (m) => isText(m.battery) && isNumber(m.atMs) && isReading(m.reading),
  link: (m) => isText(m.battery) && oneOf(m.state, linkStates),
  recovery: (m) =>
    isText(m.radio) && isText(m.battery) && oneOf(m.rung, rungs) && oneOf(m.outcome, recoveryOutcomes),
  rejected: (m) => isText(m.battery) && isText(m.why) && isNumber(m.count),
  adapter: (m) => isText(m.radio) && oneOf(m.state, ['ready', 'off', 'missing']),
  notice: (m) => isText(m.text),
};

const fits = (fields: Record<string, (m: Record<string, unknown>) => boolean>, message: unknown): boolean => {
  const m = record(message);
  return isText(m.type) && Object.hasOwn(fields, m.type) && (fields[m.type]?.(m) ?? false);
};

export const isEarOrders = (message: unknown): message is EarOrders => fits(orderFields, message);

export const isEarReport = (message: unknown): message is EarReport => fits(reportFields, message);

/** A report as it comes off IPC, or undefined when it is none. JSON turns the hole of a broken sensor into null: mended here. */
export function earReport(message: unknown): EarReport | undefined {
  if (!isEarReport(message)) return undefined;
  if (message.type !== 'sample' || !message.reading.temperaturesC) return message;
  const temperaturesC = message.reading.temperaturesC.map((celsius) => celsius ?? undefined);
  return { ...message, reading: { ...message.reading, temperaturesC } };
}
