import type { Check } from './schema.ts';

/** Each alert has a name of its own and one server. */
export const alerts: Check = ({ value, problemAt }) =>
  (value.alerts ?? []).flatMap(({ id, webhook, ntfy }, at, all) => [
    ...(all.findIndex((other) => other.id === id) < at
      ? [problemAt(['alerts', at, 'id'], `alert \`${id}\` is listed twice; give each alert its own id`)]
      : []),
    ...((webhook === undefined) === (ntfy === undefined)
      ? [
          problemAt(
            ['alerts', at],
            `alert \`${id}\` has ${webhook === undefined ? 'no server' : 'two servers'}; give it one of \`webhook\`, \`ntfy\``,
          ),
        ]
      : []),
  ]);
