import type { Dialect, DriverOptions, Login } from '../bms/driver.ts';
import { requestsOf } from '../bms/round.ts';
import type { Talk } from './talk.ts';

/** A board that sleeps does not answer the first packet: the first dialect is tried twice (BLE reference 1.8). */
const FIRST_MS = [700, 700] as const;
const OTHERS_MS = [700] as const;

export interface Recognising {
  readonly dialects: readonly [Dialect, ...Dialect[]];
  /** The one that this unit spoke before is tried first. */
  readonly known: string | undefined;
  readonly options: DriverOptions | undefined;
  /** Speaks this dialect on the open channel from now on. */
  readonly speak: (dialect: Dialect) => Talk;
  readonly logIn: (login: Login, password: string) => Promise<void>;
}

export interface Recognised {
  readonly dialect: Dialect;
  readonly line: Talk;
}

/** Asks the first question of a dialect; true when it is answered. */
async function answers(line: Talk, dialect: Dialect, { options }: Recognising, limitsMs: readonly number[]) {
  const [first] = requestsOf({ dialect, options });
  return first !== undefined && (await line.ask(first, limitsMs, options)) !== undefined;
}

/** A unit with a password stays silent until it is told: plain words first, then the handshake (BLE reference 1.9). */
async function admitted(dialect: Dialect, o: Recognising): Promise<Recognised> {
  const line = o.speak(dialect);
  const { login } = dialect;
  const password = o.options?.password;
  if (!login || password === undefined || (await answers(line, dialect, o, FIRST_MS)))
    return { dialect, line };
  await o.logIn(login, password);
  return { dialect, line: o.speak(dialect) };
}

/** Finds how a unit talks by the first dialect that it answers; undefined when it answers none. Of one dialect nothing is asked. */
export async function recognise(o: Recognising): Promise<Recognised | undefined> {
  if (o.dialects.length === 1) return admitted(o.dialects[0], o);
  const isKnown = ({ id }: Dialect) => id === o.known;
  const inOrder = [...o.dialects.filter(isKnown), ...o.dialects.filter((d) => !isKnown(d))];
  for (const [i, dialect] of inOrder.entries()) {
    const line = o.speak(dialect);
    if (await answers(line, dialect, o, i === 0 ? FIRST_MS : OTHERS_MS)) return { dialect, line };
  }
  return undefined;
}
