// The profile of each inverter with its lines, asked once and again when another one comes into force.
import { signal } from '@preact/signals';
import type { Live } from '../../model/api/live.ts';
import type { ExplainedProfile } from '../../profile/explained.ts';
import { ask, isRefused } from '../ask.ts';

export interface Known {
  /** What was in force when it was asked. */
  readonly of: string;
  readonly profile?: ExplainedProfile;
  readonly why?: string;
}

/** By inverter. */
export const explained = signal<ReadonlyMap<string, Known>>(new Map());

const asked = new Map<string, string>();

function keep(inverter: string, known: Known): void {
  if (asked.get(inverter) === known.of) explained.value = new Map(explained.value).set(inverter, known);
}

const changes: readonly string[] = ['profile_taken', 'profile_dropped', 'inverter_served'];

/** Whoever writes at a profile need not change its version: the newest event that tells of another text, or nothing. */
export const lastChange = (events: Live['events'], inverter: string): string =>
  Object.entries(events)
    .filter(([, { kind, subject }]) => subject === inverter && changes.includes(kind))
    .toSorted(([, a], [, b]) => b.began_ms - a.began_ms)[0]?.[0] ?? '';

const AGAIN_MS = 3000;

/** Unless somebody has asked meanwhile. */
function askAgain(inverter: string, of: string): void {
  if (!asked.has(inverter)) void learnProfile(inverter, of);
}

/** `of`: whatever tells the text in force from another. */
export async function learnProfile(inverter: string, of: string): Promise<void> {
  if (asked.get(inverter) === of) return;
  asked.set(inverter, of);
  const answer = await ask<ExplainedProfile>(`/inverters/${encodeURIComponent(inverter)}/profile`);
  if (!isRefused(answer)) keep(inverter, { of, profile: answer });
  else {
    keep(inverter, { of, why: answer.why });
    // The next look asks again; a gateway that was too busy to answer has the answer soon.
    asked.delete(inverter);
    if (answer.status === undefined) setTimeout(() => askAgain(inverter, of), AGAIN_MS);
  }
}
