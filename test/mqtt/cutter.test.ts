// Ten megabytes that somebody left at a topic never come near the parser, and nothing of the rest is lost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cut, Cutter } from '../../src/mqtt/cutter.ts';
import { takeAway } from '../../src/mqtt/take-away.ts';

/** MQTT 3.1.1, section 2.2.3. */
function remaining(length: number): number[] {
  const low = length % 128;
  const rest = Math.floor(length / 128);
  return rest ? [low + 128, ...remaining(rest)] : [low];
}

function publish(topic: string, size: number): Uint8Array {
  const name = Buffer.from(topic);
  const body = Buffer.concat([
    Uint8Array.of(name.length >> 8, name.length & 255),
    name,
    Buffer.alloc(size, 0x61),
  ]);
  return Buffer.concat([Uint8Array.from([0x31, ...remaining(body.length)]), body]);
}

const PINGRESP = Uint8Array.of(0xd0, 0);
const MOST = 200;

describe('a stream of packets', () => {
  test('passes whole, but for those that are too long, in pieces of any size', () => {
    const packet = fc.oneof(
      fc.record({ topic: fc.string({ maxLength: 40 }), size: fc.integer({ min: 0, max: 600 }) }),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (packets, pieces) => {
          const bytes = packets.map((p) => (p ? publish(p.topic, p.size) : PINGRESP));
          const isLong = (p: Uint8Array) => p.length > MOST + 3;
          const whole = Buffer.concat(bytes);
          const cuts: Cut[] = [];
          const cutter = new Cutter(MOST, (cut) => cuts.push(cut));
          const passed: Uint8Array[] = [];
          for (let at = 0, i = 0; at < whole.length; i++) {
            const end = at + (pieces[i % pieces.length] ?? 1);
            passed.push(cutter.take(whole.subarray(at, end)));
            at = end;
          }
          expect(Buffer.concat(passed)).toEqual(Buffer.concat(bytes.filter((p) => !isLong(p))));
          const long = packets.filter((_, i) => isLong(bytes[i] ?? PINGRESP));
          expect(cuts.map(({ topic }) => topic)).toEqual(long.map((p) => p?.topic));
        },
      ),
    );
  });

  test('of ten megabytes holds no more than its topic', () => {
    const cuts: Cut[] = [];
    const cutter = new Cutter(MOST, (cut) => cuts.push(cut));
    const huge = publish('house/attic', 10_000_000);
    let passed = 0;
    for (let at = 0; at < huge.length; at += 65_536)
      passed += cutter.take(huge.subarray(at, at + 65_536)).length;
    expect([passed, cuts]).toEqual([0, [{ bytes: 10_000_013, topic: 'house/attic' }]]);
  });
});

test('a command that is told for a topic is one command, whatever the topic is called', () => {
  expect(takeAway('homeassistant/device/x/config')).toBe(
    '`mosquitto_pub -r -n -t homeassistant/device/x/config`',
  );
  expect(takeAway("a'; reboot; '$(id)")).toBe("`mosquitto_pub -r -n -t 'a'\\''; reboot; '\\''$(id)'`");
});
