// What was, as the page asks for it: from the history, or without one what this office remembers.
import { isColumnName } from '../history/columns.ts';
import type { ListedEvent } from '../history/event-list.ts';
import type { PastEvent } from '../model/api/past.ts';
import { sentence } from '../model/errors.ts';
import type { Gateway, Refusal } from '../web/ground.ts';
import type { HeardEvents } from './heard-events.ts';

const MOST_POINTS = 2000;
const MOST_EVENTS = 1000;

const NO_HISTORY = 'there is no history: set `history:` in the gateway file, and start the gateway again';

type Past = Pick<Gateway, 'course' | 'events' | 'acknowledge'>;

function pastEvent(event: ListedEvent): PastEvent {
  const { beganMs, endedMs, endedBy, acknowledged, snapshot, about: _, details: __, ...same } = event;
  return {
    ...same,
    began_ms: beganMs,
    ...(endedMs !== undefined && { ended_ms: endedMs }),
    ...(endedBy && { ended_by: endedBy }),
    ...(acknowledged && { acknowledged: { by: acknowledged.by, at_ms: acknowledged.atMs } }),
    // Written by the history alone, from `snapshotOf`.
    ...(snapshot !== undefined && { snapshot: JSON.parse(snapshot) as Readonly<Record<string, unknown>> }),
  };
}

/** What goes wrong is said to who asked, in a sentence. */
async function orWhy<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    return { why: sentence(error) };
  }
}

/** Each look opens the file anew: the one that writes it may have moved it aside. */
async function reading<T>(path: string, read: (reader: Awaited<ReturnType<typeof opened>>) => T): Promise<T> {
  const reader = await opened(path);
  try {
    return read(reader);
  } finally {
    reader.close();
  }
}

/** SQLite is loaded where there is a history. */
async function opened(path: string) {
  const { readHistory } = await import('../history/reader.ts');
  return readHistory(path);
}

function fromHistory(path: string, wallMs: () => number): Past {
  return {
    course: ({ battery, fromMs, toMs, columns, points }) =>
      orWhy(async () => {
        const strange = columns.find((name) => !isColumnName(name));
        if (strange !== undefined) return { why: `the history has no column \`${strange}\`` };
        const most = Math.min(Math.max(2, Math.trunc(points)), MOST_POINTS);
        const asked = { fromMs, toMs, columns: columns.filter(isColumnName), points: most };
        const { stepMs, atMs, coveredMs, values } = await reading(path, (reader) =>
          reader.course({ ...asked, battery }),
        );
        return { step_ms: stepMs, at_ms: atMs, covered_ms: coveredMs, values };
      }),
    events: ({ isOpen, most, ...span }) =>
      orWhy(async () => {
        const asked = {
          ...span,
          most: Math.min(most, MOST_EVENTS),
          ...(isOpen !== undefined && { open: isOpen }),
        };
        const found = await reading(path, (reader) => reader.events(asked));
        return found.map(pastEvent).reverse();
      }),
    acknowledge: (event, by) =>
      orWhy(async () => {
        const { acknowledgeIn } = await import('../history/reader.ts');
        const before = acknowledgeIn(path, event, { by, atMs: wallMs() });
        if (before === undefined) return undefined;
        return before === 'unknown'
          ? { why: `there is no event \`${event}\`` }
          : { why: `${before.by} has acknowledged it already` };
      }),
  };
}

function fromMemory(heard: HeardEvents): Past {
  return {
    course: async () => ({ why: NO_HISTORY }),
    events: async ({ fromMs = 0, toMs = Number.POSITIVE_INFINITY, isOpen = false, most }) =>
      heard
        .past()
        .filter(
          ({ began_ms, ended_ms = Number.POSITIVE_INFINITY }) =>
            began_ms < toMs && ended_ms >= fromMs && (!isOpen || ended_ms === Number.POSITIVE_INFINITY),
        )
        .slice(0, most),
    acknowledge: async () => ({ why: `events are not kept: ${NO_HISTORY}` }),
  };
}

/** Events newest first. */
export const past = (path: string | undefined, heard: HeardEvents, wallMs: () => number): Past =>
  path === undefined ? fromMemory(heard) : fromHistory(path, wallMs);
