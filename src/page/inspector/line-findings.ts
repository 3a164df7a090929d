// What arrives on a serial line beside questions to us, and what that means.
import type { LiveWire } from '../../model/api/live.ts';

type Counts = LiveWire['counts'];

/** What was counted since somebody looks; of a line that was opened anew meanwhile since then. */
export interface LineGrowth {
  readonly questions: number;
  /** Intact frames of others, or for another address. */
  readonly foreign: number;
  readonly damaged: number;
  /** Bytes that belong to no frame. */
  readonly noise: number;
}

export function growthOf(before: Counts, now: Counts): LineGrowth {
  const isAnew = Object.entries(before).some(([name, count]) => (now[name] ?? 0) < count);
  const grown = (name: string): number => (now[name] ?? 0) - (isAnew ? 0 : (before[name] ?? 0));
  return {
    questions: grown('requests'),
    foreign: grown('foreignFrames'),
    damaged: grown('crcErrors'),
    noise: grown('resyncBytes'),
  };
}

/** `silent` is said once somebody has waited for a while. */
export type LineFinding = 'silent' | 'noise' | 'foreign' | 'damaged';

/** Noise of a plug that is put in is a few bytes. */
const LEAST_NOISE = 10;

export function findingOf({ questions, foreign, damaged, noise }: LineGrowth): LineFinding | undefined {
  if (questions === 0 && foreign === 0 && noise + damaged >= LEAST_NOISE) return 'noise';
  if (questions === 0 && foreign > 0) return 'foreign';
  if (damaged > 0) return 'damaged';
  return questions + foreign + noise === 0 ? 'silent' : undefined;
}
