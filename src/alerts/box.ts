// What is to be told to one target, and what it was told: once when an event begins, once when it is over, however often we hear of it.
import { type BankEvent, eventKinds, severities, severityOf } from '../model/events.ts';
import type { Phase } from './message.ts';
import type { AlertTarget } from './target.ts';

export interface Due {
  readonly event: BankEvent;
  readonly phase: Phase;
  /** Since when it waits; monotonic. */
  readonly sinceMs: number;
}

export interface Told {
  readonly id: string;
  /** Of an event that is over nothing more is told. */
  readonly over: boolean;
}

export interface Box {
  /** On its way now. */
  readonly flying?: Due;
  /** Oldest first. */
  readonly due: readonly Due[];
  readonly told: readonly Told[];
}

export const emptyBox: Box = { due: [], told: [] };

/** The newest that wait for a server that is away. */
export const MOST_DUE = 100;
/** Of each kind. What is open is told to us again when the office was replaced: it must be known longest. */
const MOST_TOLD = 200;

const rank = (event: BankEvent): number => severities.indexOf(severityOf(event));

/** A target is never told that itself cannot be told. */
export function isWanted(event: BankEvent, { id, kinds, fromSeverity }: AlertTarget): boolean {
  if (event.kind === 'alert_undelivered' && event.subject === id) return false;
  return rank(event) >= severities.indexOf(fromSeverity) && (kinds?.includes(event.kind) ?? true);
}

function phaseOf({ kind, endedAtMs }: BankEvent): Phase {
  if (!eventKinds[kind].lasts) return 'moment';
  return endedAtMs === undefined ? 'begin' : 'end';
}

/** What is known of an event: nothing, that it began, or that it is over. */
function toldOf({ flying, told }: Box, id: string): Told | undefined {
  if (flying?.event.id === id) return { id, over: flying.phase !== 'begin' };
  return told.find((known) => known.id === id);
}

/** Of what became something as bad the target is told that; nothing is over. */
const wentOn = ({ became, ...event }: BankEvent, target: AlertTarget): boolean =>
  became !== undefined &&
  severities.indexOf(eventKinds[became].severity) >= rank(event) &&
  isWanted({ ...event, kind: became }, target);

const isSaidAt = (phase: Phase, event: BankEvent, target: AlertTarget): boolean =>
  phase === 'moment' || (target.when.includes(phase) && !(phase === 'end' && wentOn(event, target)));

/** The box with this news: a peak and an end change what still waits, instead of making one message more. */
export function taken(box: Box, event: BankEvent, target: AlertTarget, nowMs: number): Box {
  if (!isWanted(event, target)) return box;
  const phase = phaseOf(event);
  const isSaid = isSaidAt(phase, event, target);
  const place = box.due.findIndex((due) => due.event.id === event.id);
  const waiting = box.due[place];
  if (waiting) {
    const news = { ...waiting, event, ...(isSaid && { phase }) };
    return waiting.phase === 'begin' ? { ...box, due: box.due.with(place, news) } : box;
  }
  const told = toldOf(box, event.id);
  if (!isSaid || told?.over || (told && phase === 'begin')) return box;
  return { ...box, due: [...box.due, { event, phase, sinceMs: nowMs }].slice(-MOST_DUE) };
}

/** The next goes on its way. */
export function sentOff(box: Box): Box {
  const [flying, ...due] = box.due;
  return flying ? { ...box, flying, due } : box;
}

/** What was on its way has arrived, or will never. */
export function settled({ flying, due, told }: Box): Box {
  if (!flying) return { due, told };
  const { id } = flying.event;
  const all = [...told.filter((known) => known.id !== id), { id, over: flying.phase !== 'begin' }];
  const newest = (over: boolean) => all.filter((known) => known.over === over).slice(-MOST_TOLD);
  return { due, told: [...newest(true), ...newest(false)] };
}

/** What was on its way waits again; an end that came meanwhile stands for both. */
export function returned({ flying, due, told }: Box): Box {
  if (!flying) return { due, told };
  const later = due.findIndex(({ event }) => event.id === flying.event.id);
  const end = due[later];
  if (!end) return { told, due: [flying, ...due].slice(-MOST_DUE) };
  return { told, due: [{ ...end, sinceMs: flying.sinceMs }, ...due.toSpliced(later, 1)] };
}
