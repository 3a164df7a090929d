// The profile of an inverter: what explains its bytes, and another one held against it.
import { explainedSchema, trialSchema } from '../answer-schemas.ts';
import type { Gateway } from '../ground.ts';
import { type Route, route } from '../route.ts';
import { exactly, textUpTo } from '../schemas.ts';

/** Characters; the body's own limit lies above. */
const MOST_PROFILE = 200_000;

export const inverterRoutes = ({ explain, trial }: Gateway): readonly Route[] => [
  route<unknown, unknown, { id: string }>({
    method: 'GET',
    path: '/inverters/:id/profile',
    role: 'operator',
    summary: 'The profile in force, with the line that made each byte.',
    answer: explainedSchema,
    handle: ({ params }) => explain(params.id),
  }),
  route<{ text: string }, unknown, { id: string }>({
    method: 'POST',
    path: '/inverters/:id/trial',
    role: 'installer',
    summary:
      'Proves a profile and shows the bytes that it would make of the bank as it is. Nothing is put into force.',
    body: exactly({ text: textUpTo(MOST_PROFILE, 0) }),
    answer: trialSchema,
    handle: ({ params, body }) => trial(params.id, body.text),
  }),
];
