import { isReading } from './heard-reading.ts';
import {
  bleStacks,
  type EarOrders,
  type EarReport,
  type Errand,
  linkStates,
  type RadioOrder,
  recoveryOutcomes,
  restings,
  rungs,
} from './orders.ts';

// What comes from another process is held against the shape of an order or a report before anybody obeys or believes it.

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
  bluez: (m) => isText(m.adapter) && Object.values(record(m.passkeys)).every(isText),
  esphome: (m) => isText(m.host) && isNumber(m.port),
  wired: (m) => isText(m.path) && isNumber(m.baud),
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

export const isErrand = (value: unknown): value is Errand => {
  const m = record(value);
  if (m.kind === 'raw') return isText(m.hex);
  return m.kind === 'fet' && oneOf(m.direction, ['charge', 'discharge']) && typeof m.on === 'boolean';
};

const isRest = (m: Record<string, unknown>): boolean =>
  isText(m.battery) && oneOf(m.what, restings) && isNumber(m.untilMs);

const orderFields: Record<EarOrders['type'], (m: Record<string, unknown>) => boolean> = {
  listen: (m) =>
    isNumber(m.pollMs) &&
    isListOf(isRadio, m.radios) &&
    m.radios.length > 0 &&
    isListOf(isListenTo, m.batteries) &&
    (m.rests === undefined || isListOf((rest) => isRest(record(rest)), m.rests)),
  limits: (m) =>
    isNumber(m.chargeA) && isNumber(m.dischargeA) && [m.chargeV, m.dischargeV].every(isNumberOrAbsent),
  recover: (m) => isText(m.radio) && isText(m.battery) && oneOf(m.rung, rungs) && m.rung !== 'stand-in',
  command: (m) => [m.number, m.untilMs].every(isNumber) && isText(m.battery) && isErrand(m.errand),
  rest: isRest,
  resume: (m) => isText(m.battery),
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
