import { hostOf, isOwnHost } from '../alerts/own-net.ts';
import { eventKindNames, severities } from '../model/events.ts';
import { z } from '../profile/document.ts';

/** A topic of ntfy, and nothing behind it. */
const TOPIC = /^\/[-_A-Za-z0-9]{1,64}$/;

/** What is wrong with it in a sentence that does not repeat it: it may be a secret. */
function urlMistake(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || hostOf(url) === '')
    return 'write the whole address, beginning with `https://`';
  if (url.username !== '' || url.password !== '')
    return 'no name and password in an address; write the token into a file and name that in `token_file`';
  if (url.protocol === 'http:' && !isOwnHost(url))
    return 'over the internet only `https://`; `http://` is for addresses of your own net';
  return undefined;
}

const mistakeOf = (mistake: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = mistake(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const topicMistake = (text: string): string | undefined => {
  const url = URL.parse(text);
  return (
    urlMistake(text) ??
    (url && TOPIC.test(url.pathname) && url.search === '' && url.hash === ''
      ? undefined
      : 'write server and topic, as in `https://ntfy.sh/my-topic`; a topic is letters, digits, `-` and `_`')
  );
};

const absolute = z.string().startsWith('/', { error: 'write the whole path, beginning with `/`' });

export const alertSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
    error: 'a name is letters, digits, `-` and `_`, e.g. `phone`',
  }),
  webhook: mistakeOf(urlMistake).optional(),
  ntfy: mistakeOf(topicMistake).optional(),
  token_file: absolute.optional(),
  ca_file: absolute.optional(),
  site: z.string().min(1).max(64).optional(),
  kinds: z.array(z.enum(eventKindNames)).min(1).optional(),
  from_severity: z.enum(severities).optional(),
  when: z
    .array(z.enum(['begin', 'end']))
    .min(1)
    .default(['begin', 'end']),
});

export const alertsSchema = z.array(alertSchema).min(1).max(8);
