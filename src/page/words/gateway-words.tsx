// Sentences of the gateway in the language of the reader. The German ones are loaded by the first who reads German, those about
// what is wrong with a file by the first who reads German of one.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { language } from '../preferences.ts';
import { de } from './de.ts';
import type { Speak } from './gateway-said.ts';
import { said } from './said.ts';

const daily = signal<Speak | undefined>(undefined);
/** The sentences of every day and those about files. */
const whole = signal<Speak | undefined>(undefined);
/** Until they are there, the sentences stay English. */
const asked = new Set<'daily' | 'whole'>();
const AGAIN_MS = 10_000;

/** What could not be loaded: a sentence that stands on the page already is not said anew by itself. */
function later(what: 'daily' | 'whole', again: () => void): void {
  setTimeout(() => {
    asked.delete(what);
    if (language.value === 'de') again();
  }, AGAIN_MS);
}

function load(): void {
  if (asked.has('daily')) return;
  asked.add('daily');
  import('./gateway-de/all.ts').then(
    ({ german }) => {
      daily.value = german({ ...de, said });
    },
    () => later('daily', load),
  );
}

function loadComplaints(): void {
  if (asked.has('whole')) return;
  asked.add('whole');
  Promise.all([import('./gateway-de/all.ts'), import('./gateway-de/complaints.ts')]).then(
    ([{ german }, { complaints }]) => {
      whole.value = german({ ...de, said }, complaints);
    },
    () => later('whole', loadComplaints),
  );
}

/** A sentence about a file names it, mostly with line and column. */
const OF_A_FILE = /:\d+:\d+: |\.ya?ml\b/;

/** In German where the reader reads German and the sentence has a German one. */
function inGerman(sentence: string, isOfFile: boolean): string | undefined {
  if (language.value !== 'de') return undefined;
  load();
  if (isOfFile || OF_A_FILE.test(sentence)) loadComplaints();
  return (whole.value ?? daily.value)?.(sentence);
}

/** The sentence for the reader; English where it has no German one. `isOfFile`: what is wrong with a file that it does not name. */
export const gatewayText = (sentence: string, isOfFile = false): string =>
  inGerman(sentence, isOfFile) ?? sentence;

/** As attributes: the sentence as a child, marked as English where it is. */
export function gatewaySaid(
  sentence: string,
  isOfFile = false,
): { readonly lang?: 'en'; readonly children: string } {
  const said = inGerman(sentence, isOfFile);
  return said === undefined ? { lang: 'en', children: sentence } : { children: said };
}

interface GatewaySaidProps {
  readonly children: string;
  readonly as?: 'span' | 'p';
  readonly class?: string;
  readonly isOfFile?: boolean;
  /** A sentence of the page around it. */
  readonly within?: (said: string) => string;
}

/** A sentence of the gateway where it stands on the page. */
export function GatewaySaid({
  children,
  as: Tag = 'span',
  isOfFile = false,
  within = (s) => s,
  ...more
}: GatewaySaidProps): JSX.Element {
  const { lang, children: said } = gatewaySaid(children, isOfFile);
  return (
    <Tag {...more} {...(lang && { lang })}>
      {within(said)}
    </Tag>
  );
}
