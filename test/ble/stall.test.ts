// After the loop stood still nothing that is asked before the stall is noticed may be taken for the answer to a later question.
import { describe, expect, test } from 'vitest';
import { session } from '../../src/ble/session.ts';
import { watchStalls } from '../../src/ble/stall.ts';
import { turns } from '../../src/ble/turns.ts';
import { unitPort } from '../../src/ble/unit-port.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { inNotifications, jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { crank } from './crank.ts';
import { gatt, pack } from './room.ts';

/** Each way, over a link at the edge of reach. */
const WAY_MS = 450;
const STALL_MS = 1500;

/** A unit far away that counts its answers, and an ear that watches for stalls. */
function farAway() {
  const clock = crank();
  const askedMs: number[] = [];
  const givenMs: number[] = [];
  const samples: { atMs: number; givenMs: number }[] = [];
  let isSilent = false;
  const asked = (request: Uint8Array, say: (bytes: Uint8Array) => void) => {
    askedMs.push(clock.now());
    if (isSilent) return;
    const answer = jbdAnswer({ ...pack, cycles: givenMs.length }, request) ?? new Uint8Array();
    givenMs.push(clock.now() + WAY_MS);
    // A second timer: what came while the loop stood still is read after all timers that are due.
    clock.after(2 * WAY_MS, () => clock.after(0, () => inNotifications(answer).forEach(say)));
  };
  const address = '02:00:00:00:00:01';
  const port = unitPort([{ advert: { address, services: ['ff00'], rssiDbm: -90 }, gatt, asked }], clock);
  const { timers } = watchStalls(clock, () => listening.stalled());
  const listening = session({
    address,
    driver: jbd,
    batteries: [{ id: 'far' }],
    pollMs: 1000,
    turns: turns(port, timers),
    timers,
    report: (r) => {
      if (r.type !== 'sample') return;
      samples.push({ atMs: r.atMs, givenMs: givenMs[r.reading.cycles ?? -1] ?? Number.NaN });
    },
  });
  const silence = (on: boolean) => {
    isSilent = on;
  };
  return { clock, askedMs, samples, silence };
}

describe.each([
  { unit: 'answers', isSilent: false },
  { unit: 'was silent until then', isSilent: true },
])('a unit at the edge of reach that $unit', ({ isSilent }) => {
  test('at whichever moment the loop stood still, no sample is stamped later than its values were told', async () => {
    for (let atMs = 10_000; atMs < 14_000; atMs += 50) {
      const { clock, askedMs, samples, silence } = farAway();
      await clock.to(10_000);
      silence(isSilent);
      await clock.to(atMs);
      silence(false);
      const [asked, heard] = [askedMs.length, samples.length];
      await clock.stall(STALL_MS);
      expect(askedMs.length).toBe(asked);
      await clock.by(10_000);
      expect(samples.length).toBeGreaterThan(heard);
      expect(samples.filter((sample) => sample.atMs > sample.givenMs)).toEqual([]);
    }
  });
});
