// Asks the API of the gateway. Nothing here throws: what went wrong is a sentence in the answer.
import { signal } from '@preact/signals';
import { t } from './words/words.ts';

export interface Refused {
  /** One sentence for the reader. */
  readonly why: string;
  /** Of HTTP; absent where the gateway did not answer at all. */
  readonly status?: number;
}

export const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && 'why' in answer && typeof answer.why === 'string';

/** Grows each time that an answer says the session is over. */
export const sessionEnded = signal(0);

const ANSWER_WITHIN_MS = 20_000;

export interface AskOptions {
  /** What is sent; a question with it changes something. */
  readonly post?: unknown;
  readonly left?: AbortSignal;
}

/** `ask<Site>('/site')`; the answer is what the route of that name gives. */
export async function ask<T>(path: string, { post, left }: AskOptions = {}): Promise<T | Refused> {
  try {
    const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`/api/v1${path}`, {
      method: post === undefined ? 'GET' : 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      signal: left ? AbortSignal.any([left, timeout]) : timeout,
      ...(post !== undefined && {
        body: JSON.stringify(post),
        headers: { 'Content-Type': 'application/json' },
      }),
    });
    return await answerOf<T>(response);
  } catch {
    return { why: t('session.unreachable') };
  }
}

async function answerOf<T>(response: Response): Promise<T | Refused> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  // Cut off on its way: every route answers with something.
  if (response.ok && body === undefined) return { why: t('session.unreachable') };
  // The route's own schema says what it gives.
  if (response.ok) return body as T;
  if (status === 401) sessionEnded.value++;
  return { why: isRefused(body) ? body.why : `${status} ${response.statusText}`, status };
}
