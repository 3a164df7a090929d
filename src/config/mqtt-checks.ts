import type { Check } from './schema.ts';

/** What belongs together in it. */
export const mqttParts: Check = ({ value: { mqtt: given }, problemAt }) => {
  if (!given) return [];
  const { url, username, password_file, ca_file, topic: own, discovery_prefix } = given;
  return [
    ...(password_file !== undefined && username === undefined
      ? [problemAt(['mqtt', 'password_file'], 'a password belongs to a user; give `username` too', 'key')]
      : []),
    ...(ca_file !== undefined && !/^mqtts:/i.test(url)
      ? [
          problemAt(
            ['mqtt', 'ca_file'],
            '`ca_file` belongs to TLS; write `mqtts://` in `url`, or take it out',
            'key',
          ),
        ]
      : []),
    ...(own === discovery_prefix
      ? [
          problemAt(
            ['mqtt', 'topic'],
            `\`${own}\` is where Home Assistant looks for devices; take another topic`,
          ),
        ]
      : []),
  ];
};
