// A value of the bank with its age. An evaluation that is past its time is old, whatever its samples were.
import type { LiveBank } from '../../model/api/live.ts';
import type { AgeLimits } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { Reading } from '../parts/reading.tsx';
import { site } from '../session/session.ts';

const expired: AgeLimits = { fresh_ms: Number.NEGATIVE_INFINITY, late_ms: Number.NEGATIVE_INFINITY };

export function bankAges({ valid_until_ms }: LiveBank): AgeLimits | undefined {
  const now = nowMs.value;
  return now !== undefined && now > valid_until_ms ? expired : site.value?.ages;
}

interface BankReadingProps {
  readonly bank: LiveBank;
  readonly value: number | undefined;
  readonly unit?: string;
  readonly digits?: number;
  readonly text?: string;
  /** Its own moment, where it is not as old as the samples. */
  readonly at?: number;
}

export function BankReading({ bank, at = bank.sample_at_ms, ...shown }: BankReadingProps) {
  const ages = bankAges(bank);
  return <Reading {...shown} at={at} {...(ages && { ages })} hidesAge />;
}
