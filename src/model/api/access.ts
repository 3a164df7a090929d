// Who may reach the gateway: accounts, tokens, and what a battery answers to a wish, as the page and the server speak of them.
import type { Role } from './site.ts';

/** One of `GET /accounts`. */
export interface AccountLine {
  readonly name: string;
  readonly role: Role;
}

/** One of `GET /tokens`. Moments of the wall clock, ms since 1970. */
export interface TokenLine {
  readonly name: string;
  readonly role: Role;
  readonly created_ms: number;
  /** Absent: never, or not since the gateway was started. */
  readonly used_ms?: number;
}

/** What `POST /tokens` answers: the only time that the secret is told. */
export interface NewToken {
  readonly secret: string;
}

/**
 * One line of the answer to a wish for a battery (`application/x-ndjson`): steps as they are done, then `done` or `why`.
 * A wish that is refused before its first step is answered as 409 with `why` alone.
 */
export type WishLine = { readonly step: string } | { readonly done: true } | { readonly why: string };

/** What every refusal is answered with, whatever its status. */
export interface ApiRefusal {
  readonly why: string;
}

/** At least so many characters. */
export const PASSWORD_LEAST = 10;
