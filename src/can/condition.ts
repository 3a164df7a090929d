import type { CanTrouble } from './port.ts';

/** How long all must go well before trouble is called over, ms, so that a flapping line is one line in the log. */
const SETTLE_MS = {
  unavailable: 2000,
  'bus-off': 15_000,
  'no-ack': 15_000,
  'error-passive': 15_000,
} as const;

const severity = { 'error-passive': 1, 'no-ack': 2, 'bus-off': 3, unavailable: 4 } as const;

/** What is known of a line: in trouble, and since when it has looked well again. */
export interface Condition {
  readonly trouble?: CanTrouble;
  readonly wellSinceMs?: number;
}

export const sound: Condition = {};

/** What was looked up counts, better or worse. */
export const found = (trouble: CanTrouble): Condition => ({ trouble });

/** What a controller says counts only if it is worse: bus-off follows error-passive and again the other way round. */
export const complained = (was: Condition, trouble: CanTrouble): Condition =>
  was.trouble && severity[was.trouble.kind] >= severity[trouble.kind] ? found(was.trouble) : found(trouble);

/** A frame went out or came in. The trouble stays until `settled` says otherwise. */
export const worked = (was: Condition, nowMs: number): Condition =>
  was.trouble && was.wellSinceMs === undefined ? { ...was, wellSinceMs: nowMs } : was;

/** A frame did not go out: the time to settle starts anew. */
export const faltered = (was: Condition): Condition => (was.trouble ? found(was.trouble) : sound);

/** True when all has gone well long enough; the line itself is then to be asked once more, for bus-off swallows frames. */
export const settled = ({ trouble, wellSinceMs }: Condition, nowMs: number): boolean =>
  trouble !== undefined && wellSinceMs !== undefined && nowMs - wellSinceMs >= SETTLE_MS[trouble.kind];

export const sameTrouble = (a: CanTrouble | undefined, b: CanTrouble | undefined): boolean =>
  a?.kind === b?.kind && a?.why === b?.why;
