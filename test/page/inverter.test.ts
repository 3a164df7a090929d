import { describe, expect, test } from 'vitest';
import { commandText, hasCommands } from '../../src/page/inverter/command.ts';
import { isZeroTold, ladderAt } from '../../src/page/inverter/ladder.ts';
import { isHeardByKeepAlive, listensKey } from '../../src/page/inverter/listens.ts';
import { compareSensed } from '../../src/page/inverter/sensed.ts';
import { isOffWire, isTold, isUnasked, limitsTold, toldAt } from '../../src/page/inverter/told.ts';
import { troubleOf } from '../../src/page/inverter/wire-trouble.ts';
import { safeTenths } from '../../src/page/limits/safe-tenths.ts';

const ages = { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 };
const none = {
  charge_voltage_limit_V: [],
  discharge_voltage_limit_V: [],
  charge_current_limit_A: [],
  discharge_current_limit_A: [],
};
const bank = (signals: Record<string, unknown>) => ({
  sequence: 1,
  evaluated_at_ms: 0,
  valid_until_ms: 3000,
  freshness: 'fresh' as const,
  signals,
  reasons: none,
  notices: [],
});

describe('the watchdog ladder', () => {
  test('of fresh data it counts down to late', () => {
    const ladder = ladderAt(ages, 'fresh', 1500, false);
    expect(ladder.here).toBe('fresh');
    expect(ladder.next).toEqual({ step: 'late', inMs: 4500 });
    expect(ladder.rungs.map(({ stands }) => stands)).toEqual(['here', 'ahead', 'ahead', 'ahead', 'ahead']);
  });

  test('of stale data it counts down to zero limits first, then to lost', () => {
    expect(ladderAt(ages, 'stale', 18_000, false).next).toEqual({ step: 'zero', inMs: 7000 });
    const zero = ladderAt(ages, 'stale', 26_000, true);
    expect(zero.here).toBe('zero');
    expect(zero.next).toEqual({ step: 'lost', inMs: 34_000 });
  });

  test('zero is where zero is told, not where it is due', () => {
    const late = ladderAt(ages, 'stale', 26_000, false);
    expect(late.here).toBe('stale');
    expect(ladderAt(ages, 'stale', 16_000, true)).toMatchObject({ here: 'zero', next: { step: 'lost' } });
    const signals = { charge_current_limit_A: 0, discharge_current_limit_A: 40 };
    expect(isZeroTold(bank(signals))).toBe(false);
    expect(isZeroTold(bank({ ...signals, discharge_current_limit_A: 0 }))).toBe(true);
    expect(isZeroTold(bank({}))).toBe(false);
    // Whole amperes are at zero before tenths are.
    const last = bank({ charge_current_limit_A: 0.5, discharge_current_limit_A: 0.9 });
    expect(isZeroTold(last, { charge_current_limit_A: 0, discharge_current_limit_A: 0 })).toBe(true);
    expect(isZeroTold(last, { charge_power_limit_W: 0, discharge_power_limit_W: 40 })).toBe(false);
  });

  test('an installer who lets discharging go on for longer sees when it ends', () => {
    const { rungs } = ladderAt({ ...ages, discharge_ms: 40_000 }, 'fresh', 0, false);
    expect(rungs.find(({ step }) => step === 'zero')?.fromMs).toBe(50_000);
  });

  test('beyond lost nothing comes any more', () => {
    const lost = ladderAt(ages, 'lost', 90_000, true);
    expect(lost.here).toBe('lost');
    expect(lost.next).toBeUndefined();
  });

  test('a battery that is back and not believed yet has no countdown to something worse', () => {
    const back = ladderAt(ages, 'lost', 800, true);
    expect(back.isReturning).toBe(true);
    expect(back.here).toBe('lost');
    expect(back.next).toBeUndefined();
  });

  test('before the first complete bank nobody stands on it', () => {
    const ladder = ladderAt(ages, 'never', undefined, false);
    expect(ladder.here).toBeUndefined();
    expect(ladder.rungs.every(({ stands }) => stands === 'ahead')).toBe(true);
  });

  test('the rung is what the gateway says, not what the page reckons', () => {
    expect(ladderAt(ages, 'fresh', 20_000, false)).toMatchObject({
      here: 'fresh',
      next: { step: 'late', inMs: 0 },
    });
  });
});

describe('what an inverter is told', () => {
  test('is what its protocol has a place for, and no more', () => {
    const told = { charge_voltage_limit_V: 55.2, charge_current_limit_A: 80, discharge_current_limit_A: 0 };
    expect(limitsTold(told).map(({ name, value }) => [name, value])).toEqual([
      ['charge_voltage_limit_V', 55.2],
      ['charge_current_limit_A', 80],
      ['discharge_current_limit_A', 0],
    ]);
  });

  test('is a power where it hears of no current', () => {
    const told = { charge_power_limit_W: 5016, discharge_power_limit_W: 0 };
    expect(limitsTold(told).map(({ unit, value }) => [unit, value])).toEqual([
      ['W', 5016],
      ['W', 0],
    ]);
    const both = { ...told, charge_current_limit_A: 95, discharge_current_limit_A: 0 };
    expect(limitsTold(both).map(({ unit }) => unit)).toEqual(['A', 'A']);
  });

  test('silence and exceptions are not telling', () => {
    expect(isTold({ telling: 'holds zero' })).toBe(true);
    expect(isTold({ telling: 'silence' })).toBe(false);
    expect(isTold({ telling: 'nothing yet' })).toBe(false);
  });
});

describe('what an inverter was told, as it stands on the page', () => {
  test('is never more than the bytes say: 99.99 % is not full, 49.99 A are not 50', () => {
    expect(safeTenths('soc_told_pct', 99.99)).toBe(99.9);
    expect(safeTenths('charge_current_limit_A', 49.99)).toBe(49.9);
    expect(safeTenths('charge_voltage_limit_V', 55.2)).toBe(55.2);
    expect(safeTenths('discharge_voltage_limit_V', 46.41)).toBe(46.5);
    expect(safeTenths('charge_current_limit_A', 3 * 0.1)).toBe(0.3);
  });

  test('is nothing while the wire is down, whatever the bank would say', () => {
    const down = ['opening', 'unavailable', 'bus-off', 'no-ack'] as const;
    expect(down.map((state) => isOffWire({ state }))).toEqual([true, true, true, true]);
    expect(isOffWire({ state: 'open' })).toBe(false);
  });

  test('is its last answer where it has stopped asking; a beat goes out all the same', () => {
    expect(isUnasked({ voice: 'silent', is_polled: true })).toBe(true);
    expect(isUnasked({ voice: 'heard', is_polled: true })).toBe(false);
    expect(isUnasked({ voice: 'silent' })).toBe(false);
  });

  test('is as old as its last question, and a number that it has not asked for in all that time is older', () => {
    const inverter = { silent_after_ms: 60_000 };
    const told_at_ms = { soc_told_pct: 100_000, charge_current_limit_A: 70_000 };
    const health = { is_polled: true, heard_at_ms: 100_000, told_at_ms } as const;
    const at = (told: Parameters<typeof toldAt>[0]['health'], name: keyof typeof told_at_ms) =>
      toldAt({ inverter, health: told, evaluatedAtMs: 5 }, name);
    expect(at(health, 'charge_current_limit_A')).toBe(100_000);
    const later = { ...health, heard_at_ms: 131_000 };
    expect([at(later, 'charge_current_limit_A'), at(later, 'soc_told_pct')]).toEqual([70_000, 131_000]);
    expect(at({}, 'soc_told_pct')).toBe(5);
  });
});

describe('whether an inverter listens', () => {
  const may = { silent_after_ms: 60_000 };
  const health = { voice: 'heard', telling: 'the truth' } as const;
  const [can, rtu] = [{ kind: 'can' }, { kind: 'rtu' }] as const;
  const polled = { ...health, is_polled: true } as const;

  test('is said of keep-alives where it beats, and of questions where it asks, also on CAN', () => {
    expect(listensKey({ inverter: may, wire: can, health })).toBe('inverter.heardCan');
    expect(listensKey({ inverter: may, wire: can, health: polled })).toBe('inverter.heardPolls');
    expect(listensKey({ inverter: may, wire: rtu, health: polled })).toBe('inverter.heardPolls');
    const silent = { ...polled, voice: 'silent' } as const;
    expect(listensKey({ inverter: may, wire: can, health: silent })).toBe('inverter.silentPolls');
    expect(isHeardByKeepAlive({ wire: can, health: polled })).toBe(false);
    expect(isHeardByKeepAlive({ wire: can, health })).toBe(true);
  });

  test('one that never asked has another cause on each wire', () => {
    const never = { ...polled, voice: 'never', telling: 'nothing yet' } as const;
    expect(listensKey({ inverter: may, wire: can, health: never })).toBe('inverter.neverPolledCan');
    expect(listensKey({ inverter: may, wire: rtu, health: never })).toBe('inverter.neverPolled');
    const mute = { voice: 'never', telling: 'the truth' } as const;
    expect(listensKey({ inverter: may, wire: can, health: mute })).toBe('inverter.neverCan');
    expect(listensKey({ inverter: {}, wire: can, health: mute })).toBe('inverter.mayBeMute');
  });

  test('one that speaks and does not ask is told so, whether it ever asked or not', () => {
    for (const voice of ['never', 'silent'] as const)
      expect(listensKey({ inverter: may, wire: rtu, health: { ...polled, voice, asks_nothing: true } })).toBe(
        'inverter.asksNothing',
      );
  });

  test('one that asks in vain does not get its answers', () => {
    for (const telling of ['silence', 'exception', 'nothing yet'] as const)
      expect(listensKey({ inverter: may, wire: can, health: { ...polled, telling } })).toBe(
        'inverter.heardUnanswered',
      );
  });
});

describe('what a master asks', () => {
  test('is a command where a codec speaks, as its protocol writes it, and registers elsewhere', () => {
    expect(commandText('ascii', 0x61)).toBe('0x61');
    expect(commandText('kostal', 0x84a)).toBe('0x084A');
    const kinds = ['ascii', 'kostal', 'rtu', 'tcp', 'can'] as const;
    expect(kinds.filter(hasCommands)).toEqual(['ascii', 'kostal']);
  });
});

describe('told versus sensed', () => {
  test('a coarse sensor may differ by a little', () => {
    expect(compareSensed({ sensedA: 41, bankA: 40 })).toEqual({ differenceA: 1, isUnlikeBank: false });
  });

  test('an inverter that charges beyond its limit is named', () => {
    expect(compareSensed({ sensedA: 60, chargeLimitA: 50 }).exceeds).toBe('charge');
    expect(compareSensed({ sensedA: -60, dischargeLimitA: 50 }).exceeds).toBe('discharge');
    expect(compareSensed({ sensedA: 54, chargeLimitA: 50 }).exceeds).toBeUndefined();
  });

  test('a shunt the wrong way round is seen', () => {
    expect(compareSensed({ sensedA: -40, bankA: 40 }).isUnlikeBank).toBe(true);
  });
});

describe('trouble on a wire', () => {
  test('a well wire has none', () => {
    expect(troubleOf({ state: 'open', counts: { sent: 100, received: 3 } })).toEqual({ counted: [] });
  });

  test('what is so now comes apart from what was counted', () => {
    expect(troubleOf({ state: 'no-ack', counts: { noAck: 2, refused: 5, sent: 9 } })).toEqual({
      now: 'no-ack',
      counted: [
        { counter: 'noAck', count: 2 },
        { counter: 'refused', count: 5 },
      ],
    });
  });
});
