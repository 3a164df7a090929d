// One thing that can be asked of the API, as it is served and as it is documented.
import type { Role } from '../model/api/site.ts';
import type { Caller } from './caller.ts';
import type { Refusal } from './ground.ts';
import type { Reader } from './reader.ts';

/** JSON Schema, draft 7. */
export type Schema = Readonly<Record<string, unknown>>;

/** Who asks, and what. `body`, `query` and `params` fit their schemas. */
export interface Asked<Body = unknown, Query = unknown, Params = unknown> {
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  /** The name of the account or token; absent where nobody is logged in. */
  readonly by: string | undefined;
  /** Aborted when the client is gone. */
  readonly left: AbortSignal;
  readonly caller: Caller;
  /** Gives the browser the secret of a login, or takes it back. */
  readonly keepLogin: (secret: string | undefined) => void;
}

/** A refusal with a status of its own; 409 without. */
export interface Refused extends Refusal {
  readonly status?: 400 | 401 | 403 | 404 | 409 | 429 | 503;
  /** When it is worth asking again, seconds. */
  readonly waitS?: number;
}

interface Question {
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
  /** The answer may have megabytes: refused with 503 while too many such wait to be taken. */
  readonly isLarge?: true;
}

/** Answered at once, as JSON. */
export interface JsonRoute<Body = unknown, Query = unknown, Params = unknown> extends Question {
  readonly kind?: undefined;
  /** What is answered with 200. */
  readonly answer?: Schema;
  /** An object with `why` is answered as 409, or with its own `status`. */
  readonly handle: (asked: Asked<Body, Query, Params>) => unknown;
}

/** Answered at once, as a file of text. */
export interface TextRoute<Body = unknown, Query = unknown, Params = unknown> extends Question {
  readonly kind: 'text';
  readonly media: string;
  /** What a browser saves it as. */
  readonly fileName: string;
  readonly handle: (asked: Asked<Body, Query, Params>) => Promise<string | Refused>;
}

/** Answered step by step, one JSON document a line (`WishLine`). */
export interface StepsRoute<Body = unknown, Query = unknown, Params = unknown> extends Question {
  readonly kind: 'steps';
  readonly handle: (
    asked: Asked<Body, Query, Params>,
    tell: (step: string) => void,
  ) => Promise<Refused | undefined>;
}

/** Answered without an end, as server-sent events. */
export interface StreamRoute extends Question {
  readonly kind: 'stream';
  readonly method: 'GET';
  /** What the data of each event is, by its name. */
  readonly events: Readonly<Record<string, Schema>>;
  /** How many may listen at once. */
  readonly most: number;
  /** Calling the result ends it. */
  readonly open: (reader: Reader) => () => void;
}

export type Route = JsonRoute | TextRoute | StepsRoute | StreamRoute;

type Plain<Body, Query, Params> =
  | JsonRoute<Body, Query, Params>
  | TextRoute<Body, Query, Params>
  | StepsRoute<Body, Query, Params>;

/** A route whose handler knows its types. */
export const route = <Body = unknown, Query = unknown, Params = unknown>(
  typed: Plain<Body, Query, Params>,
): Route =>
  // What comes is held against the schemas that stand beside these types before it is handed on.
  typed as Route;
