// An event as JSON for other programs, under the names of the catalogue of events.
import { type BankEvent, severityOf } from '../model/events.ts';

/** Moments in UTC; what still lasts has `ended` null. `wallMs` gives the wall clock at a monotonic moment. */
export function eventText(event: BankEvent, wallMs: (atMs: number) => number): string {
  const { id, kind, subject, alarm, text, details, beganAtMs, endedAtMs, peak } = event;
  const iso = (atMs: number) => new Date(wallMs(atMs)).toISOString();
  return JSON.stringify({
    id,
    kind,
    severity: severityOf(event),
    subject: subject ?? null,
    alarm: alarm ?? null,
    text,
    details: details ?? {},
    began: iso(beganAtMs),
    ended: endedAtMs === undefined ? null : iso(endedAtMs),
    peak: peak ?? null,
  });
}
