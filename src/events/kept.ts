// What lasts as text, so that the next start goes on with it.
import type { BankEvent, EventsKept } from '../model/events.ts';
import { BUILT_MS } from '../model/freshness.ts';
import { isEvent, isLasting, isMoment, type Moment, record, shifted } from './event-data.ts';

/** To be raised when the text gets another shape. */
const FORM = 1;
/** What lasted a week ago is no news of today; and a clock that is wrong by years is not believed. */
const LONGEST_OFF_MS = 7 * 86_400_000;

/** A moment, and the boot of the machine whose monotonic clock it is of. */
export interface BootMoment extends Moment {
  readonly boot: string;
}

export const keptText = (events: readonly BankEvent[], { boot, monotonicMs, wallMs }: BootMoment): string =>
  `${JSON.stringify({ form: FORM, boot, monotonic_ms: monotonicMs, wall_ms: wallMs, events })}\n`;

/**
 * How long ago it was written. Over a boot only the dates tell, where there are any: it is at least as long as this boot lasts,
 * so that nothing comes to lie in the future.
 */
function agoMs(then: BootMoment, now: BootMoment): number {
  if (then.boot === now.boot) return now.monotonicMs - then.monotonicMs;
  const dated = then.wallMs >= BUILT_MS && now.wallMs >= BUILT_MS ? now.wallMs - then.wallMs : 0;
  return Math.max(now.monotonicMs, dated);
}

/** Undefined when this is no text of ours, or too old. */
export function readKept(text: string, now: BootMoment): EventsKept | undefined {
  try {
    const { form, boot, monotonic_ms: monotonicMs, wall_ms: wallMs, events } = record(JSON.parse(text));
    if (form !== FORM || !isMoment(monotonicMs) || !isMoment(wallMs) || !Array.isArray(events))
      return undefined;
    const ago = agoMs({ boot: String(boot), monotonicMs, wallMs }, now);
    if (!(ago >= 0 && ago <= LONGEST_OFF_MS)) return undefined;
    const untilMs = now.monotonicMs - ago;
    const lasting = events.filter(isEvent).filter(isLasting);
    const ours = lasting.map((event) => shifted(event, untilMs - monotonicMs));
    return { untilMs, events: ours.filter(({ beganAtMs }) => beganAtMs <= untilMs) };
  } catch {
    return undefined;
  }
}

/** An office finds events of its own: they are known by the name of its run. */
export const officeRun = (run: string): string => `${run}o`;
const isOfOffice = ({ id }: BankEvent): boolean => /o-\d+$/.test(id);

/** What the wires looked after, or the office. */
export const keptBy = (who: 'wires' | 'office', { events, untilMs }: EventsKept): EventsKept => ({
  untilMs,
  events: events.filter((event) => isOfOffice(event) === (who === 'office')),
});
