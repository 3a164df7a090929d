import { duration, z } from '../profile/document.ts';

const DAY_MS = 86_400_000;
/** A day is rolled up when it is over; until then its minutes must be there. */
const SHORTEST_MS = 3 * DAY_MS;
/** Minutes take most of the room; five weeks hold a month and the one before it to compare. */
const MINUTES_MS = 35 * DAY_MS;
const LONGEST_MS = 3660 * DAY_MS;

const span = duration.refine((ms) => ms >= SHORTEST_MS && ms <= LONGEST_MS, {
  error: 'this is 3d to 3660d',
});

/** `history:`; spans in ms. */
export const historySchema = z
  .strictObject({
    path: z
      .string()
      .startsWith('/', { error: 'write the whole path, beginning with `/`' })
      .default('/var/lib/bmsgate/history.db'),
    keep: span.prefault('400d'),
    minutes: span.optional(),
  })
  .refine(({ keep, minutes = 0 }) => minutes <= keep, {
    path: ['minutes'],
    error: '`minutes` is longer than `keep`; lower it, or raise `keep`',
  })
  .transform(({ keep, minutes = Math.min(MINUTES_MS, keep), ...rest }) => ({ ...rest, keep, minutes }));
