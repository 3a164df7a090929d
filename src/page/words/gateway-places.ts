// What may stand in a place of a sentence of the gateway, and how it is said in German. A value of another kind is another sentence.
import type { de } from './de.ts';
import type { said } from './said.ts';

/** What the page has for alarms and rules, and how it fills a message: handed in, so that the page alone has them. */
export interface PageWords {
  readonly alarm: typeof de.alarm;
  readonly rule: typeof de.rule;
  readonly said: typeof said;
}

/** The value in German; undefined where it is not of this kind. `say` says a sentence inside the sentence. */
export type Kind = (value: string, say: (sentence: string) => string | undefined) => string | undefined;

const WORD = /^[^\s,;]*[^\s,;:]$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

const MEASURE = /^-?\d+(\.\d+)? (V|A|Ah|%|°C)$/;
const SPAN = /^\d+ (d|h|min|s)( \d+ (h|min|s))?$/;

const isKey = <T extends object>(words: T, name: string): name is keyof T & string =>
  Object.hasOwn(words, name);

const numberText = (value: string): string => value.replace('.', ',').replace('-', '\u2212');

/** Each of those between commas, or between whatever they are joined by. */
const each =
  (kind: Kind, by = ', '): Kind =>
  (value, say) => {
    const all = value.split(by).map((one) => kind(one, say));
    return all.includes(undefined) ? undefined : all.join(by);
  };

const word: Kind = (value) => (WORD.test(value) ? value : undefined);
const number: Kind = (value) => (NUMBER.test(value) ? numberText(value) : undefined);
const measure: Kind = (value) => (MEASURE.test(value) ? numberText(value) : undefined);
const sentence: Kind = (value, say) => say(value);

const joined = { ' or ': ' oder ', ' and ': ' und ' } as const;

/** `a`, `a, b`, `a or b`, `a and b` */
const names: Kind = (value, say) => {
  const link = (Object.keys(joined) as (keyof typeof joined)[]).find((one) => value.includes(one));
  if (link === undefined) return each(word)(value, say);
  const all = value.split(link).map((one) => each(word)(one, say));
  return all.includes(undefined) ? undefined : all.join(joined[link]);
};

/** `a, b, 3.71 V` */
const measured: Kind = (value, say) => {
  const at = value.lastIndexOf(', ');
  const [who, what] = [names(value.slice(0, at), say), measure(value.slice(at + 2), say)];
  return who === undefined || what === undefined ? undefined : `${who}, ${what}`;
};

const wholes = {
  'the body': 'die Anfrage',
  'the query': 'die Abfrage',
  'the address': 'die Adresse',
} as const;

/** A text, or several, between backticks: they stand in a file. */
const TICKED = /^`[^`]*`((, | and | or )`[^`]*`)*$/;
const ENTRY = /^entry (\d+)$/;
const TEXT = /^the text (`[^`]*`)$/;

const ticks: Kind = (value) =>
  TICKED.test(value) ? value.replaceAll('` and `', '` und `').replaceAll('` or `', '` oder `') : undefined;

/** What stands there, and what is to stand there. */
const stands = { empty: 'leer', 'a list': 'eine Liste', 'a map': 'eine Zuordnung' } as const;
const forms = {
  'a text': 'einen Text',
  'a number': 'eine Zahl',
  'a whole number': 'eine ganze Zahl',
  '`true` or `false`': '`true` oder `false`',
  'a list (`[…]` or lines that begin with `-`)': 'eine Liste (`[…]` oder Zeilen, die mit `-` beginnen)',
  'a map (`key: value`)': 'eine Zuordnung (`key: value`)',
} as const;

/** One of the forms or several with `or` between, which stands in some of them too. */
const form: Kind = (value, say) => {
  if (isKey(forms, value)) return forms[value];
  const first = Object.keys(forms).find((one) => value.startsWith(`${one} or `));
  if (first === undefined) return ticks(value, say);
  const [own, others] = [form(first, say), form(value.slice(first.length + ' or '.length), say)];
  return own === undefined || others === undefined ? undefined : `${own} oder ${others}`;
};

/** Sentences joined by one of our words. */
const joinedBy =
  (english: string, german: string): Kind =>
  (value, say) =>
    each(sentence, english)(value, say)?.replaceAll(english, german);

const states = { off: 'aus', missing: 'nicht da' } as const;

/** `cell high voltage` */
const alarmKind =
  ({ alarm }: PageWords): Kind =>
  (value) => {
    const name = value.replaceAll(' ', '_');
    return isKey(alarm, name) ? alarm[name] : undefined;
  };

/** Rule, cell, pack and measure, as `model/reason-text.ts` puts them together. */
const REASON = /^(.+?)(?: (\d+))?(?: of ([^\s,]+))?(?:, (-?\d+(?:\.\d+)?)( V| °C)?)?$/;
const PROTECTION = 'protection ';

/** `highest cell 7 of b, 3.447 V`; the measure as it is told, not rounded once more. */
const reasonKind =
  ({ alarm, rule: rules, said }: PageWords): Kind =>
  (value) => {
    const [, rule = '', cell = '–', pack = '–', measure, unit] = REASON.exec(value) ?? [];
    const own = rule === 'SoC' ? ' %' : (unit ?? '');
    const measured = measure === undefined ? '–' : `${numberText(measure)}${own.replace(' ', '\u00a0')}`;
    const places = { cell, pack, measured };
    const protection = rule.startsWith(PROTECTION) ? rule.slice(PROTECTION.length) : undefined;
    if (protection !== undefined)
      return isKey(alarm, protection)
        ? said(rules.protection, { ...places, alarm: alarm[protection] }, 'de')
        : undefined;
    return isKey(rules, rule) ? said(rules[rule], places, 'de') : undefined;
  };

const plainKinds = {
  /** An id, a path, an address: no space, comma or semicolon. It stays as it is. */
  word,
  names,
  number,
  /** A number, or the dash of one that is not known. */
  unknown: (value, say) => (value === '–' ? value : number(value, say)),
  /** What was asked: `the body`, or the path of a member in it. */
  part: (value) => (isKey(wholes, value) ? wholes[value] : word(value, () => undefined)),
  /** How a radio is that cannot be used. */
  state: (value) => (isKey(states, value) ? states[value] : undefined),
  /** A number with its unit. */
  measure,
  /** Names, and what the worst of them measures. */
  measured,
  /** A sentence of the gateway. */
  said: sentence,
  /** Sentences or words of the gateway with commas between. */
  listed: each(sentence),
  /** What a master asks: rows with what and how often. */
  asked: each(each(sentence), '; '),
  /** Clauses of the gateway; the words of another program among them stay as they are. */
  why: (value, say) =>
    say(value) ??
    value
      .split('; ')
      .map((clause) => say(clause) ?? clause)
      .join('; '),
  /** A number as it stands in a file, with a unit or without: whoever writes it writes a point. */
  typed: (value) => (/^-?\d+(\.\d+)?( \S+)?$/.test(value) ? value : undefined),
  /** A path, also one with spaces in it. */
  path: (value) => (/^[^:;]+$/.test(value) ? value : undefined),
  /** What stands between two backticks. */
  quoted: (value) => (/^[^`]+$/.test(value) ? value : undefined),
  ticks,
  /** A key, or an entry of a list, that is something else than it should be. */
  item: (value, say) =>
    ticks(value, say) ?? (ENTRY.test(value) ? value.replace('entry', 'Eintrag') : undefined),
  stands: (value, say) =>
    isKey(stands, value)
      ? stands[value]
      : (ticks(value, say) ?? (TEXT.test(value) ? value.replace('the text', 'der Text') : undefined)),
  form,
  /** From where to where, once or several times. */
  windows: (value) =>
    /^\S+ to [^\s,]+(, \S+ to [^\s,]+)*$/.test(value) ? value.replaceAll(' to ', ' bis ') : undefined,
  settings: joinedBy(' and ', ' und '),
  remedies: joinedBy(', or ', ', oder '),
  /** `4 d 1 h`: the two largest units. */
  span: (value) => (SPAN.test(value) ? value.replace(' d', ' T') : undefined),
  /** Whatever it is, it stays as it is. */
  rest: (value) => value,
} as const satisfies Readonly<Record<string, Kind>>;

export const kindsWith = (words: PageWords) =>
  ({ ...plainKinds, alarm: alarmKind(words), reason: reasonKind(words) }) as const;

export type Kinds = ReturnType<typeof kindsWith>;
