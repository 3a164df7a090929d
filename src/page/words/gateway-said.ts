// What the gateway says in English, said in German: the English sentence is the message, its values stand in named places.
import { type Kind, type Kinds, kindsWith, type PageWords } from './gateway-places.ts';

/** English pattern to German one, e.g. `'battery {battery} late: last heard {age:number} s ago'`. A place without a kind is a word. */
export type Sayings = Readonly<Record<string, string>>;

/** One sentence in German; undefined where no pattern fits. */
export type Speak = (sentence: string) => string | undefined;

interface Pattern {
  /** What stands before, between and behind the places; one more than there are places. */
  readonly literals: readonly string[];
  readonly places: readonly { readonly name: string; readonly kind: Kind }[];
  readonly german: string;
}

/** No sentence of the gateway is longer; what a stranger may have written into one is not searched through. */
const LONGEST = 2000;
const MOST_CLAUSES = 20;
/** Each mistake of a file stands on a line of its own. */
const MOST_LINES = 50;
const MOST_REMEMBERED = 1000;

const PLACE = /\{(\w+)(?::(\w+))?\}/;
const isKind = (kinds: Kinds, name: string): name is keyof Kinds => Object.hasOwn(kinds, name);

/** Throws where a place is of a kind that there is not. */
function patternOf([english, german]: readonly [string, string], kinds: Kinds): Pattern {
  // Split by a pattern with two groups: literal, name, kind, literal, …
  const parts: readonly (string | undefined)[] = english.split(PLACE);
  const places = parts.flatMap((name, i) => {
    if (i % 3 !== 1 || name === undefined) return [];
    const kind = parts[i + 1] ?? 'word';
    if (!isKind(kinds, kind))
      throw new Error(`\`${english}\` has a place of kind \`${kind}\`; there is none`);
    return [{ name, kind: kinds[kind] }];
  });
  return { literals: parts.filter((_, i) => i % 3 === 0).map((text) => text ?? ''), places, german };
}

const weightOf = ({ literals }: Pattern): number => literals.join('').length;

/** The values of the places, each up to the next literal: once through the sentence. Undefined where it is another sentence. */
function valuesIn(sentence: string, literals: Pattern['literals']): readonly string[] | undefined {
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  const endAt = sentence.length - last.length;
  if (!sentence.startsWith(first) || !sentence.endsWith(last)) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (const [i, next] of literals.slice(1).entries()) {
    const until = i === literals.length - 2 ? endAt : sentence.indexOf(next, at + 1);
    if (until <= at) return undefined;
    values.push(sentence.slice(at, until));
    at = until + next.length;
  }
  return values;
}

/** No line break between a number and its unit. */
const glued = (text: string): string =>
  text.replace(/(\d) (V|A|Ah|Hz|h|min|s|ms|%|°C|MB)(?![\wäöü])/g, '$1\u00a0$2');

const filled = (german: string, values: ReadonlyMap<string, string>): string =>
  german.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);

/** The sentence as this pattern says it; undefined where it is another one, or a place holds what is not of its kind. */
function fitted(sentence: string, { literals, places, german }: Pattern, say: Speak): string | undefined {
  const values = valuesIn(sentence, literals);
  if (!values) return undefined;
  const said = new Map<string, string>();
  for (const [i, { name, kind }] of places.entries()) {
    const value = kind(values[i] ?? '', say);
    if (value === undefined) return undefined;
    said.set(name, value);
  }
  return filled(german, said);
}

/** The longest run of clauses from there on that is one sentence. */
function run(clauses: readonly string[], at: number, whole: Speak) {
  for (let end = clauses.length; end > at; end--) {
    const german = whole(clauses.slice(at, end).join('; '));
    if (german !== undefined) return { german, end };
  }
  return undefined;
}

/** Clause by clause: what is wrong, what to do. */
function byClause(sentence: string, whole: Speak): string | undefined {
  const clauses = sentence.split('; ');
  if (clauses.length === 1 || clauses.length > MOST_CLAUSES) return undefined;
  const german: string[] = [];
  for (let at = 0; at < clauses.length; ) {
    const next = run(clauses, at, whole);
    if (!next) return undefined;
    german.push(next.german);
    at = next.end;
  }
  return german.join('; ');
}

/** Line by line: a line that is not known stays as it is. */
function byLine(sentence: string, say: Speak): string | undefined {
  const lines = sentence.split('\n');
  const german = lines.length > MOST_LINES ? [] : lines.map(say);
  return german.some((line) => line !== undefined)
    ? german.map((line, i) => line ?? lines[i]).join('\n')
    : undefined;
}

/** A sentence as a whole. The most specific pattern that fits wins: the one with the most fixed words. */
function wholly(patterns: readonly Pattern[], say: Speak): Speak {
  const fixed = new Map(
    patterns.flatMap(({ literals, places, german }) => (places.length ? [] : [[literals.join(''), german]])),
  );
  const open = patterns
    .filter(({ places }) => places.length > 0)
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  return (sentence) => {
    const exact = fixed.get(sentence);
    if (exact !== undefined) return exact;
    for (const pattern of open) {
      const german = fitted(sentence, pattern, say);
      if (german !== undefined) return german;
    }
    return undefined;
  };
}

export function speaker(sayings: Sayings, words: PageWords): Speak {
  const kinds = kindsWith(words);
  const known = new Map<string, string | undefined>();
  /** Each part of a sentence is looked at once, however it may be taken apart. */
  const say: Speak = (sentence) => {
    if (sentence.length > LONGEST) return undefined;
    if (known.has(sentence)) return known.get(sentence);
    const german = whole(sentence) ?? byClause(sentence, whole);
    known.set(sentence, german);
    return german;
  };
  const whole = wholly(
    Object.entries(sayings).map((pair) => patternOf(pair, kinds)),
    say,
  );
  return (sentence) => {
    if (known.size >= MOST_REMEMBERED) known.clear();
    const german = byLine(sentence, say);
    return german === undefined ? undefined : glued(german);
  };
}
