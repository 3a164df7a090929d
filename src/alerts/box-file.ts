// The boxes as text, so that an office that was replaced tells nothing twice and forgets nothing. Moments are kept as wall time:
// another boot counts from another zero.
import { eventKindNames } from '../model/events.ts';
import { z } from '../profile/document.ts';
import type { Box, Due } from './box.ts';

/** To be raised when the text gets another shape. */
const FORM = 1;

const event = z.object({
  id: z.string(),
  kind: z.enum(eventKindNames),
  subject: z.string().optional(),
  alarm: z.string().optional(),
  text: z.string(),
  beganAtMs: z.number(),
  endedAtMs: z.number().optional(),
  peak: z.object({ quantity: z.string(), value: z.number() }).optional(),
});
const box = z.object({
  due: z.array(z.object({ phase: z.enum(['begin', 'end', 'moment']), waitedMs: z.number().min(0), event })),
  told: z.array(z.object({ id: z.string(), over: z.boolean() })),
});
const boxes = z.object({ form: z.literal(FORM), targets: z.record(z.string(), box) });

/** One moment on both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

const shifted = (due: Due, byMs: number): Due['event'] => {
  const { beganAtMs, endedAtMs } = due.event;
  return {
    ...due.event,
    beganAtMs: beganAtMs + byMs,
    ...(endedAtMs !== undefined && { endedAtMs: endedAtMs + byMs }),
  };
};

/** What is on its way waits again: nobody knows whether it arrives. */
const waiting = ({ flying, due }: Box): readonly Due[] => (flying ? [flying, ...due] : due);

export function boxesText(targets: ReadonlyMap<string, Box>, now: Moment): string {
  const written = (kept: Box) => ({
    due: waiting(kept).map((due) => ({
      phase: due.phase,
      waitedMs: now.monotonicMs - due.sinceMs,
      event: shifted(due, now.wallMs - now.monotonicMs),
    })),
    told: kept.told,
  });
  const entries = Array.from(targets, ([id, kept]) => [id, written(kept)] as const);
  return `${JSON.stringify({ form: FORM, targets: Object.fromEntries(entries) })}\n`;
}

function boxOf({ due, told }: z.output<typeof box>, now: Moment): Box {
  const dues = due.map(({ phase, waitedMs, event: kept }) => {
    const sinceMs = now.monotonicMs - waitedMs;
    // Written by ourselves from an event: the names of its alarms are ours.
    return {
      phase,
      sinceMs,
      event: shifted({ phase, sinceMs, event: kept as Due['event'] }, now.monotonicMs - now.wallMs),
    };
  });
  return { due: dues, told };
}

/** Undefined when this is no text of ours. */
export function readBoxes(text: string, now: Moment): ReadonlyMap<string, Box> | undefined {
  try {
    const { success, data } = boxes.safeParse(JSON.parse(text));
    if (!success) return undefined;
    return new Map(Object.entries(data.targets).map(([id, kept]) => [id, boxOf(kept, now)]));
  } catch {
    return undefined;
  }
}
