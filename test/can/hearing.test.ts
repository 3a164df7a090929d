import { expect, test } from 'vitest';
import { type Hearing, heard, judged, unheard } from '../../src/can/hearing.ts';

const TIMEOUT_MS = 5000;
const judge = (was: Hearing, nowMs: number) => judged(was, nowMs, TIMEOUT_MS);

test('an inverter that never spoke is no news, however long it takes', () => {
  expect(judge(unheard, 3_600_000)).toEqual({ voice: 'never' });
});

test('an inverter is silent when more than its time-out has passed since the last frame', () => {
  const spoke = heard(heard(unheard, 1000), 3000);
  expect(judge(spoke, 8000)).toEqual({ voice: 'heard', lastAtMs: 3000 });
  expect(judge(spoke, 8001)).toEqual({ voice: 'silent', lastAtMs: 3000 });
});

test('an inverter is back with its first frame after a silence and simply heard with the second', () => {
  const back = heard(judge(heard(unheard, 0), 6000), 7000);
  expect(back).toEqual({ voice: 'back', lastAtMs: 7000 });
  expect(heard(back, 8000).voice).toBe('heard');
});

test('an inverter can fall silent right after it came back', () => {
  const back = heard(judge(heard(unheard, 0), 6000), 7000);
  expect(judge(back, 12_001).voice).toBe('silent');
});
