// A value of the bank with its age. An evaluation that is past its time is old, whatever its samples were.
import type { LiveBank } from '../../model/api/live.ts';
import type { AgeLimits } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { ageStateNow, Reading } from '../parts/reading.tsx';
import { site } from '../session/session.ts';

const expired: AgeLimits = { fresh_ms: Number.NEGATIVE_INFINITY, late_ms: Number.NEGATIVE_INFINITY };

const isPast = ({ valid_until_ms }: LiveBank): boolean =>
  nowMs.value !== undefined && nowMs.value > valid_until_ms;

/** Of what is judged anew at each evaluation, also of old samples: a limit. */
export const judgedAges = (bank: LiveBank): AgeLimits | undefined =>
  isPast(bank) ? expired : site.value?.ages;

/** A stale bank holds the last values that counted, however young the samples that are not believed yet, or stand still. */
export const bankAges = (bank: LiveBank): AgeLimits | undefined =>
  bank.freshness === 'stale' || bank.freshness === 'lost' ? expired : judgedAges(bank);

/** Nothing of it may be told beside its age as if it were so now. */
export const isBankOld = (bank: LiveBank): boolean =>
  ageStateNow(bank.sample_at_ms, bankAges(bank)) === 'old';

interface BankReadingProps {
  readonly bank: LiveBank;
  readonly value: number | undefined;
  readonly unit?: string;
  readonly digits?: number;
  readonly text?: string;
  /** It is made anew at each evaluation, also of old samples: a limit. */
  readonly isJudged?: boolean;
}

export function BankReading({ bank, isJudged, ...shown }: BankReadingProps) {
  const ages = isJudged ? judgedAges(bank) : bankAges(bank);
  return (
    <Reading
      {...shown}
      at={isJudged ? bank.evaluated_at_ms : bank.sample_at_ms}
      {...(ages && { ages })}
      hidesAge
    />
  );
}
