import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alarmNames, faultNames } from '../../src/model/alarms.ts';
import { eventKindNames, severities } from '../../src/model/events.ts';
import { rungs } from '../../src/model/freshness.ts';
import { wireStates } from '../../src/model/wire-health.ts';
import { chargeReasons, dischargeReasons } from '../../src/mqtt/limit-reasons.ts';
import { de } from '../../src/page/words/de.ts';
import { en } from '../../src/page/words/en.ts';
import { said } from '../../src/page/words/said.ts';

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

/** Every message by `section.key`, both forms of a plural told apart. */
const messages = (words: object): Map<string, string> =>
  new Map(
    Object.entries(words).flatMap(([section, lines]) =>
      Object.entries(lines as object).flatMap(([key, message]) =>
        typeof message === 'string'
          ? [[`${section}.${key}`, message] as const]
          : Object.entries(message as object).map(
              ([form, text]) => [`${section}.${key}.${form}`, String(text)] as const,
            ),
      ),
    ),
  );

const places = (message: string | undefined): string[] =>
  sorted([...(message ?? '').matchAll(/\{(\w+)\}/g)].map(([whole]) => whole));

describe('the two message files', () => {
  const [english, german] = [messages(en), messages(de)];

  test('say the same things', () => {
    expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  test('have the same places in each message', () => {
    const unlike = [...english].filter(
      ([key, text]) => places(text).join() !== places(german.get(key)).join(),
    );
    expect(unlike).toEqual([]);
  });

  test('leave no message empty', () => {
    expect([...english, ...german].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

describe('nothing that the gateway can say is without words', () => {
  test('alarms, faults, events, severities, rungs and states of wires', () => {
    expect(sorted(Object.keys(en.alarm))).toEqual(sorted(alarmNames));
    expect(sorted(Object.keys(en.fault))).toEqual(sorted(faultNames));
    expect(sorted(Object.keys(en.eventKind))).toEqual(sorted(eventKindNames));
    expect(sorted(Object.keys(en.severity))).toEqual(sorted(severities));
    expect(sorted(Object.keys(en.freshness))).toEqual(sorted(rungs));
    expect(sorted(Object.keys(en.wireState))).toEqual(sorted(wireStates));
  });

  test('each rule that narrows a limit has its sentence', () => {
    const bank = join(import.meta.dirname, '../../src/bank');
    const written =
      /(?:rule: |note\(|because\(|ended\(limit, |follow\()(?:\w+ \? )?'([^']+)'(?: : '([^']+)')?/g;
    const rules = readdirSync(bank)
      .filter((file) => !file.startsWith('scenario'))
      .flatMap((file) => [...readFileSync(join(bank, file), 'utf8').matchAll(written)])
      .flatMap(([, one, other]) => [one, other].filter((name) => name !== undefined));
    expect(rules.length).toBeGreaterThan(20);
    const told = sorted([...rules, ...chargeReasons, ...dischargeReasons]).filter(
      (rule) => rule !== 'another',
    );
    expect(told.filter((rule) => !(rule in en.rule))).toEqual([]);
    // And no sentence is left of a rule that is gone.
    expect(Object.keys(en.rule).filter((rule) => !told.includes(rule) && rule !== 'other')).toEqual([]);
  });
});

describe('a message', () => {
  test('fills its places', () => {
    expect(said('{a} of {b}', { a: 1, b: 'two' }, 'en')).toBe('1 of two');
  });

  test('takes the form that the number asks for', () => {
    const message = { one: '{n} alarm', other: '{n} alarms' };
    expect([0, 1, 2].map((n) => said(message, { n }, 'en'))).toEqual(['0 alarms', '1 alarm', '2 alarms']);
  });
});
