// What happened, read from the gateway and kept up to date by what it tells live.
import { useEffect, useState } from 'preact/hooks';
import type { Live } from '../../model/api/live.ts';
import type { PastEvent } from '../../model/api/past.ts';
import { ask, isRefused } from '../ask.ts';
import { live } from '../live/connection.ts';
import { olderThan, withLive } from './event-list.ts';

const PAGE = 100;

const liveEvents = (now: Live | undefined): PastEvent[] =>
  Object.entries(now?.events ?? {}).map(([id, { flaps: _, ...event }]) => ({ id, ...event }));

export interface PastEvents {
  readonly events: readonly PastEvent[];
  readonly why?: string | undefined;
  readonly isAsking: boolean;
  /** There may be older ones. */
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly acknowledge: (id: string) => Promise<string | undefined>;
}

const newestOf = { most: PAGE, toMs: undefined };
type Page = typeof newestOf | ReturnType<typeof olderThan>;

const askFor = ({ toMs, most }: Page) =>
  ask<readonly PastEvent[]>(`/events?most=${most}${toMs === undefined ? '' : `&to_ms=${toMs}`}`);

export function usePastEvents(): PastEvents {
  const [read, setRead] = useState<readonly PastEvent[]>([]);
  const [why, setWhy] = useState<string>();
  const [isAsking, setAsking] = useState(true);
  const [hasMore, setMore] = useState(false);

  async function load(page: Page = newestOf): Promise<void> {
    setAsking(true);
    const answer = await askFor(page);
    setAsking(false);
    setWhy(isRefused(answer) ? answer.why : undefined);
    if (isRefused(answer)) return;
    setRead((before) => withLive(before, answer));
    setMore(answer.length >= page.most);
  }

  // Whatever is new may have a snapshot, which only the list has.
  const newest = Object.keys(live.value?.events ?? {}).join();
  useEffect(() => void load(), [newest]);

  async function acknowledge(id: string): Promise<string | undefined> {
    const answer = await ask(`/events/${encodeURIComponent(id)}/acknowledge`, { post: {} });
    if (isRefused(answer)) return answer.why;
    await load();
    return undefined;
  }

  return {
    events: withLive(read, liveEvents(live.value)),
    why,
    isAsking,
    hasMore,
    more: () => void load(olderThan(read, PAGE)),
    acknowledge,
  };
}
