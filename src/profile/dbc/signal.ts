import { NOBODY } from './dbc.ts';
import type { Draft, OpenSignal } from './found.ts';
import type { Reel } from './reel.ts';
import { refuseAt } from './tokens.ts';

/** `M`, `m3`, or `m3M`, a multiplexer that is multiplexed itself. */
function mux(at: Reel): Pick<OpenSignal, 'mux' | 'odd'> {
  if (at.peek().kind !== 'word') return {};
  const place = at.peek();
  const word = at.word('', 'SG_');
  if (word === 'M') return { mux: 'M' };
  const [, value, again] = /^m(\d+)(M?)$/.exec(word) ?? [];
  if (value === undefined)
    return refuseAt(at.file, place, `\`${word}\` says nothing here; write \`M\`, \`m0\` or leave it out`);
  return { mux: Number(value), ...(again && { odd: 'a multiplexer inside a multiplexer' }) };
}

function placement(at: Reel): Pick<OpenSignal, 'start' | 'size' | 'order' | 'signed'> {
  const start = at.number('a start bit', 'SG_');
  at.sign('|', 'SG_');
  const size = at.number('a number of bits', 'SG_');
  at.sign('@', 'SG_');
  const orderAt = at.peek();
  const order = at.number('a byte order (0 Motorola, 1 Intel)', 'SG_');
  if (order !== 0 && order !== 1)
    refuseAt(at.file, orderAt, `${order} is no byte order; write 0 (Motorola) or 1 (Intel)`);
  const signed = at.has('-');
  if (!signed) at.sign('+', 'SG_');
  return { start, size, order: order === 1 ? 'little' : 'big', signed };
}

function two(
  at: Reel,
  [open, between, close]: readonly [string, string, string],
  what: string,
): [number, number] {
  at.sign(open, 'SG_');
  const first = at.number(what, 'SG_');
  at.sign(between, 'SG_');
  const second = at.number(what, 'SG_');
  at.sign(close, 'SG_');
  return [first, second];
}

function receivers(at: Reel): string[] {
  const found = at.peek().kind === 'word' && !at.peek().first ? [at.word('', 'SG_')] : [];
  while (at.has(',')) found.push(at.word('a receiver', 'SG_'));
  return found.filter((name) => name !== NOBODY);
}

/** One `SG_` line, without its keyword. */
export function signal(at: Reel, { last }: Draft): void {
  const place = at.peek();
  const name = at.word('the name of a signal', 'SG_');
  const of =
    last ?? refuseAt(at.file, place, 'this signal stands before any message; put a `BO_` line above it');
  const multiplexed = mux(at);
  at.sign(':', 'SG_');
  const placed = placement(at);
  const [factor, offset] = two(at, ['(', ',', ')'], 'a factor and an offset');
  const [min, max] = two(at, ['[', '|', ']'], 'a range');
  const unit = at.text('a unit in quotes', 'SG_').trim();
  of.receivers = [...new Set([...of.receivers, ...receivers(at)])];
  of.signals.push({ name, ...multiplexed, ...placed, factor, offset, min, max, unit, place });
}
