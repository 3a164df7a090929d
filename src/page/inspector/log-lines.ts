// The live log: the newest lines, those that are wanted, and where the searched word stands in them.
import type { LogMessage } from '../../model/api/wire-talk.ts';

export const MOST_LINES = 2000;

/** From the least urgent on. */
export const logLevels = ['trace', 'debug', 'info', 'notice', 'warn', 'error', 'fatal'] as const;

export interface LogLine extends LogMessage {
  readonly number: number;
}

/** The newest of the lines with this one after them. */
export function withLine(lines: readonly LogLine[], message: LogMessage): readonly LogLine[] {
  const number = (lines.at(-1)?.number ?? 0) + 1;
  return [...lines.slice(lines.length >= MOST_LINES ? 1 : 0), { ...message, number }];
}

const rank = (level: string): number => (logLevels as readonly string[]).indexOf(level);

export interface LogFilter {
  /** This one and all that are more urgent. */
  readonly level: string;
  readonly text: string;
}

/** A level that nobody knows is shown: it may be urgent. */
export const isWanted = (line: LogMessage, { level, text }: LogFilter): boolean =>
  (rank(line.level) < 0 || rank(line.level) >= rank(level)) &&
  (text.trim() === '' || plainText(line).toLowerCase().includes(text.trim().toLowerCase()));

/** As it is searched and written to a file. */
export const plainText = ({ level, room, battery, text }: LogMessage): string =>
  [level, room, battery, text].filter((part) => part !== undefined).join(' ');

export interface Stretch {
  readonly text: string;
  readonly isFound: boolean;
}

/** The text in stretches, the searched ones marked. */
export function stretches(text: string, searched: string): readonly Stretch[] {
  const wanted = searched.trim().toLowerCase();
  if (wanted === '') return [{ text, isFound: false }];
  const lower = text.toLowerCase();
  // Some letters have more signs when they are small: positions would not be the same.
  if (lower.length !== text.length) return [{ text, isFound: lower.includes(wanted) }];
  const found: Stretch[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) found.push({ text: text.slice(from, at), isFound: false });
    from = at + wanted.length;
    found.push({ text: text.slice(at, from), isFound: true });
  }
  return from < text.length ? [...found, { text: text.slice(from), isFound: false }] : found;
}

export const logFile = (lines: readonly LogLine[]): string =>
  lines.map((line) => `${new Date(line.wall_ms).toISOString()} ${plainText(line)}\n`).join('');
