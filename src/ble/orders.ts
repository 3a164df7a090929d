import type { DriverOptions, FetDirection } from '../bms/driver.ts';
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

/** One way to the air. A replay without `isLooped` lets its batteries fall silent at the end of the capture. */
export type RadioOrder = { readonly name: string } & (
  | { readonly form: 'noble'; readonly adapter: string; readonly stack: BleStack }
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

/** What a person may ask of a battery by hand. */
export type Errand =
  | { readonly kind: 'fet'; readonly direction: FetDirection; readonly on: boolean }
  | { readonly kind: 'raw'; readonly hex: string };

/** A person's command to one unit; answered by one `commanded` with its number. */
export interface CommandOrder {
  readonly type: 'command';
  readonly number: number;
  readonly battery: string;
  readonly errand: Errand;
}

/** What the wires process tells the ear. Plain data; `ping`, `pong` and `stop` belong to every child (`child.ts`). */
export type EarOrders =
  | ListenOrder
  | LimitsOrder
  | CommandOrder
  /** Something goes wrong with a simulated unit, or right again. Other forms do not care. */
  | { readonly type: 'fault'; readonly battery: string; readonly fault: 'hide' | 'show' | 'drop' };

export type LinkState = 'found' | 'connecting' | 'connected' | 'lost';

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
    }
  /** `count` is how many were not believed since the report before; at most one report a second per battery. */
  | { readonly type: 'rejected'; readonly battery: string; readonly why: string; readonly count: number }
  | {
      readonly type: 'adapter';
      readonly radio: string;
      readonly state: 'ready' | 'off' | 'missing';
      readonly why?: string;
    }
  | { readonly type: 'notice'; readonly battery?: string; readonly text: string }
  /** Every byte that went over the link for a command; `why` when it was not done. */
  | {
      readonly type: 'commanded';
      readonly number: number;
      readonly battery: string;
      readonly sent: readonly string[];
      readonly heard: readonly string[];
      readonly why?: string;
    };

const record = (message: unknown): Record<string, unknown> =>
  // Any object may be asked for its fields; each is checked before use.
  typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const oneOf = (value: unknown, names: readonly string[]): boolean => isText(value) && names.includes(value);

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
  return isText(form) && Object.hasOwn(radioFields, form) && radioFields[form as RadioOrder['form']](m);
};

const isListOf = (is: (value: unknown) => boolean, value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every(is);

const isNumberOrAbsent = (value: unknown): boolean => value === undefined || isNumber(value);

export const isErrand = (value: unknown): value is Errand => {
  const m = record(value);
  if (m.kind === 'raw') return isText(m.hex);
  return m.kind === 'fet' && oneOf(m.direction, ['charge', 'discharge']) && typeof m.on === 'boolean';
};

const orderFields: Record<EarOrders['type'], (m: Record<string, unknown>) => boolean> = {
  listen: (m) =>
    isNumber(m.pollMs) &&
    isListOf(isRadio, m.radios) &&
    m.radios.length > 0 &&
    isListOf(isListenTo, m.batteries),
  limits: (m) =>
    isNumber(m.chargeA) && isNumber(m.dischargeA) && [m.chargeV, m.dischargeV].every(isNumberOrAbsent),
  command: (m) => isNumber(m.number) && isText(m.battery) && isErrand(m.errand),
  fault: (m) => isText(m.battery) && oneOf(m.fault, ['hide', 'show', 'drop']),
};

const reportFields: Record<EarReport['type'], (m: Record<string, unknown>) => boolean> = {
  sample: (m) => isText(m.battery) && isNumber(m.atMs) && isReading(m.reading),
  link: (m) => isText(m.battery) && oneOf(m.state, ['found', 'connecting', 'connected', 'lost']),
  rejected: (m) => isText(m.battery) && isText(m.why) && isNumber(m.count),
  adapter: (m) => isText(m.radio) && oneOf(m.state, ['ready', 'off', 'missing']),
  notice: (m) => isText(m.text),
  commanded: (m) =>
    isNumber(m.number) && isText(m.battery) && isListOf(isText, m.sent) && isListOf(isText, m.heard),
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
