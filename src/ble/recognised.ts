import type { Dialect, DriverOptions } from '../bms/driver.ts';
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
}

export interface Recognised {
  readonly dialect: Dialect;
  readonly line: Talk;
}

/** Finds how a unit talks by the first dialect that it answers; undefined when it answers none. Of one dialect nothing is asked. */
export async function recognise(o: Recognising): Promise<Recognised | undefined> {
  const [only] = o.dialects;
  if (o.dialects.length === 1) return { dialect: only, line: o.speak(only) };
  const isKnown = ({ id }: Dialect) => id === o.known;
  const inOrder = [...o.dialects.filter(isKnown), ...o.dialects.filter((d) => !isKnown(d))];
  for (const [i, dialect] of inOrder.entries()) {
    const line = o.speak(dialect);
    const [first] = dialect.requests(o.options ?? {});
    const answer = first && (await line.ask(first, i === 0 ? FIRST_MS : OTHERS_MS, o.options));
    if (answer) return { dialect, line };
  }
  return undefined;
}
