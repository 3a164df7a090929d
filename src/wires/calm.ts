import type { Clock } from '../model/freshness.ts';

const WINDOW_MS = 600_000;
const MOST_IN_WINDOW = 10;
/** Kinds of lines that are remembered; a stranger's words must not fill the memory. */
const MOST_KINDS = 500;

type Field = string | number | undefined;

interface Line {
  readonly level: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, Field>>;
}

interface Tally {
  readonly sinceMs: number;
  readonly said: number;
  readonly withheld: number;
}

/** Lines are of one kind when only numbers set them apart. */
const kindOf = ({ level, text, fields }: Line): string =>
  [level, text, ...Object.values(fields).filter((value) => typeof value === 'string')]
    .join(' ')
    .replace(/\d+(\.\d+)?/g, '#');

/**
 * Keeps the log readable: of one kind ten lines in ten minutes, the first of the next ten minutes tells how many were withheld.
 * A unit at the edge of its reach, or an alarm at the edge of its threshold, then costs no more than that.
 */
export function calmly<L extends Line>(clock: Clock, say: (line: L) => void): (line: L) => void {
  const tallies = new Map<string, Tally>();
  return (line) => {
    const nowMs = clock();
    const kind = `${line.fields.battery ?? ''} ${line.fields.inverter ?? ''} ${kindOf(line)}`;
    const was = tallies.get(kind);
    const goesOn = was && nowMs - was.sinceMs < WINDOW_MS;
    if (goesOn && was.said >= MOST_IN_WINDOW) {
      tallies.set(kind, { ...was, withheld: was.withheld + 1 });
      return;
    }
    if (tallies.size >= MOST_KINDS) tallies.clear();
    tallies.set(kind, goesOn ? { ...was, said: was.said + 1 } : { sinceMs: nowMs, said: 1, withheld: 0 });
    const withheld = goesOn ? 0 : (was?.withheld ?? 0);
    say(withheld ? { ...line, fields: { ...line.fields, withheld } } : line);
  };
}
