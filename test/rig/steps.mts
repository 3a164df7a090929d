// Sentences that hold or do not, each with what was measured; a rig ends with their count.
import { monotonicMs } from '../../src/model/freshness.ts';

const sinceMs = monotonicMs();
let passed = 0;
let failed = 0;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A moment, from the start of the rig. */
export const moment = (ms: number): string => seconds(ms - sinceMs).padStart(7);

/** Prints the sentence with what `check` measured, or why it failed, and counts it. */
export async function step(sentence: string, check: () => Promise<string>): Promise<void> {
  try {
    const measured = await check();
    passed++;
    console.log(`${moment(monotonicMs())} ok     ${sentence}: ${measured}`);
  } catch (error) {
    failed++;
    console.log(
      `${moment(monotonicMs())} FAILED ${sentence}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

export function claim(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

export const hasFailed = (): boolean => failed > 0;

/** The last line of every rig. */
export function end(): never {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
