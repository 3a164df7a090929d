// Where a history lies, and from when to when of it, as they are typed.
import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { readGateway } from '../config/gateway-file.ts';
import { GatewayError } from '../model/errors.ts';
import { duration } from '../profile/document.ts';

export interface HistoryFile {
  readonly config?: string;
  readonly db?: string;
}

const HERE = 'gateway.yaml';
const OF_THE_SERVICE = '/etc/bmsgate/gateway.yaml';

/** The gateway file in this folder, else that of the service. */
const usualConfig = (): string => (!existsSync(HERE) && existsSync(OF_THE_SERVICE) ? OF_THE_SERVICE : HERE);

/** Throws what reading a gateway file throws, and REFUSED when it keeps no history. */
export function historyPathOf({ config = usualConfig(), db }: HistoryFile): string {
  if (db !== undefined) return db;
  const { history } = readGateway(config).file;
  if (history) return history.path;
  throw new GatewayError('REFUSED', {
    message: `${config} keeps no history; add \`history: {}\` to it and restart the gateway, or name a file with \`--db\``,
  });
}

const NO_MOMENT = 'say when, e.g. 2026-11-21, 2026-11-21T08:30 (the time of this machine) or 7d (ago)';

/** A moment as it is typed, ms since 1970: a day, a minute, or how long ago. */
export function momentMs(text: string): number {
  const ago = duration.safeParse(text);
  if (ago.success) return Date.now() - ago.data;
  // Without a time JavaScript would take the day of Greenwich.
  const at = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at)) throw new InvalidArgumentError(NO_MOMENT);
  return at;
}

/** Throws REFUSED for a span that holds nothing. */
export function checkSpan({ from, to }: { readonly from?: number; readonly to?: number }): void {
  if (from !== undefined && from >= (to ?? Date.now()))
    throw new GatewayError('REFUSED', {
      message: '`--from` is not before `--to`, which is now without it; a day alone is its midnight',
    });
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-21 08:30`, in the time of this machine. */
export function localText(ms: number): string {
  const t = new Date(ms);
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}`;
}

/** The options that both commands have. */
export const withHistoryFile = (command: Command): Command =>
  command
    .option(
      '--config <file>',
      `the gateway file, which says where the history lies; ${HERE} here, else that of the service`,
    )
    .option('--db <file>', 'the history file itself')
    .option('--from <when>', 'a day, a minute or how long ago: 2026-11-21, 2026-11-21T08:30, 7d', momentMs)
    .option('--to <when>', 'the same; now without it', momentMs);
