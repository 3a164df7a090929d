import { EXTENDED } from './dbc.ts';
import {
  checkSignals,
  type Draft,
  type FoundDbc,
  LOOSE,
  type OpenMessage,
  type OpenSignal,
} from './found.ts';
import { type Reel, reel } from './reel.ts';
import { signal } from './signal.ts';
import { refuseAt, tokens } from './tokens.ts';

function checkMessage(file: string, number: number, { id, extended, length, place }: OpenMessage): void {
  if (!Number.isInteger(number) || number < 0 || id > 0x1fffffff)
    refuseAt(file, place, `${number} is no CAN id; write at most 29 bits, with bit 31 set for a 29-bit one`);
  if (!extended && id > 0x7ff)
    refuseAt(
      file,
      place,
      `id ${number} does not fit 11 bits, and a 29-bit id has bit 31 set; write ${number + EXTENDED} if it is one`,
    );
  if (!Number.isInteger(length) || length < 0 || length > 64)
    refuseAt(file, place, `a message cannot be ${length} bytes long; write at most 8, or 64 for CAN FD`);
}

function message(at: Reel, draft: Draft): void {
  const place = at.peek();
  const number = at.number('the id of a message', 'BO_');
  const name = at.word('the name of a message', 'BO_');
  at.sign(':', 'BO_');
  const length = at.number('a length in bytes', 'BO_');
  const sender = at.word('the sender', 'BO_');
  const extended = number >= EXTENDED;
  const id = extended ? number - EXTENDED : number;
  draft.last = { id, extended, name, length, sender, receivers: [], signals: [], place };
  if (number === LOOSE) return;
  checkMessage(at.file, number, draft.last);
  if (draft.messages.has(number))
    refuseAt(at.file, place, `message ${number} is described twice; keep one of them`);
  draft.messages.set(number, draft.last);
}

const signalIn = (draft: Draft, id: number, name: string): OpenSignal | undefined =>
  draft.messages.get(id)?.signals.find((s) => s.name === name);

function comment(at: Reel, draft: Draft): void {
  const of = at.has('BO_')
    ? draft.messages.get(at.number('the id of a message', 'BO_'))
    : at.has('SG_')
      ? signalIn(draft, at.number('the id of a message', 'SG_'), at.word('the name of a signal', 'SG_'))
      : draft;
  if (of !== draft || at.peek().kind === 'text') {
    const text = at.text('a comment in quotes', 'BO_');
    if (of) of.comment = text;
  }
  at.finish();
}

function valueTable(at: Reel, draft: Draft): void {
  if (at.peek().kind === 'number') {
    const id = at.number('the id of a message', 'VAL_');
    const of = signalIn(draft, id, at.word('the name of a signal', 'VAL_'));
    const values: [number, string][] = [];
    while (at.peek().kind === 'number')
      values.push([at.number('a value', 'VAL_'), at.text('the name of a value in quotes', 'VAL_')]);
    if (of) of.values = values;
  }
  at.finish();
}

/** Periods and the bit rate; other attributes say nothing to a profile. */
function attribute(at: Reel, draft: Draft): void {
  const name = at.peek().kind === 'text' ? at.text('', 'BO_') : '';
  if (name === 'GenMsgCycleTime' && at.has('BO_')) {
    const of = draft.messages.get(at.number('the id of a message', 'BO_'));
    const cycleMs = at.number('a period in milliseconds', 'BO_');
    if (of && cycleMs > 0) of.cycleMs = Math.round(cycleMs);
  } else if (name === 'Baudrate' && at.peek().kind === 'number') draft.bitrate = at.number('', 'BO_');
  at.finish();
}

/** The signal that a statement is about, with the numbers behind it. */
function aboutSignal(at: Reel, draft: Draft): { of?: OpenSignal | undefined; numbers: number[] } {
  if (at.peek().kind !== 'number') return { numbers: [] };
  const of = signalIn(draft, at.number('', 'SG_'), at.word('the name of a signal', 'SG_'));
  const numbers: number[] = [];
  while (at.has(':') || at.has(',') || /^(word|number)$/.test(at.here()))
    if (at.peek().kind === 'number') numbers.push(at.number('', 'SG_'));
    else at.has(at.peek().text);
  return { of, numbers };
}

function valueType(at: Reel, draft: Draft): void {
  const { of, numbers } = aboutSignal(at, draft);
  if (of && numbers[0] === 1) of.float = true;
  if (of && numbers[0] === 2) of.odd = 'a floating-point number of 64 bits';
  at.finish();
}

/** `0-0` is the one value of an `m0`; `-0` reads as a number. */
function muxRanges(at: Reel, draft: Draft): void {
  const { of, numbers } = aboutSignal(at, draft);
  const [from = 0, to = 0] = numbers;
  if (of && (numbers.length > 2 || from !== Math.abs(to))) of.odd = 'there for a range of multiplexer values';
  at.finish();
}

const statements: Readonly<Record<string, (at: Reel, draft: Draft) => void>> = {
  VERSION: (at, draft) => {
    draft.version = at.text('a version in quotes', 'BO_');
  },
  NS_: (at) => at.until((text) => /^(BS_|BU_|BO_)$/.test(text)),
  BU_: (at, draft) => {
    at.has(':');
    draft.nodes = at.words();
  },
  BO_: message,
  SG_: signal,
  CM_: comment,
  VAL_: valueTable,
  BA_: attribute,
  SIG_VALTYPE_: valueType,
  SG_MUL_VAL_: muxRanges,
};

/** Reads a DBC file. Throws with one sentence and its place when it is none, or cannot be meant as it stands. */
export function readDbc(file: string, text: string): FoundDbc {
  const at = reel(file, tokens(file, text.replace(/^\uFEFF/, '')));
  const draft: Draft = { version: '', nodes: [], messages: new Map() };
  while (!at.done()) {
    const { text: word, kind } = at.peek();
    const statement = kind === 'word' && Object.hasOwn(statements, word) ? statements[word] : undefined;
    at.step();
    if (statement) statement(at, draft);
    else at.finish();
  }
  for (const found of draft.messages.values()) checkSignals(file, found);
  const { version, nodes, comment: said, bitrate, messages } = draft;
  return {
    version,
    nodes,
    ...(said !== undefined && { comment: said }),
    ...(bitrate !== undefined && { bitrate }),
    messages: [...messages.values()],
  };
}
