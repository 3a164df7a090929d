// What the first lines of a server's answer mean for the message.
import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome } from './courier.ts';
import { isOwnHost } from './own-net.ts';

export type Meaning = Outcome | { readonly end: 'moved'; readonly to: URL };

/** These ask for the same request at another place; 303 asks for another request. */
const MOVES: readonly number[] = [301, 302, 307, 308];
/** The server has no time; every other 4xx says that the message is wrong, and it will be wrong again. */
const LATER: readonly number[] = [408, 429];

// An `import` of it would load Node's `fetch` (see web/node-http.ts).
const { STATUS_CODES } = process.getBuiltinModule('node:http');

const REMEDIES: Readonly<Record<number, string>> = {
  401: 'look at `token_file`',
  403: 'look at `token_file`',
  404: 'correct the address',
  405: 'correct the address',
  410: 'correct the address',
};

function movedTo(from: URL, location: string | undefined): Meaning {
  const to = location === undefined ? undefined : URL.parse(location, from.href);
  if (!to) return { end: 'refused', why: 'redirects to no address; write the one that takes messages' };
  if (to.origin === from.origin) return { end: 'moved', to };
  const isOwn = isOwnHost(to) || !/^https?:$/.test(to.protocol);
  const why = isOwn
    ? `redirects to ${to.host || to.protocol}, inside the own net: this is never followed; look at who runs that server`
    : `redirects to ${to.origin}, which is not followed; if that is right write it as the address`;
  return { end: 'refused', why };
}

/** Seconds only; a date would need a right clock. */
function retryAfter(text: string | undefined) {
  return text !== undefined && /^\d{1,6}$/.test(text) ? { notBeforeMs: Number(text) * 1000 } : {};
}

export interface Head {
  readonly statusCode?: number | undefined;
  readonly headers: IncomingHttpHeaders;
}

export function answerMeans(from: URL, { statusCode = 0, headers }: Head): Meaning {
  if (statusCode >= 200 && statusCode < 300) return { end: 'delivered' };
  if (MOVES.includes(statusCode)) return movedTo(from, headers.location);
  const words = STATUS_CODES[statusCode];
  const said = `answers ${statusCode}${words === undefined ? '' : ` (${words})`}`;
  if (statusCode >= 500 || LATER.includes(statusCode))
    return { end: 'later', why: said, ...retryAfter(headers['retry-after']) };
  return { end: 'refused', why: `${said}; ${REMEDIES[statusCode] ?? 'it does not take this message'}` };
}
