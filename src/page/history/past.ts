// Asks the gateway for what was, and again each minute while the end of the window is now.
import { useEffect, useState } from 'preact/hooks';
import type { PastCourse, PastEvent } from '../../model/api/past.ts';
import { ask, isRefused } from '../ask.ts';
import { allColumns } from './charts.ts';
import { pointsFor, type TimeWindow } from './spans.ts';

export interface Past {
  readonly window: TimeWindow;
  readonly battery: string;
  readonly course?: PastCourse;
  readonly events: readonly PastEvent[];
  readonly why?: string;
}

export interface PastWanted extends TimeWindow {
  /** Empty: the bank. */
  readonly battery: string;
}

const MOST_EVENTS = 200;

export function courseQuery(
  { battery, fromMs, toMs }: PastWanted,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({
    from_ms: String(Math.round(fromMs)),
    to_ms: String(Math.round(toMs)),
    columns: allColumns.join(','),
    ...(battery !== '' && { battery }),
    ...more,
  });
  return query.toString();
}

async function read(wanted: PastWanted, left: AbortSignal): Promise<Past> {
  const { fromMs, toMs, battery } = wanted;
  const points = String(pointsFor(Math.min(innerWidth, 1200)));
  const [course, events] = await Promise.all([
    ask<PastCourse>(`/history?${courseQuery(wanted, { points })}`, { left }),
    ask<readonly PastEvent[]>(
      `/events?from_ms=${Math.round(fromMs)}&to_ms=${Math.round(toMs)}&most=${MOST_EVENTS}`,
      { left },
    ),
  ]);
  return {
    window: { fromMs, toMs },
    battery,
    events: isRefused(events) ? [] : events,
    ...(isRefused(course) ? { why: course.why } : { course }),
  };
}

/** Undefined until the first answer; what was read stays while the next is asked. */
export function usePast(wanted: PastWanted): { readonly past: Past | undefined; readonly isAsking: boolean } {
  const [past, setPast] = useState<Past>();
  const [isAsking, setAsking] = useState(true);
  useEffect(() => {
    const leaving = new AbortController();
    setAsking(true);
    void read(wanted, leaving.signal).then((answer) => {
      if (leaving.signal.aborted) return;
      setPast(answer);
      setAsking(false);
    });
    return () => leaving.abort();
  }, [wanted.battery, wanted.fromMs, wanted.toMs]);
  return { past, isAsking };
}
