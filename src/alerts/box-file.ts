// The boxes as text, so that an office that was replaced tells nothing twice and forgets nothing. Moments are kept as wall time:
// another boot counts from another zero.
import { type BankEvent, eventKinds } from '../model/events.ts';
import type { Box, Due, Told } from './box.ts';
import type { Phase } from './message.ts';

/** To be raised when the text gets another shape. */
const FORM = 1;
/** In the year 9999. */
const LAST_MS = 253e12;

/** One moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

interface KeptDue {
  readonly phase: Phase;
  readonly waitedMs: number;
  /** Its moments are of the wall. */
  readonly event: BankEvent;
}

interface KeptBox {
  readonly due: readonly KeptDue[];
  readonly told: readonly Told[];
}

const record = (value: unknown): Record<string, unknown> =>
  // Any object may be asked for its fields; each is checked before use.
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
/** There is a date for it, on every clock that it may be counted on. */
const isMoment = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) < LAST_MS;
const isMomentOrAbsent = (value: unknown): boolean => value === undefined || isMoment(value);
const isListOf = (is: (value: unknown) => boolean, value: unknown): boolean =>
  Array.isArray(value) && value.every(is);

function isEvent(value: unknown): boolean {
  const { id, kind, text, beganAtMs, endedAtMs } = record(value);
  const isKnown = typeof kind === 'string' && Object.hasOwn(eventKinds, kind);
  return isKnown && isText(id) && isText(text) && isMoment(beganAtMs) && isMomentOrAbsent(endedAtMs);
}

function isDue(value: unknown): boolean {
  const { phase, waitedMs, event } = record(value);
  return ['begin', 'end', 'moment'].includes(String(phase)) && isNumber(waitedMs) && isEvent(event);
}

function isTold(value: unknown): boolean {
  const { id, over } = record(value);
  return isText(id) && typeof over === 'boolean';
}

const isBox = (value: unknown): value is KeptBox =>
  isListOf(isDue, record(value).due) && isListOf(isTold, record(value).told);

const shifted = (event: BankEvent, byMs: number): BankEvent => ({
  ...event,
  beganAtMs: event.beganAtMs + byMs,
  ...(event.endedAtMs !== undefined && { endedAtMs: event.endedAtMs + byMs }),
});

/** What is on its way waits again: nobody knows whether it arrives. */
const waiting = ({ flying, due }: Box): readonly Due[] => (flying ? [flying, ...due] : due);

const kept = (box: Box, now: Moment): KeptBox => ({
  due: waiting(box).map(({ phase, sinceMs, event }) => ({
    phase,
    waitedMs: now.monotonicMs - sinceMs,
    event: shifted(event, now.wallMs - now.monotonicMs),
  })),
  told: box.told,
});

export function boxesText(targets: ReadonlyMap<string, Box>, now: Moment): string {
  const entries = Array.from(targets, ([id, box]) => [id, kept(box, now)] as const);
  return `${JSON.stringify({ form: FORM, targets: Object.fromEntries(entries) })}\n`;
}

const boxOf = ({ due, told }: KeptBox, now: Moment): Box => ({
  due: due.map(({ phase, waitedMs, event }) => ({
    phase,
    sinceMs: now.monotonicMs - waitedMs,
    event: shifted(event, now.monotonicMs - now.wallMs),
  })),
  told,
});

/** Undefined when this is no text of ours. */
export function readBoxes(text: string, now: Moment): ReadonlyMap<string, Box> | undefined {
  try {
    const { form, targets } = record(JSON.parse(text));
    const boxes = Object.entries(record(targets));
    if (form !== FORM || typeof targets !== 'object') return undefined;
    return new Map(boxes.flatMap(([id, box]) => (isBox(box) ? [[id, boxOf(box, now)] as const] : [])));
  } catch {
    return undefined;
  }
}
