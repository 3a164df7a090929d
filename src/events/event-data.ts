// Events as they come back from a file: each field is checked before it is believed.
import { type BankEvent, eventKinds } from '../model/events.ts';

/** In the year 9999. */
const LAST_MS = 253e12;

/** One moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export const record = (value: unknown): Record<string, unknown> =>
  // Any object may be asked for its fields; each is checked before use.
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || isText(value);
/** There is a date for it, on every clock that it may be counted on. */
export const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) < LAST_MS;

/** As the ledger and the lines of the log take them. */
function hasSoundRest({ details, peak, line, over, alarm }: Record<string, unknown>): boolean {
  const { quantity, value } = record(peak);
  const isPeak = peak === undefined || (isText(quantity) && Number.isFinite(value));
  const isDetails = details === undefined || (typeof details === 'object' && details !== null);
  return isPeak && isDetails && [line, over, alarm].every(isTextOrAbsent);
}

export function isEvent(value: unknown): value is BankEvent {
  const fields = record(value);
  const { id, kind, text, subject, about, beganAtMs, endedAtMs } = fields;
  const isKnown = typeof kind === 'string' && Object.hasOwn(eventKinds, kind);
  const isNamed = isText(id) && isText(text) && isTextOrAbsent(subject) && isTextOrAbsent(about);
  const isDated = isMoment(beganAtMs) && (endedAtMs === undefined || isMoment(endedAtMs));
  return isKnown && isNamed && isDated && hasSoundRest(fields);
}

export const isLasting = ({ kind, endedAtMs }: BankEvent): boolean =>
  eventKinds[kind].lasts && endedAtMs === undefined;

export const shifted = (event: BankEvent, byMs: number): BankEvent => ({
  ...event,
  beganAtMs: event.beganAtMs + byMs,
  ...(event.endedAtMs !== undefined && { endedAtMs: event.endedAtMs + byMs }),
});
