import { type Command, InvalidArgumentError } from 'commander';
import { type ColumnName, columnNames, isColumnName } from '../history/columns.ts';
import type { Course } from '../history/course.ts';
import { readHistory } from '../history/reader.ts';
import { GatewayError } from '../model/errors.ts';
import { columns as inColumns } from '../profile/columns.ts';
import { checkSpan, type HistoryFile, historyPathOf, localText, withHistoryFile } from './history-file.ts';
import { print } from './print.ts';

interface Asked extends HistoryFile {
  readonly from?: number;
  readonly to?: number;
  readonly battery?: string;
  readonly columns?: readonly ColumnName[];
  readonly points?: number;
  readonly csv?: boolean;
}

const DAY_MS = 86_400_000;
/** As many lines as a person reads; a program gets all that there is. */
const FOR_A_PERSON = 48;
const FOR_A_PROGRAM = 10_000_000;

const usual: readonly ColumnName[] = [
  'soc_pct',
  'voltage_V',
  'current_A',
  'min_cell_voltage_V',
  'max_cell_voltage_V',
  'max_cell_temperature_C',
  'energy_charged_kWh',
  'energy_discharged_kWh',
];

const lines = <T>(
  course: Course,
  at: (ms: number) => T,
  cell: (value: number | null, name: ColumnName) => T,
) => {
  // Object.entries forgets the literal type of the names.
  const columns = Object.entries(course.values) as [ColumnName, readonly (number | null)[]][];
  return course.atMs.map((ms, i) => [at(ms), ...columns.map(([name, all]) => cell(all[i] ?? null, name))]);
};

/** RFC 4180, but for the line ends; UTC; what is not known is empty. */
function* csvLines(course: Course): Generator<string> {
  yield ['at', 'step_s', 'covered_s', ...Object.keys(course.values)].join(',');
  const rows = lines(
    course,
    (ms) => new Date(ms).toISOString(),
    (value) => String(value ?? ''),
  );
  for (const [i, [at, ...cells]] of rows.entries())
    yield [at, course.stepMs / 1000, (course.coveredMs[i] ?? 0) / 1000, ...cells].join(',');
}

const digitsOf = (name: ColumnName): number => {
  if (name.endsWith('_kWh') || /cell_(voltage|delta)/.test(name)) return 3;
  return name.endsWith('_W') ? 0 : 2;
};

const tableLines = (course: Course): string[] =>
  inColumns([
    ['from', ...Object.keys(course.values)],
    ...lines(course, localText, (value, name) => value?.toFixed(digitsOf(name)) ?? '–'),
  ]);

function history({ battery, csv = false, ...asked }: Asked): void {
  checkSpan(asked);
  const path = historyPathOf(asked);
  const toMs = asked.to ?? Date.now();
  const reader = readHistory(path);
  const batteries = reader.batteries();
  if (battery !== undefined && !batteries.includes(battery))
    throw new GatewayError('REFUSED', {
      message: `${path} knows no battery \`${battery}\`; it knows ${batteries.join(', ') || 'none yet'}`,
    });
  const course = reader.course({
    battery,
    fromMs: asked.from ?? toMs - DAY_MS,
    toMs,
    columns: asked.columns ?? (csv ? columnNames : usual),
    points: asked.points ?? (csv ? FOR_A_PROGRAM : FOR_A_PERSON),
  });
  reader.close();
  print(csv ? csvLines(course) : tableLines(course));
}

function columnsOf(text: string): ColumnName[] {
  const names = text.split(',');
  const strange = names.find((name) => !isColumnName(name));
  if (strange !== undefined)
    throw new InvalidArgumentError(`there is no column ${strange}; there are ${columnNames.join(', ')}`);
  return names.filter(isColumnName);
}

function pointsOf(text: string): number {
  const points = Number(text);
  if (!Number.isInteger(points) || points < 2) throw new InvalidArgumentError('say a whole number from 2 up');
  return points;
}

/** `bmsgate history`: reads the file beside the gateway that writes it. */
export function addHistory(program: Command): void {
  withHistoryFile(program.command('history'))
    .description('what the bank or a battery did, from the history file: the last day, or --from and --to')
    .option('--battery <id>', 'one battery; the bank without it')
    .option('--columns <names>', 'which columns, with commas between them', columnsOf)
    .option('--points <n>', `at most so many rows; ${FOR_A_PERSON} without it, with --csv all`, pointsOf)
    .option('--csv', 'for a spreadsheet: all columns, every row that there is, UTC; unknown is empty')
    .action(history);
}
