import { describe, expect, test } from 'vitest';
import { listen } from '../../src/ble/listen.ts';
import type { EarReport } from '../../src/ble/orders.ts';
import { replayPort } from '../../src/ble/replay.ts';
import type { Capture } from '../../src/bytes/capture.ts';
import { captured } from '../bms/captures.ts';
import { crank } from './crank.ts';

const battery = { id: 'a', bms: 'eco-worthy', address: 'E2:E0:5A:00:00:01' };

function heardFrom(capture: Capture, isLooped = false) {
  const clock = crank();
  const said: EarReport[] = [];
  const port = replayPort({ capture, batteries: [battery], timers: clock, isLooped });
  const report = (r: EarReport) => said.push(r);
  const giveUp = () => {};
  listen({ radio: 'hci0', port, batteries: [battery], pollMs: 2000, timers: clock, report, giveUp });
  return { clock, port, samples: () => said.flatMap((r) => (r.type === 'sample' ? [r] : [])) };
}

describe('a capture of a unit that nobody asked', () => {
  const capture = captured('eco-worthy/version-2-full');

  test('speaks from the subscription on, in its own timing, then falls silent', async () => {
    const { clock, samples } = heardFrom(capture);
    await clock.to(5_000);
    expect(samples()).toHaveLength(1);
    expect(samples()[0]?.reading).toMatchObject({ voltageV: 13.48, cellVoltagesV: { length: 4 } });
    await clock.to(60_000);
    expect(samples()).toHaveLength(1);
  });

  test('goes on for ever when it is looped', async () => {
    const { clock, samples } = heardFrom(capture, true);
    await clock.to(60_000);
    expect(samples().at(-1)?.atMs).toBeGreaterThan(58_000);
    expect(samples().length).toBeGreaterThan(60);
  });

  test('stops when its link is lost, and goes on when it is back', async () => {
    const { clock, port, samples } = heardFrom(capture, true);
    await clock.to(10_000);
    const before = samples().length;
    port.hide(battery.address);
    await clock.to(30_000);
    expect(samples()).toHaveLength(before);
    port.show(battery.address);
    await clock.to(60_000);
    expect(samples().length).toBeGreaterThan(before);
  });

  test('loses nothing of what it has not said yet when its link is lost', async () => {
    const { clock, port, samples } = heardFrom(capture);
    await clock.to(450); // between its first and its second notification
    port.hide(battery.address);
    await clock.to(3_000);
    port.show(battery.address);
    await clock.to(8_000);
    expect(samples()).toHaveLength(1);
  });

  test('without times is heard as well', async () => {
    const { clock, samples } = heardFrom(captured('eco-worthy/version-2'));
    await clock.to(5_000);
    expect(samples()[0]?.reading).toMatchObject({ currentA: -6 });
  });
});
