import { type Logger, pino } from 'pino';
import { standardOutput } from './standard-output.ts';

/** Least urgent first. `error` needs an installer, `warn` is stale or lost, `notice` a change of state, `trace` bytes as hex. */
export const logLevels = ['trace', 'debug', 'info', 'notice', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Fields first, then a constant sentence: `log.warn({ battery: 'a', waitedMs: 4000 }, 'battery did not answer')`. */
export type Log = Logger<'notice'>;

/** One record as the log files keep it. */
export interface LogLine {
  /** The battery that the record is about, if it names one. */
  readonly battery?: string;
  readonly level: LogLevel;
  readonly room?: string;
  /** ms since 1970. */
  readonly wallMs: number;
  /** The sentence and its fields. */
  readonly said: string;
  /** `2026-11-21T08:49:00.123Z warn ble: battery did not answer battery=a waitedMs=4000` */
  readonly text: string;
}

export interface LogOptions {
  readonly level?: LogLevel;
  /** Time and level in words instead of the `<N>` that journald reads. */
  readonly terminal?: boolean;
  readonly out?: { write(text: string): unknown };
  /** Sees every record that is logged. It must not log. */
  readonly tap?: (line: LogLine) => void;
}

interface LogRecord {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly room?: string;
  readonly [field: string]: unknown;
}

/** pino's number of each level, and the journald priority that it is told as (sd-daemon(3): 7 debug to 2 critical). */
const levels = new Map<number, { name: LogLevel; priority: number }>([
  [10, { name: 'trace', priority: 7 }],
  [20, { name: 'debug', priority: 7 }],
  [30, { name: 'info', priority: 6 }],
  [35, { name: 'notice', priority: 5 }],
  [40, { name: 'warn', priority: 4 }],
  [50, { name: 'error', priority: 3 }],
  [60, { name: 'fatal', priority: 2 }],
]);
const unknownLevel = { name: 'info', priority: 6 } as const;

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

/** JSON leaves the control characters above ASCII as they are; terminals obey some of them. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Bare while it is one word, else quoted, so that `battery=a` can be searched for and no value can fake a line. */
function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : json(value);
  return /^[^\s"=\p{Cc}]+$/u.test(text) || typeof value !== 'string' ? text : json(text);
}

/** An error is its sentence; its stack is for those who asked for `debug`. */
const errorField = (key: string, error: Error, verbose: boolean): Record<string, unknown> => ({
  [key]: error.message,
  ...(verbose && { stack: error.stack }),
});

const isErrorLike = (value: unknown): value is Error =>
  typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;

/**
 * `ble: battery did not answer battery=a waitedMs=4000`: the sentence first because a person scans for it, the fields after
 * it as `key=value` because `journalctl | grep battery=a` is what the person does next. JSON would serve neither.
 */
function recordText(record: LogRecord, verbose: boolean): string {
  const { level: _level, time: _time, msg = '', room, ...fields } = record;
  const shown = Object.entries(fields).flatMap(([key, value]) =>
    Object.entries(isErrorLike(value) ? errorField(key, value, verbose) : { [key]: value }),
  );
  const tail = shown.map(([key, value]) => ` ${key}=${valueText(value)}`).join('');
  return `${room ? `${room}: ` : ''}${oneLine(msg)}${tail}`;
}

const clockOf = (ms: number): string => {
  const t = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}.${String(t.getMilliseconds()).padStart(3, '0')}`;
};

function lineOf(record: LogRecord, text: string): LogLine {
  const { battery, room, time } = record;
  const level = (levels.get(record.level) ?? unknownLevel).name;
  return {
    ...(typeof battery === 'string' && { battery }),
    level,
    ...(room !== undefined && { room }),
    wallMs: time,
    said: room === undefined ? text : text.slice(room.length + 2),
    text: `${new Date(time).toISOString()} ${level} ${text}`,
  };
}

/** The root logger; each room takes its own with `log.child({ room: 'ble' })`. */
export function openLog(options: LogOptions = {}): Log {
  const { level = 'info', terminal = process.stdout.isTTY === true, tap } = options;
  const verbose = level === 'trace' || level === 'debug';
  const render = (json: string): string => {
    // Written by pino itself one call earlier, in this shape.
    const record = JSON.parse(json) as LogRecord;
    const text = recordText(record, verbose);
    const { name, priority } = levels.get(record.level) ?? unknownLevel;
    tap?.(lineOf(record, text));
    return terminal ? `${clockOf(record.time)} ${name.padEnd(6)} ${text}\n` : `<${priority}>${text}\n`;
  };
  const out =
    options.out ??
    standardOutput((lines) => log.warn({ lines }, 'log lines were lost: standard output did not take them'));
  const log: Log = pino(
    { level, base: null, customLevels: { notice: 35 }, hooks: { streamWrite: render } },
    // pino only calls write(); its own destination type asks for the same.
    out as { write(text: string): void },
  );
  return log;
}
