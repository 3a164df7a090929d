// The last run as docs/performance.md shows it: what ran, when, and the tables.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';
import { markdownTables } from './table.ts';

/** What one run of the bench leaves behind. */
export interface Run {
  /** ISO, the day alone. */
  readonly date: string;
  readonly isQuick: boolean;
  readonly machine: Machine;
  /** The machine's load before and after, one-minute averages. */
  readonly load: readonly [number, number];
  readonly rows: readonly Row[];
}

const MARKS = /(?<=<!-- the last run -->\n)[\s\S]*?(?=\n<!-- end of the last run -->)/;

const headOf = ({ date, isQuick, machine, load }: Run): string =>
  `${date}${isQuick ? ', a quick run (few samples)' : ''}: ${machine.cores} cores of an ${machine.processor}, ` +
  `${machine.memoryGB} GB, a virtual machine; Node ${machine.node}; load ${load[0]} before, ${load[1]} after.`;

/** Which budgets were missed, in a sentence. */
export function verdictOf(rows: readonly Row[]): string {
  const judged = rows.filter(({ isMet }) => isMet !== undefined);
  const missed = judged.filter(({ isMet }) => !isMet).map(({ part, what }) => `${part}: ${what}`);
  const absent = rows.filter(({ missing }) => missing !== undefined).length;
  return `${judged.length - missed.length} of ${judged.length} budgets met${missed.length ? `; missed: ${missed.join('; ')}` : ''}${
    absent ? `; ${absent} rows missing` : ''
  }`;
}

/** Puts a run between the marks of a page; throws when the page has none. */
export function writeMarkdown(path: string, run: Run): void {
  const page = readFileSync(path, 'utf8');
  if (!MARKS.test(page))
    throw new Error(`${path} has no \`<!-- the last run -->\` with its end; add both lines`);
  const made = `\n${headOf(run)}\n\n${verdictOf(run.rows)}.\n\n${markdownTables(run.rows)}\n`;
  writeFileSync(
    path,
    page.replace(MARKS, () => made),
  );
}
