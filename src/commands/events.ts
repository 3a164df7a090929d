import type { Command } from 'commander';
import type { ListedEvent } from '../history/event-list.ts';
import { acknowledgeIn, readHistory } from '../history/reader.ts';
import { GatewayError } from '../model/errors.ts';
import { columns as inColumns } from '../profile/columns.ts';
import { checkSpan, type HistoryFile, historyPathOf, localText, withHistoryFile } from './history-file.ts';
import { print } from './print.ts';

interface Asked extends HistoryFile {
  readonly from?: number;
  readonly to?: number;
  readonly open?: boolean;
  readonly ack?: string;
  readonly by?: string;
  readonly json?: boolean;
}

const MOST = 10_000;
const WEEK_MS = 7 * 86_400_000;

const refused = (message: string) => new GatewayError('REFUSED', { message });

const ended = ({ beganMs, endedMs, endedBy }: ListedEvent): string => {
  if (endedMs === undefined) return 'lasts';
  if (endedBy) return `until ${localText(endedMs)}, when the gateway ended`;
  return endedMs === beganMs ? '' : `until ${localText(endedMs)}`;
};

/** A terminal obeys some control characters. */
const calm = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

const line = (event: ListedEvent): string[] =>
  [
    localText(event.beganMs),
    event.severity,
    event.id,
    event.text,
    ...[
      ended(event),
      event.peak ? `${event.peak.quantity} ${event.peak.value}` : '',
      event.acknowledged
        ? `acknowledged by ${event.acknowledged.by}, ${localText(event.acknowledged.atMs)}`
        : '',
    ].filter((text) => text !== ''),
  ].map(calm);

/** One JSON object an event, moments in UTC; the snapshot as the object that it is. */
const json = ({ beganMs, endedMs, endedBy, acknowledged, details, snapshot, ...rest }: ListedEvent): string =>
  JSON.stringify({
    ...rest,
    began: new Date(beganMs).toISOString(),
    ...(endedMs !== undefined && { ended: new Date(endedMs).toISOString() }),
    ...(endedBy && { ended_by: endedBy }),
    ...(acknowledged && {
      acknowledged: { by: acknowledged.by, at: new Date(acknowledged.atMs).toISOString() },
    }),
    ...(details !== undefined && { details: JSON.parse(details) }),
    ...(snapshot !== undefined && { snapshot: JSON.parse(snapshot) }),
  });

function acknowledge(path: string, id: string, by: string | undefined): void {
  const who = calm(by ?? '');
  if (who === '') throw refused('say who acknowledges it with `--by`, e.g. --by anna');
  const before = acknowledgeIn(path, id, { by: who, atMs: Date.now() });
  if (before === 'unknown')
    throw refused(`${path} has no event \`${calm(id)}\`; \`bmsgate events\` lists those of the last week`);
  if (before) throw refused(`${calm(before.by)} acknowledged it already, ${localText(before.atMs)}`);
  process.stdout.write(`${calm(id)} is acknowledged\n`);
}

function list(path: string, asked: Asked): void {
  checkSpan(asked);
  const { open = false, to: toMs = Date.now() } = asked;
  const fromMs = asked.from ?? (open ? 0 : toMs - WEEK_MS);
  const reader = readHistory(path);
  const found = reader.events({ fromMs, toMs: toMs + 1, open, most: MOST });
  reader.close();
  print(asked.json ? found.map(json) : inColumns(found.map(line)));
}

function events(asked: Asked): void {
  const path = historyPathOf(asked);
  if (asked.ack === undefined) list(path, asked);
  else acknowledge(path, asked.ack, asked.by);
}

/** `bmsgate events`: what happened, what lasts, and who has seen it. */
export function addEvents(program: Command): void {
  withHistoryFile(program.command('events'))
    .description('what happened, from the history file: the last week, or --from and --to')
    .option('--open', 'only what lasts still')
    .option('--ack <id>', 'mark one as seen, by the person of --by')
    .option('--by <name>', 'who acknowledges')
    .option('--json', 'one JSON object a line, with the bank as it was when each began')
    .action(events);
}
