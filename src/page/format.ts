// Numbers, ages and moments as people read them: 53,1 V in German, 53.1 V in English.
import { locale, temperatureUnit } from './preferences.ts';
import { t } from './words/words.ts';

/** What stands for a number that is not known. */
export const DASH = '–';
/** No line break between a number and its unit. */
const GLUE = '\u00a0';

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(digits: number): Intl.NumberFormat {
  const key = `${locale.value} ${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale.value, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(key, made);
  return made;
}

/** With so many decimals; a dash where it is unknown. Never `-0`. */
export function numberText(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  const text = formatOf(digits).format(Number(value.toFixed(digits)) + 0);
  return text.replace('-', '\u2212');
}

/** `53.1 V`, and a bare dash where it is unknown. */
export function quantityText(value: number | null | undefined, unit: string, digits = 0): string {
  const text = numberText(value, digits);
  return text === DASH ? DASH : `${text}${GLUE}${unit}`;
}

export const toChosenTemperature = (celsius: number): number =>
  temperatureUnit.value === 'F' ? celsius * 1.8 + 32 : celsius;
export const chosenTemperatureUnit = (): string => `°${temperatureUnit.value}`;

export const temperatureText = (celsius: number | null | undefined, digits = 0): string =>
  quantityText(
    typeof celsius === 'number' ? toChosenTemperature(celsius) : undefined,
    chosenTemperatureUnit(),
    digits,
  );

/** `20 °C`, or `20–24 °C` where the two differ as they are shown. */
export function temperatureSpanText(lowC: number | undefined, highC: number | undefined, digits = 0): string {
  const [low, high] = [temperatureText(lowC, digits), temperatureText(highC, digits)];
  if (low === high || low === DASH) return high;
  const bare = numberText(toChosenTemperature(lowC ?? 0), digits);
  return bare.startsWith('\u2212') || high.startsWith('\u2212') ? `${bare} … ${high}` : `${bare}–${high}`;
}

/** From 1000 W on in kW. */
export const powerText = (watts: number | undefined): string =>
  watts !== undefined && Math.abs(watts) < 1000
    ? quantityText(watts, 'W')
    : quantityText(watts === undefined ? undefined : watts / 1000, 'kW', 2);

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** A duration as short as one reads it: `7 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function durationText(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return DASH;
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 2 * MINUTE_S) return t('parts.seconds', { n: s });
  if (s < HOUR_S) return t('parts.minutes', { n: Math.floor(s / MINUTE_S) });
  const minutes = Math.floor((s % HOUR_S) / MINUTE_S);
  if (s < 2 * DAY_S && minutes === 0) return t('parts.hours', { n: Math.floor(s / HOUR_S) });
  if (s < 2 * DAY_S) return t('parts.hoursMinutes', { h: Math.floor(s / HOUR_S), m: minutes });
  return t('parts.daysHours', { d: Math.floor(s / DAY_S), h: Math.floor((s % DAY_S) / HOUR_S) });
}

/** A moment of the wall clock, in the reader's own time zone. */
export const momentText = (
  atMs: number,
  form: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' },
): string => new Intl.DateTimeFormat(locale.value, form).format(atMs);
