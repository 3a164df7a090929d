import { rationed, withoutNumbers } from '../events/ration.ts';
import type { Clock } from '../model/freshness.ts';

const MOST_IN_WINDOW = 10;

type Field = string | number | undefined;

interface Line {
  readonly level: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** Lines are of one kind when only numbers set them apart. */
const kindOf = ({ level, text, fields }: Line): string =>
  withoutNumbers(
    [level, text, ...Object.values(fields).filter((value) => typeof value === 'string')].join(' '),
  );

/**
 * Keeps the log readable: of one kind ten lines in ten minutes, the first of the next ten minutes tells how many were withheld.
 * A unit at the edge of its reach then costs no more than that.
 */
export function calmly<L extends Line>(clock: Clock, say: (line: L) => void): (line: L) => void {
  const admit = rationed(MOST_IN_WINDOW);
  return (line) => {
    const withheld = admit(`${line.fields.battery ?? ''} ${kindOf(line)}`, clock());
    if (withheld === undefined) return;
    say(withheld ? { ...line, fields: { ...line.fields, withheld } } : line);
  };
}
