// A CAN frame piece by piece: one of ours by the layout that made it, another's by what the profile hears in it.
import { shapes } from '../bytes/field.ts';
import { type CanFrame, frameKey } from '../model/can-frame.ts';
import { layoutOf } from './frame-layout.ts';
import { isMeant, type Rule, type ValueField, valueIn } from './hears.ts';
import type { FrameLayout, Layout } from './layout.ts';
import { meaningText } from './meaning-text.ts';
import { asField, type Decoded, type Fact, fact, gapless, hexOf, type Piece, piece } from './pieces.ts';
import { rowsOf } from './rows.ts';
import type { SpokenCan } from './spoken.ts';

/** What stands where a layout has no entry: the byte that it is padded with has the layout's own line. */
export const freeIn =
  ({ pad, path }: Pick<Layout, 'pad' | 'path'>, bytes: Uint8Array) =>
  (at: number, length: number): Piece => {
    const isPad = bytes.subarray(at, at + length).every((byte) => byte === pad);
    return piece(
      isPad ? 'unassigned' : 'unnamed',
      [at, length],
      hexOf(bytes, at, length),
      isPad ? [path] : [],
    );
  };

/** What bytes of this layout hold, and what stands behind it; they must not be shorter. */
function layoutPieces(layout: Layout, bytes: Uint8Array): Piece[] {
  const own = bytes.subarray(0, layout.length);
  return gapless(gapless(rowsOf(layout, own).map(asField), own, freeIn(layout, own)), bytes);
}

const titled = (title: string | undefined) => (title === undefined ? {} : { title });

const nothing = (why: Fact, { data }: CanFrame): Decoded => ({ facts: [why], pieces: gapless([], data) });

/** A frame of ours. */
export function decodeSent(layouts: readonly FrameLayout[], frame: CanFrame): Decoded {
  const layout = layoutOf(layouts, frame);
  if (!layout) return nothing(fact('unknown'), frame);
  const { title, length, path } = layout;
  return length > frame.data.length
    ? { ...titled(title), ...nothing(fact('tooShort', `${length}`, [path]), frame) }
    : { ...titled(title), facts: [], pieces: layoutPieces(layout, frame.data) };
}

function alivePart({ spec, fields, path }: Rule): Fact {
  const { means, asks, leads } = spec;
  if (means === 'nothing') return fact('ignored', '', [path]);
  return fact(fields.length || asks.length || leads ? 'alive' : 'onlyAlive', '', [path]);
}

const factsOf = (rule: Rule): Fact[] => [
  alivePart(rule),
  ...rule.spec.asks.map((group) => fact('asks', group, [rule.path])),
  ...(rule.spec.leads ? [fact('leads', rule.spec.leads.to, [rule.path])] : []),
];

function fieldPiece(field: ValueField, { data }: CanFrame): Piece {
  const value = valueIn(field, data);
  return asField({
    at: field.at,
    length: shapes[field.as].bytes,
    label: field.means,
    text: value === undefined ? 'not available' : meaningText(field.means, value),
    paths: [field.path],
  });
}

const piecesOf = ({ spec, fields, path }: Rule, frame: CanFrame): Piece[] => [
  ...spec.where.map(({ at }, i) => piece('mark', [at, 1], hexOf(frame.data, at, 1), [[...path, 'where', i]])),
  ...fields.map((field) => fieldPiece(field, frame)),
];

/** A frame of an inverter. One that bears the marks of several entries is what each of them says. */
export function decodeHeard(rules: readonly Rule[], frame: CanFrame): Decoded {
  const meant = rules
    .filter(({ spec }) => frameKey(spec) === frameKey(frame))
    .filter((rule) => isMeant(rule, frame.data));
  const titles = [...new Set(meant.flatMap(({ spec }) => spec.title ?? []))];
  const title = titled(titles.length ? titles.join('; ') : undefined);
  if (meant.length === 0) return nothing(fact('unknown'), frame);
  const needed = Math.max(...meant.map(({ bytes }) => bytes));
  if (needed > frame.data.length)
    return {
      ...title,
      ...nothing(
        fact(
          'tooShort',
          `${needed}`,
          meant.map(({ path }) => path),
        ),
        frame,
      ),
    };
  return {
    ...title,
    facts: meant.flatMap(factsOf),
    pieces: gapless(
      meant.flatMap((rule) => piecesOf(rule, frame)),
      frame.data,
    ),
  };
}

/** A frame as it was sent or heard; one that we send ourselves is said to be so, whoever sent this one. */
export function decodeFrame({ frames, hears }: SpokenCan, way: '>' | '<', frame: CanFrame): Decoded {
  if (way === '>') return decodeSent(frames, frame);
  const heard = decodeHeard(hears, frame);
  const isOurs = frames.some((layout) => frameKey(layout) === frameKey(frame));
  return isOurs && heard.facts.some(({ kind }) => kind === 'unknown')
    ? { ...heard, facts: [fact('ours')] }
    : heard;
}
