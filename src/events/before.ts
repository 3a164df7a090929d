// What lasted when the gateway ended: for how long it is waited for after the next start.
import type { BankEvent, EventKind } from '../model/events.ts';

/** These a start finds in its first seconds, or they are over. */
const atOnce: readonly EventKind[] = [
  'good_copy_in_force',
  'clock_wrong',
  'battery_rests',
  'radio_down',
  'radio_stand_in',
  'inverter_unserved',
  'wire_down',
];
const AT_ONCE_MS = 30_000;
/** A bank has its first full picture within a minute; trouble on a wire is counted for one. */
const LATER_MS = 120_000;

export const graceMs = ({ kind }: BankEvent): number => (atOnce.includes(kind) ? AT_ONCE_MS : LATER_MS);

export const wordsOf = (text: string): readonly string[] => text.split(/[\s,;]+/);

/** It is about a battery that was not spoken of before. */
export function namesAnother({ text }: BankEvent, batteries: readonly string[] = []): boolean {
  const words = wordsOf(text);
  return batteries.some((id) => !words.includes(id));
}

/** How it ended, where nobody saw the end. */
export const NOT_SEEN = 'not seen again since the gateway was started';
