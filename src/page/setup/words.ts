// Says the first start in the language of the reader. Its words come with its screen: nobody else needs them.
import { language } from '../preferences.ts';
import { type Places, said } from '../words/said.ts';
import { de } from './words-de.ts';
import { en } from './words-en.ts';
import type { SetupWord, Words } from './words-shape.ts';

export type { SetupWord } from './words-shape.ts';

const languages: { readonly en: Words; readonly de: Words } = { en, de };

export const s = (key: SetupWord, places: Places = {}): string =>
  said(languages[language.value][key], places, language.value);
