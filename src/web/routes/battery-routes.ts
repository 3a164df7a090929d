// What a person asks of a battery. Each wish is answered step by step.

import { foretoldSchema } from '../answer-schemas.ts';
import type { BatteryWish, Gateway } from '../ground.ts';
import { type Route, route } from '../route.ts';
import { exactly, id, nothing, oneOf, only, yesNo } from '../schemas.ts';

interface Named {
  readonly id: string;
}
type What = 'link' | 'reading';
type Command = Extract<BatteryWish, { kind: 'raw' | 'fet' }>;

const what = only('link', 'reading');
/** Up to 64 bytes, which is more than any BMS takes at once. */
const hex = { type: 'string', pattern: '^([0-9a-fA-F]{2}){1,64}$', description: 'Bytes, two digits each' };
const command = oneOf(
  exactly({ kind: only('raw'), hex, confirmed: id }),
  exactly({ kind: only('fet'), direction: only('charge', 'discharge'), on: yesNo, confirmed: id }),
);

export const batteryRoutes = ({ foretell, wish }: Gateway): readonly Route[] => [
  route<unknown, { what: What }, Named>({
    method: 'GET',
    path: '/batteries/:id/foretell',
    role: 'installer',
    summary: 'What the inverters will see if this battery rests.',
    query: exactly({ what }),
    answer: foretoldSchema,
    handle: ({ params, query }) => foretell(params.id, query.what),
  }),
  route<{ what: What }, unknown, Named>({
    kind: 'steps',
    method: 'POST',
    role: 'installer',
    path: '/batteries/:id/rest',
    summary: 'Lets the link to a battery go, or asks it nothing, for at most ten minutes.',
    body: exactly({ what }),
    handle: ({ params, body, by = '', left }, tell) =>
      wish(params.id, { kind: 'rest', what: body.what }, by, tell, left),
  }),
  route<unknown, unknown, Named>({
    kind: 'steps',
    method: 'POST',
    role: 'installer',
    path: '/batteries/:id/resume',
    summary: 'Ends the rest of a battery.',
    body: nothing,
    handle: ({ params, by = '', left }, tell) => wish(params.id, { kind: 'resume' }, by, tell, left),
  }),
  route<Command, unknown, Named>({
    kind: 'steps',
    method: 'POST',
    role: 'installer',
    path: '/batteries/:id/command',
    summary:
      'Sends bytes to a battery or switches its FETs, as `control:` of gateway.yaml permits. `confirmed` is its id.',
    body: command,
    handle: ({ params, body, by = '', left }, tell) => wish(params.id, body, by, tell, left),
  }),
];
