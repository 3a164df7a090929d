// All that was heard on the wires since the inspector was opened, by what is said again and again.
import type { TalkMessage, WireTalk } from '../../model/api/wire-talk.ts';
import { firstHeard, type Heard, heardAgain, keyOfTalk } from './heard.ts';

/** More than this are not told apart: a master that asks at random must not fill the browser. */
const MOST = 2000;

export interface TalkBook {
  readonly heard: ReadonlyMap<string, Heard>;
  /** Items that the gateway did not send, so that no wire waits for a page. */
  readonly skipped: number;
  /** Items of which there are too many kinds. */
  readonly beyond: number;
}

export const emptyBook: TalkBook = { heard: new Map(), skipped: 0, beyond: 0 };

/** By what the contents of one id are told apart, or the commands of a codec; nothing where there is none. */
export type PartOf = (talk: WireTalk) => string | undefined;

export function read(book: TalkBook, { items, skipped }: TalkMessage, partOf: PartOf): TalkBook {
  const heard = new Map(book.heard);
  const fresh = new Set<string>();
  let beyond = book.beyond;
  for (const talk of items) {
    const key = keyOfTalk(talk, partOf(talk));
    const before = heard.get(key);
    // What was skipped may lie before the first of its kind in this message.
    const isWhole = skipped === 0 || fresh.has(key);
    fresh.add(key);
    if (before) heard.set(key, heardAgain(before, talk, isWhole));
    else if (heard.size < MOST) heard.set(key, firstHeard(key, talk));
    else beyond++;
  }
  return { heard, skipped: book.skipped + skipped, beyond };
}

/** Without what a profile said that is not in force any more, and what would be known by another key now. */
export function regrouped(book: TalkBook, partOf: PartOf, isOver: (talk: WireTalk) => boolean): TalkBook {
  const heard = [...book.heard].filter(
    ([key, { last }]) => !isOver(last) && keyOfTalk(last, partOf(last)) === key,
  );
  return { ...book, heard: new Map(heard) };
}

export interface TalkFilter {
  readonly text: string;
  readonly way: 'both' | '>' | '<';
  /** Name of a wire or id of an inverter; empty is all. */
  readonly of: string;
}

/** By what stands in the list: ids, hex, and the words that are decoded from it. */
export function fits({ last }: Heard, { text, way, of }: TalkFilter, words: string): boolean {
  const source = last.kind === 'frame' ? last.wire : last.inverter;
  if (of !== '' && of !== source) return false;
  if (way !== 'both' && last.kind === 'frame' && last.way !== way) return false;
  const wanted = text.trim().toLowerCase();
  return wanted === '' || words.toLowerCase().includes(wanted);
}

const rankOf = (talk: WireTalk): readonly (string | number)[] =>
  talk.kind === 'frame'
    ? [0, talk.wire, talk.extended ? 1 : 0, talk.id, talk.way]
    : [1, talk.inverter, talk.kind === 'modbus' ? talk.unit : (talk.address ?? -1)];

/** Wires first, then ids: the list stands still while it lives. */
export function inOrder(a: Heard, b: Heard): number {
  const [left, right] = [rankOf(a.last), rankOf(b.last)];
  for (const [i, one] of left.entries()) {
    const other = right[i] ?? '';
    if (one === other) continue;
    return one < other ? -1 : 1;
  }
  return a.key < b.key ? -1 : 1;
}
