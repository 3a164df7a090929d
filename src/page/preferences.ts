// What the reader chose for this browser: language, theme and unit of temperature.
import { computed, effect, signal } from '@preact/signals';

export const languageNames = ['en', 'de'] as const;
export type Language = (typeof languageNames)[number];
export const themeNames = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themeNames)[number];
export const temperatureUnits = ['C', 'F'] as const;
export type TemperatureUnit = (typeof temperatureUnits)[number];

const key = (name: string): string => `bmsgate.${name}`;

/** A browser may keep nothing, and say so by throwing. */
function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(key(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(key(name), value);
  } catch {
    // Then the choice holds until the page is closed.
  }
}

const oneOf = <T extends string>(names: readonly T[], wanted: string | undefined): T | undefined =>
  names.find((name) => name === wanted);

/** The first language of the browser that the page speaks. */
export const spokenOf = (wanted: readonly string[]): Language =>
  wanted.map((tag) => oneOf(languageNames, tag.toLowerCase().split('-')[0])).find((l) => l !== undefined) ??
  'en';

const browserLanguages = (): readonly string[] =>
  typeof navigator === 'undefined' ? [] : (navigator.languages ?? [navigator.language]);

export const language = signal<Language>(
  oneOf(languageNames, kept('language')) ?? spokenOf(browserLanguages()),
);
export const theme = signal<Theme>(oneOf(themeNames, kept('theme')) ?? 'system');
export const temperatureUnit = signal<TemperatureUnit>(oneOf(temperatureUnits, kept('temperature')) ?? 'C');

/** That language as the browser writes dates in it; where it has no region of its own, the day before the month. */
export const localeOf = (chosen: Language, wanted: readonly string[]): string =>
  wanted.find((tag) => tag.toLowerCase().split('-')[0] === chosen) ?? (chosen === 'en' ? 'en-GB' : chosen);

export const locale = computed(() => localeOf(language.value, browserLanguages()));

const systemIsDark = signal(false);
/** What the theme comes to. */
export const shade = computed((): 'light' | 'dark' =>
  theme.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : theme.value,
);

/** Follows the system and writes choices down. Once, as the page begins. */
export function followPreferences(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  systemIsDark.value = dark.matches;
  dark.addEventListener('change', ({ matches }) => {
    systemIsDark.value = matches;
  });
  effect(() => {
    document.documentElement.lang = language.value;
  });
  effect(() => {
    document.documentElement.dataset.theme = shade.value;
  });
}

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  keep('language', chosen);
}
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  keep('theme', chosen);
}
export function chooseTemperatureUnit(chosen: TemperatureUnit): void {
  temperatureUnit.value = chosen;
  keep('temperature', chosen);
}
