// Sentences of the gateway in the language of the reader. The German ones are loaded by the first who reads German.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { language } from '../preferences.ts';
import { type Speak, speaker } from './gateway-said.ts';

const german = signal<Speak | undefined>(undefined);
let isAsked = false;

/** What cannot be loaded is not asked for again: then the sentences stay English. */
function load(): void {
  isAsked = true;
  import('./gateway-de/all.ts').then(
    ({ sayings }) => {
      german.value = speaker(sayings);
    },
    () => undefined,
  );
}

/** In German where the reader reads German and the sentence has a German one. */
function inGerman(sentence: string): string | undefined {
  if (language.value !== 'de') return undefined;
  if (!isAsked) load();
  return german.value?.(sentence);
}

/** The sentence for the reader; English where it has no German one. */
export const gatewayText = (sentence: string): string => inGerman(sentence) ?? sentence;

/** As attributes: the sentence as a child, marked as English where it is. */
export function gatewaySaid(sentence: string): { readonly lang?: 'en'; readonly children: string } {
  const said = inGerman(sentence);
  return said === undefined ? { lang: 'en', children: sentence } : { children: said };
}

interface GatewaySaidProps {
  readonly children: string;
  readonly as?: 'span' | 'p';
  readonly class?: string;
  /** A sentence of the page around it. */
  readonly within?: (said: string) => string;
}

/** A sentence of the gateway where it stands on the page. */
export function GatewaySaid({
  children,
  as: Tag = 'span',
  within = (s) => s,
  ...more
}: GatewaySaidProps): JSX.Element {
  const { lang, children: said } = gatewaySaid(children);
  return (
    <Tag {...more} {...(lang && { lang })}>
      {within(said)}
    </Tag>
  );
}
