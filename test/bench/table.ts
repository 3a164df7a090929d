// The bench's rows as one table: for a terminal, and as Markdown for docs/performance.md.
import type { Row } from './row.ts';

const figure = (n: number | undefined): string => {
  if (n === undefined || Number.isNaN(n)) return '';
  if (n >= 100) return n.toFixed(0);
  return n >= 10 ? n.toFixed(1) : n.toFixed(3);
};

const verdict = ({ budget, isMet }: Row): string => {
  if (budget === undefined) return '';
  return `${budget}: ${isMet ? 'met' : 'MISSED'}`;
};

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['what', ({ part, what }) => `${part}: ${what}`],
  ['beside', ({ load = '' }) => load],
  ['n', ({ count }) => (count === undefined ? '' : String(count))],
  ['a second', ({ perSecond }) => perSecond?.toFixed(perSecond < 100 ? 1 : 0) ?? ''],
  ['min', ({ min }) => figure(min)],
  ['p50', ({ p50 }) => figure(p50)],
  ['p99', ({ p99 }) => figure(p99)],
  ['p99.9', ({ p999 }) => figure(p999)],
  ['max', ({ max }) => figure(max)],
  ['unit', ({ unit = '' }) => unit],
  ['% of a core', ({ cpuPct }) => cpuPct?.toFixed(1) ?? ''],
  ['RSS MB', ({ rssMB }) => rssMB?.toFixed(0) ?? ''],
  ['PSS MB', ({ pssMB }) => pssMB?.toFixed(0) ?? ''],
  ['physics', ({ limit }) => figure(limit)],
  ['ours by', ({ oursBy }) => (oursBy === undefined ? '' : `× ${oursBy.toFixed(oursBy < 10 ? 2 : 0)}`)],
  ['budget', verdict],
  ['', ({ missing, note = '' }) => (missing === undefined ? note : `missing: ${missing}`)],
];

const TEXT = new Set(['what', 'beside', 'unit', 'budget', '']);

/** Columns that no row fills are left out. */
function filled(rows: readonly Row[]) {
  return columns
    .map(([head, cell]) => ({ head, isText: TEXT.has(head), cells: rows.map(cell) }))
    .filter(({ cells }, i) => i === 0 || cells.some((text) => text !== ''));
}

/** Lines of a terminal, the first is the head. */
export function tableLines(rows: readonly Row[]): string[] {
  const padded = filled(rows).map(({ head, isText, cells }) => {
    const all = [head, ...cells];
    const width = Math.max(...all.map(({ length }) => length));
    return all.map((text) => (isText ? text.padEnd(width) : text.padStart(width)));
  });
  return ['', ...rows].map((_, i) =>
    padded
      .map((column) => column[i] ?? '')
      .join('  ')
      .trimEnd(),
  );
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** One Markdown table a part, under its name. */
export function markdownTables(rows: readonly Row[]): string {
  const parts = [...new Set(rows.map(({ part }) => part))];
  return parts
    .map((part) => {
      const shown = filled(rows.filter((row) => row.part === part));
      const lines = rows
        .filter((row) => row.part === part)
        .map((_, i) => shown.map(({ cells }) => cells[i] ?? ''));
      const rule = shown.map(({ isText }) => (isText ? '---' : '--:'));
      return [
        `### ${part}`,
        '',
        line(shown.map(({ head }) => head)),
        line(rule),
        ...lines.map((cells) =>
          line(cells.map((text) => text.replace(`${part}: `, '').replaceAll('|', '\\|'))),
        ),
      ].join('\n');
    })
    .join('\n\n');
}
