import type { BankConfig } from '../bank/config.ts';
import { instruments, LOOK_MS, type Scenario, type Step } from '../bank/scenario.ts';
import { type Expectation, expectable, isOrder, signs, valuesOf } from '../bank/scenario-expect.ts';
import type { DocumentProblem } from '../model/errors.ts';
import { isSignalName, signalNames } from '../model/signals.ts';
import { didYouMean } from '../profile/nearest.ts';
import { courseOf, packWord, sides, spanMs, type Token, Unreadable } from './scenario-words.ts';

/** What the timed lines of a scenario say, in their order. */
export type Timeline = Pick<Scenario, 'steps' | 'expectations' | 'endMs'>;

/** What one line says. */
type Said =
  | { readonly step: Step }
  | { readonly expectations: readonly Expectation[] }
  | { readonly end: true };

/** These words begin a line, so no battery of a scenario can be called so. */
export const reserved: readonly string[] = ['all', 'expect', 'restart', 'end', ...instruments];

const LONGEST_MS = 31 * 86_400_000;

const tokensOf = (line: string): Token[] =>
  [...line.replace(/(^|\s)#.*$/, '').matchAll(/\S+/g)].map((m) => ({ text: m[0], column: m.index + 1 }));

/** Whole seconds, not before the line above. */
function timeOf(token: Token, beforeMs: number): number {
  const atMs = spanMs(token);
  if (atMs % LOOK_MS)
    throw new Unreadable('the bank is looked at once a second; write whole seconds', token.column);
  if (atMs > LONGEST_MS)
    throw new Unreadable('a scenario lasts 31 days at most; shorten its times', token.column);
  if (atMs >= beforeMs) return atMs;
  throw new Unreadable(
    `\`${token.text}\` is before the line above (${beforeMs / 1000}s); put the lines in the order of time`,
    token.column,
  );
}

const comparison = /^([^<>=!]+)(<=|>=|!=|=|<|>)([^<>=!]+)$/;

function expectation({ text, column }: Token, bank: BankConfig, atMs: number, line: number): Expectation {
  const [, name = '', found = '', wanted = ''] = comparison.exec(text) ?? [];
  const sign = signs.find((s) => s === found);
  if (!sign || (isOrder(sign) && Number.isNaN(Number(wanted))))
    throw new Unreadable(
      `\`${text}\` compares nothing; write it like \`ccl=38\`, \`dcl>0\` or \`rung=fresh\``,
      column,
    );
  const known = expectable(bank.strings.flat().map((p) => p.id));
  if (!known.includes(name) && !isSignalName(name))
    throw new Unreadable(
      `\`${name}\` cannot be expected${didYouMean(name, [...known, ...signalNames]) || `; take a signal or one of: ${known.join(', ')}`}`,
      column,
    );
  const values = valuesOf(name);
  if (values && !values.includes(wanted))
    throw new Unreadable(
      `there is no ${name} \`${wanted}\`${didYouMean(wanted, values) || `; known are: ${values.join(', ')}`}`,
      column + text.length - wanted.length,
    );
  return { atMs, name, sign, wanted, line, column };
}

function packsNamed({ text, column }: Token, bank: BankConfig) {
  const all = bank.strings.flat();
  if (text === 'all') return all;
  return text.split(',').map((id) => {
    const pack = all.find((p) => p.id === id);
    if (pack) return pack;
    const known = [...all.map((p) => p.id), ...reserved];
    throw new Unreadable(
      `\`${id}\` is no battery of this scenario${didYouMean(id, known) || `; write one of: ${known.join(', ')}`}`,
      column,
    );
  });
}

function instrumentStep(
  instrument: (typeof instruments)[number],
  words: readonly Token[],
  who: Token,
  atMs: number,
): Step {
  const [word, more] = words;
  if (word?.text === 'silent' && !more) return { atMs, instrument };
  const { name, value } = sides(word ?? who);
  if (name.text !== 'i' || !value || more)
    throw new Unreadable(
      `a ${instrument} says \`i=-12\` (A, charging is positive) or is \`silent\`; write one of them`,
      (more ?? word ?? who).column,
    );
  const course = courseOf(value, atMs);
  return { atMs, instrument, ...(course && { course }) };
}

function restartStep(words: readonly Token[], atMs: number): Step {
  const [how, more] = words;
  if (!how) return { atMs, restart: 'stored' };
  if (how.text === 'cold' && !more) return { atMs, restart: 'cold' };
  throw new Unreadable('a restart is `restart` or `restart cold`; take the rest out', (more ?? how).column);
}

function packStep(who: Token, words: readonly Token[], bank: BankConfig, atMs: number): Step {
  const packs = packsNamed(who, bank);
  if (!words.length)
    throw new Unreadable(`nothing is said of ${who.text}; write words like \`soc=50\` behind it`, who.column);
  const context = { atMs, cells: Math.min(...packs.map((p) => p.cells)) };
  return { atMs, packs: packs.map((p) => p.id), words: words.map((word) => packWord(word, context)) };
}

function said(tokens: readonly Token[], bank: BankConfig, atMs: number, line: number): Said {
  const [time, who, ...words] = tokens;
  if (!who) throw new Unreadable('nothing is said at this time; name a battery behind it', time?.column ?? 1);
  if (who.text === 'end') return { end: true };
  if (who.text === 'expect')
    return { expectations: words.map((word) => expectation(word, bank, atMs, line)) };
  if (who.text === 'restart') return { step: restartStep(words, atMs) };
  const instrument = instruments.find((name) => name === who.text);
  if (instrument) return { step: instrumentStep(instrument, words, who, atMs) };
  return { step: packStep(who, words, bank, atMs) };
}

/** Reads the timed lines; `firstLine` is the number of the first of them. All problems, or what they say. */
export function readLines(
  file: string,
  lines: readonly string[],
  firstLine: number,
  bank: BankConfig,
): Timeline | { readonly problems: readonly DocumentProblem[] } {
  const steps: Step[] = [];
  const expectations: Expectation[] = [];
  const problems: DocumentProblem[] = [];
  let atMs = 0;
  let ended = false;
  for (const [i, text] of lines.entries()) {
    const tokens = tokensOf(text);
    const [time] = tokens;
    if (!time) continue;
    const line = firstLine + i;
    try {
      if (ended)
        throw new Unreadable('the scenario has ended above; move `end` below this line', time.column);
      atMs = timeOf(time, atMs);
      const what = said(tokens, bank, atMs, line);
      if ('step' in what) steps.push(what.step);
      else if ('expectations' in what) expectations.push(...what.expectations);
      else ended = true;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push({ file, line, column: error.column, message: error.message });
    }
  }
  return problems.length ? { problems } : { steps, expectations, endMs: atMs };
}
