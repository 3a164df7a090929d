import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/bms/driver.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { oneLink } from '../bms/one-link.ts';

// One letter asks, the same letter and a byte answer: V is the voltage, A the alarms, T the trip, which is asked once.
const letterOf = (bytes: Uint8Array): string => String.fromCharCode(bytes[0] ?? 0);
const readings: { readonly [letter: string]: (n: number) => BatteryReading } = {
  V: (n) => ({ voltageV: n }),
  A: (n) => ({ alarms: n > 0 ? ['cell_high_voltage'] : [] }),
  T: (n) => ({ dischargeOverCurrentA: n }),
};
const REFUSED = 0xff;
const dialect: Dialect = {
  id: 'letters',
  requests: () => [
    { name: 'V', bytes: Uint8Array.of(0x56), required: true },
    { name: 'A', bytes: Uint8Array.of(0x41), required: false },
    { name: 'T', bytes: Uint8Array.of(0x54), required: false, once: true },
  ],
  framing: { measure: (bytes) => (bytes.length < 2 ? 'need-more' : 2), intact: () => true },
  answer: (frame) => {
    const [, n = 0] = frame;
    const reading = readings[letterOf(frame)]?.(n);
    if (n === REFUSED || !reading) return { kind: 'refused', why: 'no' };
    return { kind: 'part', part: letterOf(frame), reading };
  },
};
const driver = {
  id: 'letters',
  title: 'a battery of three letters',
  gatt: [{ service: 'ff00', notify: 'ff01', write: 'ff02' }],
  matches: () => true,
  dialects: [dialect] as const,
};

/** Answers with what `says` has under the letter; nothing there is silence. */
function room(says: { [letter: string]: number | undefined }) {
  const answer = (request: Uint8Array) => {
    const n = says[letterOf(request)];
    return n === undefined ? undefined : Uint8Array.of(request[0] ?? 0, n);
  };
  const { clock, samples, port, ...link } = oneLink({ driver, answer });
  const asked = (letter: number) => link.asked.filter(({ hex }) => hex === letter.toString(16)).length;
  return { clock, asked, newest: () => samples().at(-1)?.reading, port };
}

describe('what need not be answered', () => {
  test('and was answered once on this link is asked for ever: alarms that were lost for a while come again', async () => {
    const says: Parameters<typeof room>[0] = { V: 52, A: 0, T: 100 };
    const { clock, newest } = room(says);
    await clock.to(5000);
    expect(newest()?.alarms).toEqual([]);
    says.A = undefined;
    await clock.to(20_000);
    expect(newest()?.alarms).toBeUndefined();
    says.A = 1;
    await clock.to(24_000);
    expect(newest()?.alarms).toEqual(['cell_high_voltage']);
  });

  test('is asked again after a refusal, which may only mean that the unit is busy', async () => {
    const says: Parameters<typeof room>[0] = { V: 52, A: REFUSED, T: 100 };
    const { clock, newest } = room(says);
    await clock.to(1500);
    says.A = 1;
    await clock.to(5000);
    expect(newest()?.alarms).toEqual(['cell_high_voltage']);
  });

  test('and is always refused is given up after three times', async () => {
    const { clock, asked } = room({ V: 52, A: REFUSED, T: 100 });
    await clock.to(20_000);
    expect(asked(0x41)).toBe(3);
  });
});

test('what a unit refuses on a new link is not taken from the one that was there before', async () => {
  const says: Parameters<typeof room>[0] = { V: 52, A: 0, T: 120 };
  const { clock, newest, port } = room(says);
  await clock.to(5000);
  expect(newest()?.dischargeOverCurrentA).toBe(120);
  says.T = undefined;
  port.drop('02:00:00:00:00:01');
  await clock.to(20_000);
  expect(newest()?.dischargeOverCurrentA).toBe(120);
  says.T = REFUSED;
  port.drop('02:00:00:00:00:01');
  await clock.to(30_000);
  expect(newest()).toEqual({ voltageV: 52, alarms: [] });
});
