// Tables as comma-separated values (RFC 4180). What is unknown is empty; numbers are as they are.
import type { PastCourse, PastEvent } from '../model/api/past.ts';

type Cell = string | number | null | undefined;

/** A spreadsheet takes a text with one of these first for a formula, and obeys it. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = isFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvText = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');

const utc = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString());

/** A row for each step in which something was measured. */
export function courseCsv({ at_ms, covered_ms, values }: PastCourse): string {
  const columns = Object.entries(values);
  return csvText([
    ['time', 'covered_s', ...columns.map(([name]) => name)],
    ...at_ms.map((atMs, row) => [
      utc(atMs),
      (covered_ms[row] ?? 0) / 1000,
      ...columns.map(([, column]) => column[row]),
    ]),
  ]);
}

const eventColumns = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  severity: ({ severity }) => severity,
  subject: ({ subject }) => subject,
  alarm: ({ alarm }) => alarm,
  text: ({ text }) => text,
  began: ({ began_ms }) => utc(began_ms),
  ended: ({ ended_ms }) => utc(ended_ms),
  peak_quantity: ({ peak }) => peak?.quantity,
  peak_value: ({ peak }) => peak?.value,
  acknowledged_by: ({ acknowledged }) => acknowledged?.by,
  acknowledged: ({ acknowledged }) => utc(acknowledged?.at_ms),
} satisfies Record<string, (event: PastEvent) => Cell>;

export const eventsCsv = (events: readonly PastEvent[]): string =>
  csvText([
    Object.keys(eventColumns),
    ...events.map((event) => Object.values(eventColumns).map((cell) => cell(event))),
  ]);
