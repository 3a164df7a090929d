// The boxes as text, so that an office that was replaced tells nothing twice and forgets nothing. Moments are kept as wall time:
// another boot counts from another zero.
import { isEvent, isText, type Moment, record, shifted } from '../events/event-data.ts';
import type { BankEvent } from '../model/events.ts';
import type { Box, Due, Told } from './box.ts';
import type { Phase } from './message.ts';

/** To be raised when the text gets another shape. */
const FORM = 1;
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

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isListOf = (is: (value: unknown) => boolean, value: unknown): boolean =>
  Array.isArray(value) && value.every(is);

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
