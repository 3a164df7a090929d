// What was: columns of the history, and events with their snapshots. Moments of the wall clock, ms since 1970, UTC.
import type { Severity } from '../events.ts';

export interface PastCourse {
  /** Each value is of a step that begins at its moment. */
  readonly step_ms: number;
  /** Steps in which nothing was measured are not there. */
  readonly at_ms: readonly number[];
  readonly covered_ms: readonly number[];
  /** By column of the history; null is unknown. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface PastEvent {
  readonly id: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly subject?: string;
  readonly alarm?: string;
  readonly text: string;
  readonly began_ms: number;
  /** Absent while it lasts. */
  readonly ended_ms?: number;
  readonly ended_by?: 'restart';
  readonly over?: string;
  readonly became?: string;
  readonly peak?: { readonly quantity: string; readonly value: number };
  readonly acknowledged?: { readonly by: string; readonly at_ms: number };
  /** The bank when it began (`docs/history.md`). */
  readonly snapshot?: Readonly<Record<string, unknown>>;
}
