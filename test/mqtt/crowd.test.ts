// A broker that keeps what this gateway never wrote: it costs neither time nor memory, and is said.
import { expect, test } from 'vitest';
import type { LinkEvents } from '../../src/mqtt/link.ts';
import { household } from './household.ts';

const topicOf = (n: number) => `homeassistant/device/bmsgate_3f9c2a71_x${n}/config`;
const configOf = (components: number) =>
  JSON.stringify({
    origin: { name: 'bmsgate' },
    components: Object.fromEntries(
      Array.from({ length: components }, (_, i) => [`c${i}`, { platform: 'sensor' }]),
    ),
  });

async function broker(context: Parameters<typeof household>[0]) {
  const taken: string[] = [];
  let calls: LinkEvents | undefined;
  const here = household(context, 0, {
    dial: (events) => {
      calls = events;
      return () => {};
    },
  });
  const leave = (topic: string, text: string) => calls?.heard({ topic, text, isRetained: true });
  const begin = () =>
    calls?.up({
      keep: (topic, payload, done) => {
        if (payload === '') taken.push(topic);
        done?.();
      },
      tell: () => {},
      subscribe: () => {},
      unsubscribe: () => {},
      end: async () => {},
    });
  begin();
  return {
    taken,
    said: here.said,
    leave,
    sweep: () => here.clock.by(6000),
    again: async () => {
      calls?.down({ kind: 'closed' });
      await here.clock.by(2000);
      begin();
    },
  };
}

test('ten thousand devices under its name are taken away by the hundred, and said once', async (context) => {
  const { taken, said, leave, sweep, again } = await broker(context);
  const fill = () => {
    for (let n = 0; n < 10_000; n++) if (!taken.includes(topicOf(n))) leave(topicOf(n), configOf(1));
  };
  fill();
  await sweep();
  expect(taken).toHaveLength(100);
  await again();
  fill();
  await sweep();
  expect(new Set(taken).size).toBe(200);
  expect(said).toEqual([
    'the broker keeps more devices of this gateway than it can have had; look who writes to homeassistant/device/bmsgate_3f9c2a71_…, and allow only this gateway to',
  ]);
});

test('a message under its name that is longer than any of its own is left alone', async (context) => {
  const { taken, said, leave, sweep } = await broker(context);
  leave(topicOf(1), configOf(5000));
  await sweep();
  expect(taken).toEqual([]);
  expect(said).toEqual([
    expect.stringContaining(`${topicOf(1)} holds something that this gateway did not write`),
  ]);
});
