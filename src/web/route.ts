// One thing that can be asked of the API, as it is served and as it is documented.
import type { Role } from '../model/api/site.ts';

/** JSON Schema, draft 7. */
export type Schema = Readonly<Record<string, unknown>>;

/** Who asks, and what. `body`, `query` and `params` fit their schemas. */
export interface Asked {
  readonly body: unknown;
  readonly query: unknown;
  readonly params: unknown;
  /** The name of the account or token; absent where nobody is logged in. */
  readonly by: string | undefined;
  /** Aborted when the client is gone. */
  readonly left: AbortSignal;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`; `:name` is a parameter. */
  readonly path: string;
  /** The least role that may ask; `anyone` needs no login. */
  readonly role: Role | 'anyone';
  /** A sentence for the documentation. */
  readonly summary: string;
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  /** What is answered with 200. */
  readonly answer?: Schema;
  /** An object with `why` is answered as 409. */
  readonly handle: (asked: Asked) => unknown;
}
