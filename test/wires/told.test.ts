import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../src/bank/memory.ts';
import { watchCauses } from '../../src/events/causes.ts';
import type { EventLine } from '../../src/events/line.ts';
import { watchBank } from '../../src/events/watch-bank.ts';
import type { BankState, Reason } from '../../src/model/bank-state.ts';
import { takeReports } from '../../src/wires/reports.ts';
import { isUrgent } from '../../src/wires/urgent.ts';
import { bankOf, pack, reading, room } from '../bank/room.ts';
import { mute, readLedger } from './lines.ts';

const two = bankOf([[pack('a')], [pack('b')]]);
/** What the log says at its usual level, with the battery that it names. */
const texts = (lines: readonly EventLine[]) =>
  lines
    .filter(({ level }) => level !== 'debug')
    .map(({ text, fields }) => `${text} ${fields.battery ?? ''}`.trim());

/** Every line that a history of evaluations is worth. */
function lines(live: (look: (state: Evaluation) => void) => void): EventLine[] {
  const { ledger, log } = readLedger();
  live(watchBank(ledger));
  return log;
}

const ofRungs = (said: readonly EventLine[]) =>
  texts(said).filter((text) => !/limit has|guess|blocked|possible/.test(text));

describe('a change of state', () => {
  const silence = lines((look) => {
    const r = room(two);
    look(r.look());
    look(r.hear('a'));
    look(r.hear('b'));
    for (let s = 0; s < 70; s++) look(r.tick(1000));
    for (let s = 0; s < 10; s++) {
      look(r.tick(2000));
      look(r.hearAll());
    }
  });

  test('is one line, and a state that lasts is none', () => {
    expect(ofRungs(silence)).toEqual([
      'battery not heard yet a',
      'battery not heard yet b',
      'bank not complete: inverters are told nothing',
      'battery fresh a',
      'battery fresh b',
      'bank fresh',
      'battery late a',
      'battery late b',
      'bank late: limits may only fall',
      'battery stale a',
      'battery stale b',
      'bank stale: inverters are told so, limits fall to zero',
      'battery lost a',
      'battery lost b',
      'bank lost: inverters are told what their profile says',
      'battery back a',
      'battery back b',
      'bank fresh',
    ]);
  });

  test('says at its end how long it lasted', () => {
    expect(silence.find(({ text }) => text === 'battery back')?.fields).toEqual({
      battery: 'a',
      lastedS: 21,
    });
  });

  test('of an alarm is said when it comes and when it goes; a warning beside its alarm is not said twice', () => {
    const said = lines((look) => {
      const r = room(two);
      look(r.hearAll());
      r.tick(1000);
      look(r.hear('a', reading({ alarms: ['short_circuit'] })));
      for (let s = 0; s < 3; s++) look(r.tick(1000));
      look(r.hear('a'));
      for (let s = 0; s < 6; s++) look(r.tick(1000));
    });
    expect(said.filter(({ text }) => /alarm|warning/.test(text))).toEqual([
      { level: 'error', text: 'alarm', fields: { alarm: 'short_circuit' } },
      {
        level: 'notice',
        text: 'alarm gone',
        fields: { alarm: 'short_circuit', lastedS: 8, peak: -10, of: 'current_A' },
      },
    ]);
  });
});

describe('why a battery does not count', () => {
  test('is said a few times, and then that it comes and goes, though the BMS leaves something out every other time', () => {
    const rest = reading({ currentA: 0 });
    const said = lines((look) => {
      const r = room(two);
      for (let s = 0; s < 1200; s++) {
        r.tick(1000);
        look(r.hear('a', s % 2 ? rest : reading({ temperaturesC: [] })));
      }
    });
    const begins = said.filter(({ text }) => text.startsWith('battery does not count'));
    expect(texts(begins)).toEqual([
      ...Array(5).fill('battery does not count a'),
      'battery does not count; it comes and goes a',
    ]);
    expect(begins[0]?.fields.why).toContain('a does not report cell temperature');
  });

  test('is said at once when it is another reason', () => {
    const said = lines((look) => {
      const r = room(two);
      r.tick(1000);
      look(r.hear('a', reading({ temperaturesC: [] })));
      r.tick(1000);
      look(r.hear('a', reading({ cells: 15 })));
    }).filter(({ text }) => text === 'battery does not count');
    expect(said).toMatchObject([
      { level: 'error', fields: { battery: 'a', why: expect.stringContaining('cell temperature') } },
      { level: 'error', fields: { battery: 'a', why: expect.stringContaining('15 cells') } },
    ]);
  });
});

describe('the cause of a limit', () => {
  const decidedBy = (reason: Partial<Reason>, atMs: number): BankState => ({
    ...room(two).hearAll(),
    evaluatedAtMs: atMs,
    reasons: {
      chargeCurrent: [{ rule: 'highest cell', value: 5, ...reason }],
      dischargeCurrent: [],
      chargeVoltage: [],
      dischargeVoltage: [],
    },
  });

  test('is told when it has lasted five seconds', () => {
    const watch = watchCauses();
    expect(watch(decidedBy({ rule: 'envelope', value: 100 }, 0))).toHaveLength(1);
    const said = [1, 2, 3, 4, 5, 6, 7, 8].map((s) => watch(decidedBy({ pack: 'a' }, s * 1000)).length);
    expect(said).toEqual([0, 0, 0, 0, 0, 1, 0, 0]);
  });

  test('floods nobody when two packs take turns at a knee for an hour', () => {
    const watch = watchCauses();
    const said = Array.from({ length: 3600 }, (_, s) =>
      watch(decidedBy({ pack: s % 2 ? 'a' : 'b', value: 5 + s / 1000 }, s * 1000)),
    );
    expect(said.flat()).toHaveLength(1);
  });

  test('is another one when the limit is zero', () => {
    const watch = watchCauses();
    watch(decidedBy({ pack: 'a' }, 0));
    watch(decidedBy({ pack: 'a', value: 0 }, 1000));
    expect(watch(decidedBy({ pack: 'a', value: 0 }, 6000))[0]?.details).toMatchObject({
      limit: 'chargeCurrent',
      value: 0,
      battery: 'a',
    });
  });
});

describe('what cannot wait for the next beat', () => {
  const r = room(two);
  const calm = r.hearAll();
  const soon = (value: Parameters<typeof reading>[0]) => {
    const now = room(two, { state: calm });
    now.wait(100);
    return now.hear('a', reading(value));
  };

  test('is a limit that became zero, and a new protection', () => {
    expect(isUrgent(calm, soon({ cellV: 3.6 }))).toBe(true);
    expect(isUrgent(calm, soon({ alarms: ['internal'] }))).toBe(true);
  });

  test('is data that became stale, once', () => {
    const silent = room(two, { state: calm });
    silent.wait(14_900);
    const late = silent.look();
    silent.wait(200);
    const stale = silent.look();
    expect([late.freshness, stale.freshness]).toEqual(['late', 'stale']);
    expect(isUrgent(calm, late)).toBe(false);
    expect(isUrgent(late, stale)).toBe(true);
    expect(isUrgent(stale, stale)).toBe(false);
  });

  test('is not a limit that only fell, nor the first evaluation of a start', () => {
    expect(isUrgent(calm, soon({ cellV: 3.4 }))).toBe(false);
    expect(isUrgent(undefined, soon({ cellV: 3.6 }))).toBe(false);
  });

  test('is not the same protection again', () => {
    const shorted = soon({ alarms: ['internal'] });
    expect(isUrgent(shorted, shorted)).toBe(false);
  });
});

describe('what the ear says', () => {
  const setting = () => {
    let nowMs = 0;
    const said: string[] = [];
    const heard: number[] = [];
    const take = takeReports(
      () => ({
        hear: (_, { atMs }) => (atMs > nowMs ? 'from the future' : void heard.push(atMs)),
        state: () => undefined,
        samples: () => ({}),
        stop() {},
      }),
      { clock: () => nowMs, ledger: mute },
      ({ text, fields }) => void said.push(`${text} ${fields.why ?? ''} ${fields.count ?? ''}`.trim()),
    );
    return {
      take,
      said,
      heard,
      at: (ms: number) => {
        nowMs = ms;
      },
    };
  };

  test('as a refused sample is counted and said at most once a minute', () => {
    const { take, said, at } = setting();
    for (let s = 0; s < 130; s++) {
      at(s * 1000);
      take({ type: 'sample', battery: 'a', atMs: 1e9, reading: {} });
    }
    expect(said).toEqual([
      'frames of a battery were not believed sample from the future 1',
      'frames of a battery were not believed sample from the future 60',
      'frames of a battery were not believed sample from the future 60',
    ]);
  });

  test('as a sample goes to the evaluation, and what is no report goes nowhere but into the log', () => {
    const { take, said, heard } = setting();
    take({ type: 'sample', battery: 'a', atMs: -5, reading: {} });
    const nonsense = [
      undefined,
      null,
      3,
      'x',
      {},
      { type: 'sample' },
      { type: 'toString' },
      { type: 'sample', battery: 'a', atMs: Number.NaN, reading: {} },
    ];
    for (const message of nonsense) take(message);
    expect(heard).toEqual([-5]);
    expect(said).toEqual(nonsense.map(() => 'a report of the ear was not understood'));
  });
});
