// What a person reads before a battery is let rest, held against the bank that comes of it.
import { describe, expect, test } from 'vitest';
import type { BankConfig } from '../../src/bank/config.ts';
import type { Site } from '../../src/model/api/site.ts';
import { foretell } from '../../src/office/foretell.ts';
import { bankOf, pack as packOf, reading, room } from '../bank/room.ts';

const bank = (loss: BankConfig['loss']) => bankOf([[packOf('a')], [packOf('b')]], { loss });

const siteOf = ({ loss, ages }: BankConfig): Parameters<typeof foretell>[0] => ({
  batteries: ['a', 'b'].map((id) => ({ id, bms: 'jbd', cells: 16, capacity_Ah: 100, has_fets: true })),
  strings: [['a'], ['b']],
  ages: { fresh_ms: ages.freshMs, late_ms: ages.lateMs, lost_ms: ages.lostMs, ramp_ms: ages.rampMs },
  on_partial_loss: loss,
  inverters: [] satisfies Site['inverters'],
});

/** Battery b rests from now on; `a` goes on. */
function resting(loss: BankConfig['loss'], last = reading()) {
  const config = bank(loss);
  const r = room(config);
  r.hear('a');
  r.hear('b', last);
  const rest = { what: 'link', backMs: 600_000 } as const;
  const { course } = foretell(siteOf(config), ['b'], rest, r.state());
  const [missing] = course.kind === 'partly' ? course.missing : [];
  return { course: course.kind, counts: missing?.counts, pass: (seconds: number) => r.pass(seconds, ['a']) };
}

/** Of two equal strings each carries half, and the share-aware sum keeps a twentieth back. */
const HALVES = 2 * 0.95;

/** What b is let count as, by the reason that names it. */
const allowed = ({ reasons }: ReturnType<ReturnType<typeof resting>['pass']>) =>
  reasons.dischargeCurrent
    .filter(({ rule, pack }) => pack === 'b' && rule.startsWith('missing'))
    .map(({ value }) => value / HALVES)[0];

describe('a battery that rests counts as was foretold', () => {
  test('under `reduce`: a fifth of C, and a tenth from lost on', () => {
    const { counts, pass } = resting('reduce');
    expect(counts).toMatchObject({ kind: 'share', first_A: 20, later_A: 10 });
    expect(allowed(pass(25))).toBe(20);
    expect(allowed(pass(45))).toBe(10);
  });

  test('under `hold`: half its limit for a minute, then a tenth', () => {
    const { counts, pass } = resting('hold');
    expect(counts).toMatchObject({ kind: 'half', later_A: 10 });
    expect(allowed(pass(25))).toBeGreaterThan(20);
    expect(allowed(pass(55))).toBe(10);
  });

  test('under `exclude`: not at all', () => {
    const { counts, pass } = resting('exclude');
    expect(counts).toEqual({ kind: 'excluded' });
    expect(allowed(pass(25))).toBeUndefined();
  });

  test('under `block`: the whole bank is stale', () => {
    const { course, pass } = resting('block');
    expect(course).toBe('stale');
    expect(pass(25).freshness).toBe('stale');
  });

  test('with an alarm: nothing may be asked of the bank', () => {
    const { counts, pass } = resting('reduce', reading({ alarms: ['high_temperature'] }));
    expect(counts).toEqual({ kind: 'alarmed', battery: 'b' });
    const { signals } = pass(25);
    expect([signals.chargeCurrentLimitA, signals.dischargeCurrentLimitA]).toEqual([0, 0]);
  });
});
