// What was: the history and the events.
import { courseSchema, pastEventSchema } from '../answer-schemas.ts';
import { courseCsv, eventsCsv } from '../csv.ts';
import type { EventsAsked, Gateway, PastAsked } from '../ground.ts';
import { type Route, route } from '../route.ts';
import { described, exactly, id, moment, nothing, only, rowOf, textUpTo, wholeFrom } from '../schemas.ts';

interface CourseQuery {
  readonly battery?: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly columns: string;
  readonly points?: number;
}
interface EventsQuery {
  readonly from_ms?: number;
  readonly to_ms?: number;
  readonly open?: 'true' | 'false';
  readonly most?: number;
}

const MOST_POINTS = 10_000;
const MOST_EVENTS = 1000;
const CSV = 'text/csv; charset=utf-8';

const courseQuery = exactly(
  {
    from_ms: moment,
    to_ms: moment,
    columns: described('Names of columns, with commas between', textUpTo(2000)),
  },
  { battery: described('Without it: the bank', id), points: wholeFrom(1, MOST_POINTS) },
);
const eventsQuery = exactly(
  {},
  {
    from_ms: moment,
    to_ms: moment,
    open: described('Those that last, or those that are over', only('true', 'false')),
    most: wholeFrom(1, MOST_EVENTS),
  },
);

const courseAsked = (
  { battery, from_ms, to_ms, columns, points }: CourseQuery,
  usual: number,
): PastAsked => ({
  ...(battery !== undefined && { battery }),
  fromMs: from_ms,
  toMs: to_ms,
  columns: [...new Set(columns.split(',').map((name) => name.trim()))],
  points: points ?? usual,
});

const eventsAsked = ({ from_ms, to_ms, open, most = 200 }: EventsQuery): EventsAsked => ({
  ...(from_ms !== undefined && { fromMs: from_ms }),
  ...(to_ms !== undefined && { toMs: to_ms }),
  ...(open !== undefined && { isOpen: open === 'true' }),
  most,
});

const backwards = { why: '`to_ms` must be later than `from_ms`', status: 400 } as const;
const isBackwards = ({ from_ms, to_ms }: CourseQuery): boolean => to_ms <= from_ms;

const courseRoutes = ({ course }: Gateway): readonly Route[] => [
  route<unknown, CourseQuery>({
    method: 'GET',
    path: '/history',
    isLarge: true,
    role: 'viewer',
    summary: 'Columns of the history over a span (docs/history.md).',
    query: courseQuery,
    answer: courseSchema,
    handle: ({ query }) => (isBackwards(query) ? backwards : course(courseAsked(query, 600))),
  }),
  route<unknown, CourseQuery>({
    kind: 'text',
    media: CSV,
    fileName: 'bmsgate-history.csv',
    method: 'GET',
    path: '/history.csv',
    isLarge: true,
    role: 'viewer',
    summary: 'The same as a table for a spreadsheet.',
    query: courseQuery,
    async handle({ query }) {
      if (isBackwards(query)) return backwards;
      const past = await course(courseAsked(query, MOST_POINTS));
      return 'why' in past ? past : courseCsv(past);
    },
  }),
];

const eventRoutes = ({ events, acknowledge }: Gateway): readonly Route[] => [
  route<unknown, EventsQuery>({
    method: 'GET',
    path: '/events',
    isLarge: true,
    role: 'viewer',
    summary: 'What happened, newest first.',
    query: eventsQuery,
    answer: rowOf(pastEventSchema),
    handle: ({ query }) => events(eventsAsked(query)),
  }),
  route<unknown, EventsQuery>({
    kind: 'text',
    media: CSV,
    fileName: 'bmsgate-events.csv',
    method: 'GET',
    path: '/events.csv',
    isLarge: true,
    role: 'viewer',
    summary: 'The same as a table for a spreadsheet.',
    query: eventsQuery,
    async handle({ query }) {
      const past = await events(eventsAsked(query));
      return 'why' in past ? past : eventsCsv(past);
    },
  }),
  route<unknown, unknown, { id: string }>({
    method: 'POST',
    path: '/events/:id/acknowledge',
    role: 'operator',
    summary: 'Notes who has seen an event.',
    body: nothing,
    answer: nothing,
    handle: async ({ params, by = '' }) => (await acknowledge(params.id, by)) ?? {},
  }),
];

export const pastRoutes = (gateway: Gateway): readonly Route[] => [
  ...courseRoutes(gateway),
  ...eventRoutes(gateway),
];
