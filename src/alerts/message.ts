// What somebody is told of an event: the JSON body of a webhook (docs/alerts.md).
import type { AlarmName } from '../model/alarms.ts';
import { type BankEvent, type EventKind, eventKinds, type Peak, type Severity } from '../model/events.ts';

/** An `end` may be the only message of its event: then the server was away when it began. */
export type Phase = 'begin' | 'end' | 'moment';

export interface AlertMessage {
  /** With `phase` it is the message's own: what comes twice is the same. */
  readonly id: string;
  readonly kind: EventKind | 'test';
  readonly severity: Severity;
  readonly phase: Phase;
  readonly site: string;
  /** The kind in words. */
  readonly title: string;
  readonly text: string;
  /** How it ended, where that needs words. */
  readonly over?: string;
  readonly subject?: string;
  readonly alarm?: AlarmName;
  /** Wall times, ISO 8601. */
  readonly began: string;
  readonly ended?: string;
  readonly peak?: Peak;
}

/** `wallMs` turns a monotonic moment into wall time. */
export function messageOf(
  event: BankEvent,
  phase: Phase,
  { site, wallMs }: { readonly site: string; readonly wallMs: (atMs: number) => number },
): AlertMessage {
  const { id, kind, text, subject, alarm, beganAtMs, endedAtMs, peak, over } = event;
  const time = (atMs: number) => new Date(wallMs(atMs)).toISOString();
  return {
    id,
    kind,
    severity: eventKinds[kind].severity,
    phase,
    site,
    title: eventKinds[kind].title,
    text,
    ...(over !== undefined && { over }),
    ...(subject !== undefined && { subject }),
    ...(alarm !== undefined && { alarm }),
    began: time(beganAtMs),
    ...(endedAtMs !== undefined && { ended: time(endedAtMs) }),
    ...(peak && { peak }),
  };
}

/** What `bmsgate alerts test` sends. */
export const testMessage = (site: string, nowMs: number): AlertMessage => ({
  id: `test-${nowMs.toString(36)}`,
  kind: 'test',
  severity: 'info',
  phase: 'moment',
  site,
  title: 'Test',
  text: 'This is a test of the alerts of bmsgate; nothing has happened.',
  began: new Date(nowMs).toISOString(),
  ended: new Date(nowMs).toISOString(),
});
