import { z } from '../profile/document.ts';
import type { Check } from './schema.ts';

/** A topic that messages are sent to; with the ids that follow it stays far below what any broker takes. */
const topic = z.string().regex(/^(?!\/)(?!.*\/\/)[^#+\p{Cc}\s]{1,100}(?<!\/)$/u, {
  error:
    'a topic is words with `/` between them, without spaces, `#` and `+`, e.g. `bmsgate` or `home/cellar`',
});
const absolute = z.string().startsWith('/', { error: 'write the whole path, beginning with `/`' });

/** `mqtt:` of the gateway file (docs/home-assistant.md). */
export const mqtt = z.strictObject({
  url: z
    .string()
    .regex(
      /^mqtts?:\/\/(\[[0-9a-f:.]+\]|[^\s/:@[\]?#]+)(:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]))?\/?$/i,
      {
        error:
          'write `mqtts://` or `mqtt://`, a host and if need be a port, e.g. "mqtts://broker.lan"; the user has a key of its own',
      },
    ),
  username: z.string().min(1).max(1000).optional(),
  password_file: absolute.optional(),
  ca_file: absolute.optional(),
  discovery_prefix: topic.default('homeassistant'),
  topic: topic.default('bmsgate'),
  birth_topic: topic.optional(),
  name: z
    .string()
    .regex(/^\P{Cc}{1,60}$/u, { error: 'a name is up to 60 characters on one line, e.g. `Cellar`' })
    .default('bmsgate'),
});

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
