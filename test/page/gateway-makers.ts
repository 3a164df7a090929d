// What the gateway really says, made by those who say it: the bank and its batteries.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { play } from '../../src/bank/scenario.ts';
import { parseScenario } from '../../src/config/scenario-file.ts';
import { watchExceeding } from '../../src/events/exceeding.ts';
import { type Ledger, newLedger } from '../../src/events/ledger.ts';
import { watchBank } from '../../src/events/watch-bank.ts';
import { alarmNames } from '../../src/model/alarms.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { eventKinds } from '../../src/model/events.ts';
import { anyConfig, anyLifetime, runs } from '../bank/any-bank.ts';
import { dayOf, live } from '../bank/any-day.ts';
import { anyhow } from '../bank/any-reading.ts';
import { bankOf, pack, reading, room } from '../bank/room.ts';

/** A ledger whose every sentence is kept: of events, and of how they ended. */
export function listening(): { readonly ledger: Ledger; readonly said: Set<string> } {
  const said = new Set<string>();
  const ledger = newLedger('run', ({ text, over }) => {
    said.add(text);
    if (over !== undefined) said.add(over);
  });
  return { ledger, said };
}

/** All that a history of one bank says: events, notices, and why a battery does not count. */
export function saidOf(history: Iterable<BankState>): Set<string> {
  const { ledger, said } = listening();
  const watch = watchBank(ledger);
  for (const state of history) {
    watch(state);
    for (const notice of state.notices) said.add(notice);
    for (const { fault } of state.packs) if (fault !== undefined) said.add(fault);
  }
  return said;
}

const scenarios = join(import.meta.dirname, '../scenarios');

export const saidInScenarios = (): Set<string> =>
  new Set(
    readdirSync(scenarios)
      .filter((file) => file.endsWith('.txt'))
      .flatMap((file) => [...saidOf(play(parseScenario(file, readFileSync(join(scenarios, file), 'utf8'))))]),
  );

/** Days of banks that nobody would build, with batteries that say anything. */
export function saidOnAnyDay(see: (sentence: string) => void): void {
  fc.assert(
    fc.property(anyConfig, dayOf(anyhow, 12), anyLifetime, (config, day, lifetime) => {
      const history: BankState[] = [];
      live(day, config, lifetime, ({ now }) => history.push(now));
      for (const sentence of saidOf(history)) see(sentence);
    }),
    runs(40),
  );
}

const two = bankOf([[pack('a')], [pack('b')]]);

/** Each alarm of one battery, of two, and of none. */
export function saidOfAlarms(): Set<string> {
  const r = room(two);
  const states = alarmNames.flatMap((alarm) => {
    const loud = reading({ alarms: [alarm] });
    const state = r.hearAll();
    const packs = (...ids: string[]) =>
      state.packs.map((p) => (ids.includes(p.id) ? { ...p, reading: loud } : { ...p, reading: reading() }));
    return [[], ['a'], ['a', 'b']].flatMap((ids) =>
      (['alarms', 'warnings'] as const).map(
        (sort): BankState => ({
          ...state,
          packs: packs(...ids),
          signals: { ...state.signals, alarms: [], warnings: [], [sort]: [alarm] },
        }),
      ),
    );
  });
  return new Set(states.flatMap((state) => [...saidOf([state])]));
}

export function saidOfRungs(): Set<string> {
  const r = room(two);
  const said = new Set<string>();
  const add = (state: BankState) => {
    for (const one of saidOf([state])) said.add(one);
  };
  add(r.look());
  r.hear('a');
  r.pass(20, []);
  const known = r.look();
  for (const freshness of ['never', 'late', 'stale', 'lost'] as const)
    for (const sampleAtMs of [known.evaluatedAtMs - 6100, undefined])
      add({
        ...known,
        freshness,
        packs: known.packs.map(({ sampleAtMs: _, ...p }) => ({
          ...p,
          freshness,
          ...(sampleAtMs && { sampleAtMs }),
        })),
      });
  return said;
}

/** An inverter that does not keep to its limits. */
export function saidOfExceeding(): Set<string> {
  const { ledger, said } = listening();
  for (const currentA of [63.5, -63.5]) {
    const watch = watchExceeding();
    for (let s = 0; s < 30; s++) {
      const state = {
        evaluatedAtMs: s * 1000,
        signals: { chargeCurrentLimitA: 20, dischargeCurrentLimitA: 20.5 },
      };
      ledger.hold('sensed', watch(state, [{ inverter: 'garage', currentA, atMs: s * 1000 }]), s * 1000);
    }
  }
  return said;
}

/** A bank that may neither be charged nor discharged. */
export function saidOfBlocked(): Set<string> {
  const state = room(two).hearAll();
  const reasons = {
    ...state.reasons,
    dischargeCurrent: [{ rule: 'lowest cell', pack: 'b', cell: 7, value: 0, measured: 2.8 }],
  };
  const signals = { ...state.signals, chargeCurrentLimitA: 0, dischargeCurrentLimitA: 0 };
  const at = (s: number): BankState => ({
    ...state,
    reasons,
    signals,
    evaluatedAtMs: state.evaluatedAtMs + s * 1000,
  });
  return saidOf([0, 6].map(at));
}

/** That something comes and goes. */
export function saidOfFlapping(): Set<string> {
  const { ledger, said } = listening();
  const kind = 'inverter_silent' satisfies keyof typeof eventKinds;
  const text = 'inverter garage is silent';
  for (let n = 0; n < 20; n++)
    ledger.hold('hearing', n % 2 ? [] : [{ kind, subject: 'garage', text }], n * 1000);
  return said;
}
