// Says things in the language of the reader.
import { language } from '../preferences.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { type Places, said } from './said.ts';
import type { WordKey, Words } from './shape.ts';

export const languages = { en, de } as const satisfies Record<string, Words>;

/** In the language of the reader; reading it in a component makes that follow the language. */
export function t(key: WordKey, places: Places = {}): string {
  const dot = key.indexOf('.');
  // WordKey is made of these sections and keys; TypeScript cannot follow an indexOf().
  const sections = languages[language.value] as unknown as Record<string, Record<string, string>>;
  return said(sections[key.slice(0, dot)]?.[key.slice(dot + 1)], places, language.value);
}
