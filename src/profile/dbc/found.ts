import { bitsFilled, type Dbc, type DbcMessage, type DbcSignal } from './dbc.ts';
import { type At, refuseAt } from './tokens.ts';

/** A signal of somebody's file. */
export interface FoundSignal extends DbcSignal {
  readonly place: At;
  /** Why no profile can carry it. */
  readonly odd?: string;
}

export interface FoundMessage extends DbcMessage {
  readonly signals: readonly FoundSignal[];
  readonly place: At;
}

export interface FoundDbc extends Dbc {
  readonly messages: readonly FoundMessage[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] };
export type OpenSignal = Open<FoundSignal>;
export type OpenMessage = Open<Omit<FoundMessage, 'signals'>> & { signals: OpenSignal[] };

/** What was read so far; messages by the number in the file. */
export interface Draft {
  version: string;
  nodes: string[];
  comment?: string;
  bitrate?: number;
  readonly messages: Map<number, OpenMessage>;
  last?: OpenMessage;
}

/** Signals that belong to no message stand under this number. */
export const LOOSE = 0xc0000000;

/** Are they ever there together? */
const meet = (a: DbcSignal, b: DbcSignal): boolean =>
  typeof a.mux !== 'number' || typeof b.mux !== 'number' || a.mux === b.mux;

/** What one signal cannot be by itself; undefined when nothing is wrong. */
function ownProblem({ name, size, start, factor, offset, min, max }: FoundSignal): string | undefined {
  if (![factor, offset, min, max].every(Number.isFinite))
    return `\`${name}\` has a number that is too large to reckon with; correct its factor, offset or range`;
  if (!Number.isInteger(start) || !Number.isInteger(size) || start < 0 || size < 1 || size > 64)
    return `\`${name}\` has ${size} bits from bit ${start}; write 1 to 64 bits from bit 0 on`;
  return factor === 0
    ? `\`${name}\` has a factor of 0 and would say nothing; write what one count is worth`
    : undefined;
}

/** Where multiplexers lie inside each other, this does not know what is there together. */
function crowding(found: FoundSignal, before: readonly FoundSignal[], nested: boolean): string | undefined {
  if (before.some((s) => s.name === found.name))
    return `there is a second \`${found.name}\` in this message; rename one of them`;
  const bits = new Set(bitsFilled(found));
  const other = nested
    ? undefined
    : before.find((s) => meet(s, found) && bitsFilled(s).some((b) => bits.has(b)));
  return (
    other &&
    `\`${found.name}\` lies on the same bits as \`${other.name}\`; correct one of them, or tell them apart by a multiplexer`
  );
}

const beyond = ({ length, name: of }: FoundMessage, found: FoundSignal): string | undefined =>
  bitsFilled(found).some((bit) => bit >= length * 8)
    ? `\`${found.name}\` reaches beyond the ${length} bytes of \`${of}\`; correct its start bit (of a Motorola signal it is the most significant one) or the length`
    : undefined;

/** More signals than any message has, and the checks below would take long. */
const MOST = 1000;

/** Refuses a message whose signals cannot lie where they are said to. */
export function checkSignals(file: string, message: FoundMessage): void {
  const { signals } = message;
  if (signals.length > MOST)
    refuseAt(
      file,
      message.place,
      `a message with ${signals.length} signals is not taken; at most ${MOST} are`,
    );
  const nested = signals.some(({ odd }) => odd);
  for (const [i, found] of signals.entries()) {
    const wrong = ownProblem(found) ?? beyond(message, found) ?? crowding(found, signals.slice(0, i), nested);
    if (wrong !== undefined) refuseAt(file, found.place, wrong);
  }
}
