import { z } from '../profile/document.ts';

/** A topic that messages are sent to; with the ids that follow it stays far below what any broker takes. */
const topic = z.string().regex(/^(?![/$])(?!.*\/\/)[^#+\p{Cc}\s]{1,100}(?<!\/)$/u, {
  error:
    'a topic is words with `/` between them, without spaces, `#` and `+`, e.g. `bmsgate` or `home/cellar`',
});
const absolute = z.string().startsWith('/', { error: 'write the whole path, beginning with `/`' });

/** A name of ASCII letters, as resolvers take it, or an address; not port 0. */
const URL_WORDS =
  /^mqtts?:\/\/(\[[0-9a-f:.]+\]|[\w.-]+)(:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]))?\/?$/i;

/** `mqtt:` of the gateway file (docs/home-assistant.md). */
export const mqtt = z.strictObject({
  // What passes here must be one that `URL` can take apart: it is read once more in the gateway, where nobody expects it to fail.
  url: z.string().refine((text) => URL_WORDS.test(text) && URL.canParse(text), {
    error:
      'write `mqtts://` or `mqtt://`, a host and if need be a port, e.g. "mqtts://broker.lan"; the user has a key of its own',
  }),
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
