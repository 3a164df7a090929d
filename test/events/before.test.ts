// The gateway ends while something lasts, and is started again.
import { describe, expect, test } from 'vitest';
import { bankConditions } from '../../src/events/bank-conditions.ts';
import { keptBy, keptText, officeRun, readKept } from '../../src/events/kept.ts';
import { type Condition, newLedger } from '../../src/events/ledger.ts';
import { watchBank } from '../../src/events/watch-bank.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { BankEvent, EventKind } from '../../src/model/events.ts';
import { bankOf, pack, reading, room } from '../bank/room.ts';

const WALL_MS = Date.UTC(2026, 10, 28, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const battery = (kind: EventKind, subject = 'a'): Condition => ({
  kind,
  subject,
  text: `${kind} ${subject}`,
});
const bank = (kind: EventKind): Condition => ({ kind, text: kind });
const hot: Condition = {
  kind: 'protection',
  alarm: 'high_temperature',
  text: 'too hot',
  measured: { quantity: 'max_cell_temperature_C', value: 61 },
};

/** A gateway whose machine has a boot, a monotonic clock and a date, each of which may be another after a restart. */
function gateway() {
  const machine = { boot: 'first', nowMs: 100_000, wallMs: WALL_MS };
  const told: BankEvent[] = [];
  let run = 0;
  const started = () => newLedger(`run${++run}`, (event) => told.push(event));
  const now = () => ({ boot: machine.boot, monotonicMs: machine.nowMs, wallMs: machine.wallMs });
  let ledger = started();
  const passes = (ms: number): void => {
    machine.nowMs += ms;
    machine.wallMs += ms;
  };
  return {
    told: () => told.splice(0),
    open: () => ledger.open(),
    passes,
    holds: (source: string, ...conditions: readonly Condition[]) =>
      ledger.hold(source, conditions, machine.nowMs),
    stays: (source: string, condition: Condition) => ledger.stay(source, condition, machine.nowMs),
    /** Seconds go by in which the bank says this, and nobody else anything. */
    seconds(count: number, ...conditions: readonly Condition[]): void {
      for (let i = 0; i < count; i++) {
        passes(1000);
        ledger.hold('bank', conditions, machine.nowMs);
      }
    },
    restarts(offMs = 3000, boot = machine.boot): void {
      const text = keptText(ledger.open(), now());
      passes(offMs);
      if (boot !== machine.boot) machine.nowMs = 20_000;
      machine.boot = boot;
      ledger = started();
      const kept = readKept(text, now());
      if (kept) ledger.carry(kept, machine.nowMs);
    },
    machine,
  };
}

const began = ({ id, beganAtMs }: BankEvent) => [id, beganAtMs];

describe('what lasts over a restart of the gateway', () => {
  test('goes on under its id, with its beginning and its worst, and is told to nobody again', () => {
    const { holds, told, open, restarts, passes, seconds } = gateway();
    holds('bank', battery('battery_stale'), hot);
    const begun = told();
    passes(HOUR_MS);
    restarts();
    seconds(200, battery('battery_stale'), {
      ...hot,
      measured: { quantity: 'max_cell_temperature_C', value: 60 },
    });
    expect(told()).toEqual([]);
    expect(open()).toEqual(begun);
    seconds(1);
    expect(told().map((event) => [...began(event), event.endedAtMs, event.over])).toEqual(
      begun.map((event) => [...began(event), 100_000 + HOUR_MS + 3000 + 201_000, undefined]),
    );
  });

  test('and is not seen again is over after two minutes, as late as it was known', () => {
    const { holds, told, open, restarts, passes, seconds } = gateway();
    holds('bank', hot);
    passes(HOUR_MS);
    told();
    restarts();
    seconds(119);
    expect([told(), open().length]).toEqual([[], 1]);
    seconds(1);
    expect(told()).toMatchObject([
      { id: 'run1-1', endedAtMs: 100_000 + HOUR_MS, over: expect.stringMatching(/not seen again/) },
    ]);
    expect(open()).toEqual([]);
  });

  test('of which a start finds nothing in its first seconds is over after half a minute', () => {
    const { holds, told, restarts, seconds } = gateway();
    holds('copy', { kind: 'good_copy_in_force', text: 'gateway.yaml: the last good copy is in force' });
    told();
    restarts();
    seconds(30);
    expect(told()).toMatchObject([{ kind: 'good_copy_in_force', endedAtMs: 100_000 }]);
  });

  test('is the same while nothing is known yet, however long that takes', () => {
    const { holds, told, open, restarts, seconds } = gateway();
    holds('bank', bank('bank_lost'), battery('battery_lost'));
    const begun = told();
    restarts(HOUR_MS, 'second');
    seconds(3600, bank('bank_incomplete'), battery('battery_awaited'), battery('battery_awaited', 'b'));
    expect(open().map(({ id }) => id)).toEqual([...begun.map(({ id }) => id), 'run2-1']);
    expect(told().map(({ kind, subject }) => [kind, subject])).toEqual([['battery_awaited', 'b']]);
    seconds(1);
    expect(told().map(({ id, kind }) => [id, kind])).toEqual([
      ...begun.map(({ id, kind }) => [id, kind]),
      ['run2-1', 'battery_awaited'],
    ]);
  });

  test('and has got worse meanwhile gives its place to that, and is not called well', () => {
    const { holds, told, restarts, seconds } = gateway();
    holds('bank', battery('battery_stale'));
    told();
    restarts(MINUTE_MS);
    seconds(1, battery('battery_lost'));
    expect(told()).toMatchObject([
      { id: 'run1-1', endedAtMs: 100_000, became: 'battery_lost' },
      { id: 'run2-1', kind: 'battery_lost' },
    ]);
  });

  test('goes on where an inverter was silent and has not been heard since, until it is', () => {
    const { holds, stays, told, restarts, seconds } = gateway();
    const silent: Condition = { kind: 'inverter_silent', subject: 'house', text: 'inverter house is silent' };
    holds('hearing of house', silent);
    told();
    restarts();
    stays('hearing of house', silent);
    stays('hearing of barn', { ...silent, subject: 'barn' });
    seconds(600);
    expect(told()).toEqual([]);
    holds('hearing of house');
    expect(told()).toMatchObject([{ id: 'run1-1', endedAtMs: 703_000 }]);
  });

  test('of one battery is not that of another, which is told', () => {
    const { holds, told, restarts, seconds } = gateway();
    const ofBattery = (...batteries: string[]): Condition => ({
      ...hot,
      text: `protection: high temperature of ${batteries.join(', ')}; it comes and goes`,
      batteries,
    });
    holds('bank', ofBattery('a', 'b'));
    told();
    restarts(HOUR_MS, 'second');
    seconds(1, ofBattery('b'));
    seconds(1, ofBattery('b', 'c'));
    expect(told()).toEqual([]);
    restarts(HOUR_MS, 'third');
    seconds(1, ofBattery('b', 'c'));
    expect(told()).toMatchObject([
      { id: 'run1-1', became: 'protection', endedAtMs: expect.any(Number) },
      { id: 'run3-1', text: expect.stringMatching('of b, c') },
    ]);
    restarts(HOUR_MS, 'fourth');
    seconds(200, ofBattery('c'));
    expect(told()).toEqual([]);
  });

  test('and was no trouble gives its place to what the start says, which is true now', () => {
    const { holds, told, open, restarts, seconds } = gateway();
    holds('bank', bank('bank_late'), battery('battery_late'));
    told();
    restarts(HOUR_MS, 'second');
    seconds(1, bank('bank_incomplete'), battery('battery_awaited'));
    expect(open().map(({ kind }) => kind)).toEqual(['bank_incomplete', 'battery_awaited']);
  });

  test('lasts through restart after restart', () => {
    const { holds, told, open, restarts, seconds } = gateway();
    holds('bank', hot);
    const begun = told();
    for (let i = 0; i < 5; i++) {
      restarts(10_000, `boot ${i}`);
      seconds(20, hot);
    }
    expect(told()).toEqual([]);
    expect(open().map(({ id }) => id)).toEqual(begun.map(({ id }) => id));
  });
});

describe('an alarm from before a restart', () => {
  const two = bankOf([[pack('a')], [pack('b')]]);
  const alarm = { alarms: ['high_temperature'] } as const;

  /** Two batteries whose alarm lasted when the gateway ended. */
  function restarted() {
    const told: BankEvent[] = [];
    const before = room(two, { nowMs: 100_000 });
    const [at] = bankConditions(before.hearAll(reading(alarm))).filter(({ kind }) => kind === 'protection');
    if (!at) throw new Error('an alarm of all batteries is a protection');
    newLedger('run1', (event) => told.push(event)).hold('bank', [at], before.now());
    const r = room(two, { nowMs: 110_000 });
    const ledger = newLedger('run2', (event) => told.push(event));
    const watch = watchBank(ledger);
    ledger.carry({ events: told.splice(0), untilMs: before.now() }, r.now());
    return {
      pass(seconds: number, say: () => BankState): void {
        for (let s = 0; s < seconds; s++) {
          r.wait(1000);
          watch(say());
        }
      },
      room: r,
      alarms: () =>
        told
          .splice(0)
          .filter(({ kind }) => kind === 'protection')
          .map(({ id, endedAtMs }) => [id, endedAtMs === undefined ? 'begins' : 'ends']),
    };
  }

  test('is over once all batteries were fresh for ten seconds without it: one that comes then is told', () => {
    const { pass, room: r, alarms } = restarted();
    const well = () => r.hearAll(reading({}));
    pass(20, well);
    expect(alarms()).toEqual([['run1-1', 'ends']]);
    pass(1, () => r.hearAll(reading(alarm)));
    expect(alarms()).toEqual([[expect.stringMatching(/^run2/), 'begins']]);
  });

  test('is nothing that anybody calls over while a battery that had it has not been heard', () => {
    const { pass, room: r, alarms } = restarted();
    pass(400, () => r.hear('b', reading({})));
    pass(60, () => r.hearAll(reading(alarm)));
    expect(alarms()).toEqual([]);
    pass(30, () => r.hearAll(reading({})));
    expect(alarms()).toEqual([['run1-1', 'ends']]);
  });
});

test('why a battery does not count is as before until it is heard', () => {
  const told: BankEvent[] = [];
  const r = room(bankOf([[pack('a')], [pack('b')]]), { nowMs: 110_000 });
  const ledger = newLedger('run2', (event) => told.push(event));
  const watch = watchBank(ledger);
  const why = { kind: 'battery_fault', subject: 'a', text: 'battery a does not count: 15 cells' } as const;
  ledger.carry({ events: [{ ...why, id: 'run1-1', beganAtMs: 1000 }], untilMs: 100_000 }, r.now());
  const faults = () => told.filter(({ kind }) => kind === 'battery_fault').map(({ id, over }) => [id, over]);
  const pass = (seconds: number, say: () => BankState): void => {
    for (let s = 0; s < seconds; s++) {
      r.wait(1000);
      watch(say());
    }
  };
  pass(400, () => r.hear('b'));
  expect(faults()).toEqual([]);
  pass(130, () => r.hearAll());
  expect(faults()).toEqual([['run1-1', expect.stringMatching('not seen again')]]);
});

describe('the date of what lasted before the machine was off', () => {
  /** The battery went stale 10 min before the machine was off for an hour; gives when it began, before now. */
  function beganAgo(see: (machine: ReturnType<typeof gateway>['machine']) => void): number | undefined {
    const here = gateway();
    here.holds('bank', battery('battery_stale'));
    here.passes(10 * MINUTE_MS);
    const text = keptText(here.open(), {
      boot: 'first',
      monotonicMs: here.machine.nowMs,
      wallMs: here.machine.wallMs,
    });
    Object.assign(here.machine, { boot: 'second', nowMs: 20_000, wallMs: here.machine.wallMs + HOUR_MS });
    see(here.machine);
    const { boot, nowMs, wallMs } = here.machine;
    const kept = readKept(text, { boot, monotonicMs: nowMs, wallMs });
    return kept?.events.map(({ beganAtMs }) => nowMs - beganAtMs)[0];
  }

  test('is the true one', () => {
    expect(beganAgo(() => {})).toBe(HOUR_MS + 10 * MINUTE_MS);
  });

  test.for([
    ['in 1970', -WALL_MS],
    ['where it stood when the machine went off', -HOUR_MS],
    ['behind', -3 * HOUR_MS],
  ] as const)('lies before this boot where the clock is %s, never in the future', ([, byMs]) => {
    const ago = beganAgo((machine) => {
      machine.wallMs += byMs;
    });
    expect(ago).toBe(20_000 + 10 * MINUTE_MS);
  });

  test('is believed for a week; what is older, or of a clock that is years ahead, begins anew', () => {
    const days = (count: number) =>
      beganAgo((machine) => {
        machine.wallMs += count * 24 * HOUR_MS;
      });
    expect([days(6), days(8), days(5000)].map((ago) => ago !== undefined)).toEqual([true, false, false]);
  });

  test('of another boot that is said to be this one does not lie in the future', () => {
    const ago = beganAgo((machine) => {
      machine.boot = 'first';
    });
    expect(ago).toBeUndefined();
  });
});

describe('a file of what lasts that is none', () => {
  const now = { boot: 'first', monotonicMs: 100_000, wallMs: WALL_MS };
  const event: BankEvent = { id: 'r-1', kind: 'battery_lost', subject: 'a', text: 'lost', beganAtMs: 50_000 };
  const read = (...events: readonly unknown[]) =>
    // A file may hold anything.
    readKept(keptText(events as readonly BankEvent[], now), now)?.events;

  test('is as no file', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"form":1}',
      '{"form":2}',
      keptText([], now).replace('events', 'x'),
    ])
      expect(readKept(text, now)).toBeUndefined();
  });

  test('gives what can be believed of it', () => {
    const wrong = [
      null,
      { ...event, kind: 'toString' },
      { ...event, beganAtMs: 'today' },
      { ...event, beganAtMs: 200_000 },
      { ...event, subject: 7 },
      { ...event, endedAtMs: 60_000 },
      { ...event, kind: 'remark' },
      { ...event, peak: null },
      { ...event, peak: { quantity: 'voltage_V', value: '3' } },
      { ...event, details: null },
      { ...event, line: 7 },
    ];
    expect(read(...wrong, event)).toEqual([event]);
  });
});

test('what the office looked after itself is not handed to the wires, nor the other way round', () => {
  const found = (run: string) => {
    const told: BankEvent[] = [];
    newLedger(run, (event) => told.push(event)).hold('any', [hot], 0);
    return told;
  };
  const [ofWires, ofOffice] = [found('1f3c9a2b'), found(officeRun('1f3c9a2b'))];
  const kept = { events: [...ofWires, ...ofOffice], untilMs: 5 };
  expect(keptBy('wires', kept)).toEqual({ events: ofWires, untilMs: 5 });
  expect(keptBy('office', kept)).toEqual({ events: ofOffice, untilMs: 5 });
});
