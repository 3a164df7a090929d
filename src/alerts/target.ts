import type { EventKind, Severity } from '../model/events.ts';

/** Somebody who wants to be told of events. */
export interface AlertTarget {
  readonly id: string;
  readonly form: 'webhook' | 'ntfy';
  /** Of a webhook where it is posted to; of ntfy `https://host/topic`. May be a secret: it is never shown whole. */
  readonly url: string;
  /** Holds the token that is sent as `Authorization: Bearer …`. */
  readonly tokenFile?: string;
  /** Holds the certificate of the authority that the server is known by, instead of the usual ones. */
  readonly caFile?: string;
  /** Only these; without it all. */
  readonly kinds?: readonly EventKind[];
  readonly fromSeverity: Severity;
  readonly when: readonly ('begin' | 'end')[];
  /** How this gateway is called in the message. */
  readonly site: string;
}
