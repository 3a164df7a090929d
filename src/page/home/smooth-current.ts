// The bank's current, smoothed over a minute: from evaluation to evaluation, as they come.
import { effect, signal } from '@preact/signals';
import { live } from '../live/connection.ts';
import { numberOf } from '../live/values.ts';
import { followed } from './time-left.ts';

const TAU_MS = 60_000;
/** After a hole of more than this nothing of before counts. */
const MOST_MS = 30_000;

export const smoothCurrentA = signal<number | undefined>(undefined);
let atMs: number | undefined;

function step(currentA: number | undefined, nowMs: number): number | undefined {
  const passedMs = atMs === undefined ? 0 : nowMs - atMs;
  const was = passedMs >= 0 && passedMs <= MOST_MS ? smoothCurrentA.peek() : undefined;
  return currentA === undefined ? undefined : followed(was, currentA, passedMs, TAU_MS);
}

effect(() => {
  const bank = live.value?.bank;
  if (!bank || bank.evaluated_at_ms === atMs) return;
  smoothCurrentA.value = step(numberOf(bank.signals, 'current_A'), bank.evaluated_at_ms);
  atMs = bank.evaluated_at_ms;
});
