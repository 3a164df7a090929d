import { InvalidArgumentError } from 'commander';
import { duration } from '../profile/document.ts';

/** A time span as it is typed: `30s`, `10m`. In ms. */
export function durationMs(text: string): number {
  const parsed = duration.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('say how long, e.g. 30s or 10m');
}
