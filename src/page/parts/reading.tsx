// A number and its age. Unknown is a dash; past its age it is struck through, never shown as if it were live.
import { DASH, durationText, numberText } from '../format.ts';
import { type AgeLimits, ageMs, ageState } from '../live/age.ts';
import { isLive, nowMs } from '../live/connection.ts';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';

interface ReadingProps {
  readonly value: number | null | undefined;
  readonly unit?: string;
  readonly digits?: number;
  /** The gateway's monotonic moment of the sample. */
  readonly at: number | undefined;
  /** The text in place of the number in its unit. */
  readonly text?: string;
  /** Its own ages, where they are not those of the site. */
  readonly ages?: AgeLimits;
  /** The age is told by something beside it already. */
  readonly hidesAge?: boolean;
}

/** With the link lost nothing is fresh, whatever its age. */
export const ageStateNow = (at: number | undefined, ages?: AgeLimits) =>
  ageState(at, isLive.value ? nowMs.value : undefined, ages ?? site.value?.ages);

export function Reading({ value, unit, digits = 0, at, text, ages, hidesAge }: ReadingProps) {
  const shown = text ?? numberText(value, digits);
  if (shown === DASH || (text === undefined && (value === undefined || value === null)))
    return (
      <span class="reading" title={t('parts.unknown')}>
        <span class="value">
          <span aria-hidden="true">{DASH}</span>
          <span class="hidden-text">{t('parts.unknown')}</span>
        </span>
      </span>
    );
  const state = ageStateNow(at, ages);
  const age = durationText(ageMs(at, nowMs.value));
  const isAgeShown = !hidesAge && state !== 'fresh' && state !== 'unknown';
  return (
    <span class="reading" data-age={state} title={at === undefined ? undefined : t('shell.ageOf', { age })}>
      <span class="value">
        {state === 'old' ? <s>{shown}</s> : shown}
        {unit && <span class="unit">&nbsp;{unit}</span>}
      </span>
      {isAgeShown && <span class="age">{t('shell.ageOf', { age })}</span>}
    </span>
  );
}
