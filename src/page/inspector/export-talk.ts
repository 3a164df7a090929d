// A recording as files that other programs read.
import type { WireTalk } from '../../model/api/wire-talk.ts';
import type { Recorded } from './recording.ts';

const MICROS_IN_S = 1_000_000;

function seconds(wallMs: number): string {
  const micros = Math.max(0, Math.round(wallMs * 1000));
  return `${Math.floor(micros / MICROS_IN_S)}.${String(micros % MICROS_IN_S).padStart(6, '0')}`;
}

type Frame = Extract<WireTalk, { kind: 'frame' }>;

const idDigits = ({ id, extended }: Frame): string =>
  id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0');

/** can-utils takes an interface's name, and nothing else before the frame. */
const interfaceName = (wire: string): string => wire.replace(/[^\w.-]/g, '_') || 'can0';

/** `(1732800000.123456) can0 351#4002…`, as `candump -L` writes and `canplayer` and `log2asc` read. */
export const candumpLog = (items: readonly Recorded[]): string =>
  items
    .flatMap(({ wallMs, talk }) =>
      talk.kind === 'frame'
        ? [`(${seconds(wallMs)}) ${interfaceName(talk.wire)} ${idDigits(talk)}#${talk.hex.toUpperCase()}\n`]
        : [],
    )
    .join('');

const csvHead = ['time', 'from', 'unit', 'request', 'answer'];

/** A cell that a spreadsheet takes for a formula is kept as text. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Byte from byte: a spreadsheet takes digits alone for a number, and `0612E5` for a large one. */
const spaced = (hex: string | null): string => (hex ?? '').replaceAll(/..(?=.)/g, '$& ');

function csvRow({ wallMs, talk }: Recorded): (string | number)[] | undefined {
  const time = new Date(wallMs).toISOString();
  switch (talk.kind) {
    case 'frame':
      return undefined;
    case 'modbus':
      return [time, talk.inverter, talk.unit, spaced(talk.request), spaced(talk.reply)];
    case 'telegram':
      return [time, talk.inverter, talk.address ?? '', spaced(talk.request), spaced(talk.reply)];
  }
}

/** Questions and answers; bytes are hex, with spaces between. */
export const talkCsv = (items: readonly Recorded[]): string =>
  [csvHead, ...items.map(csvRow).filter((row) => row !== undefined)]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');

export const talkJson = (items: readonly Recorded[]): string =>
  JSON.stringify(
    items.map(({ wallMs, talk: { at_ms: _, ...talk } }) => ({
      time: new Date(wallMs).toISOString(),
      ...talk,
    })),
    undefined,
    1,
  );
