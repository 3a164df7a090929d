// What is told, without a broker: names that stay, messages that Home Assistant takes, whatever the batteries are called.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announcedBy, announcements, isClean, nothingAnnounced, union } from '../../src/mqtt/announced.ts';
import { cadences, expireAfterS, isDue } from '../../src/mqtt/cadence.ts';
import { configOf } from '../../src/mqtt/discovery.ts';
import type { Known } from '../../src/mqtt/entities.ts';
import { chargeReasons, dischargeReasons, reasonOf } from '../../src/mqtt/limit-reasons.ts';
import {
  type DevicePlan,
  devicesOf,
  discoveryTopic,
  type HomePlan,
  stateTopic,
} from '../../src/mqtt/plan.ts';
import { byRow, entitiesOf, rowOf } from '../../src/mqtt/states.ts';
import { anyConfig, anyLifetime, runs } from '../bank/any-bank.ts';
import { dayOf, live } from '../bank/any-day.ts';
import { anyhow } from '../bank/any-reading.ts';
import { discoveryFaults } from './ha-rules.ts';
import { battery, healthAt, planOf, stateOf, usual } from './household.ts';
import { rendered } from './template.ts';

const known = (more: Partial<Known> = {}): Known => ({
  nowMs: 5000,
  bank: stateOf(usual, 4000),
  health: healthAt(5000),
  machine: { cpuTemperatureC: 50, diskFreeMB: 1000 },
  startedAtMs: 0,
  wallMs: (atMs) => Date.UTC(2026, 0, 1) + atMs,
  ...more,
});

const configs = (plan: HomePlan) =>
  devicesOf(plan).map((device) => ({
    device,
    topic: discoveryTopic(plan, device),
    config: configOf(plan, device, entitiesOf(plan, device)),
  }));

describe('every discovery message', () => {
  const sixteen = planOf({
    batteries: Array.from({ length: 16 }, (_, i) =>
      battery(`p${i + 1}`, i + 1, { key: `a4c1380000${String(i).padStart(2, '0')}` }),
    ),
  });

  test('keeps the rules of Home Assistant, for all that a device may have', () => {
    for (const { topic, config } of configs(sixteen))
      expect([topic, discoveryFaults(topic, JSON.stringify(config))]).toEqual([topic, []]);
  });

  test('of 32 cells stays below 64 kB', () => {
    const plan = planOf({ batteries: [battery('a', 1, { cells: 32 })] });
    const sizes = configs(plan).map(({ config }) => JSON.stringify(config).length);
    expect(Math.max(...sizes)).toBeLessThan(32_000);
  });

  test('proposes entity ids as people look for them', () => {
    const [, , first] = configs(planOf());
    const ids = Object.values(first?.config.components ?? {}).map((c) => c.default_entity_id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'sensor.bms_battery1_soc',
        'sensor.bms_battery1_cell_01',
        'binary_sensor.bms_battery1_charge_fet',
      ]),
    );
  });

  test('has what the bank is asked for, each with its cadence', () => {
    const bank = configs(planOf()).find(({ device }) => device.kind === 'bank')?.config.components ?? {};
    expect(bank.energy_charged).toMatchObject({
      device_class: 'energy',
      unit_of_measurement: 'kWh',
      state_class: 'total_increasing',
    });
    expect(bank.energy_charged).not.toHaveProperty('expire_after');
    expect([bank.soc?.expire_after, bank.soh?.expire_after]).toEqual([40, 190]);
    // The names of the table are those of the rows.
    for (const [row, { everyMs }] of Object.entries(cadences))
      expect(expireAfterS(row as keyof typeof cadences)).toBeGreaterThan((3 * everyMs) / 1000);
  });

  test('is legal, and every name in it is there once, whatever batteries and inverters are called', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('#', '+', '/', '..', 'a/b', 'ä', '\0', '"', '{{ x }}', '__proto__'),
    );
    const inverter = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/);
    const plans = fc
      .record({
        ids: fc.uniqueArray(hostile, { minLength: 1, maxLength: 6 }),
        keys: fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{12}(_u\d{1,3})?$/), { minLength: 6, maxLength: 6 }),
        inverters: fc.uniqueArray(inverter, { maxLength: 4 }),
        cells: fc.integer({ min: 1, max: 32 }),
      })
      .map(({ ids, keys, inverters, cells }) =>
        planOf({
          inverters,
          batteries: ids.map((id, i) => battery(id, i + 1, { key: keys[i] ?? '', cells })),
        }),
      );
    fc.assert(
      fc.property(plans, (plan) => {
        const all = configs(plan);
        for (const { topic, config } of all)
          expect([topic, discoveryFaults(topic, JSON.stringify(config))]).toEqual([topic, []]);
        const ids = all.flatMap(({ config }) => Object.values(config.components).map((c) => c.unique_id));
        expect(new Set(ids).size).toBe(ids.length);
        expect(new Set(all.map(({ topic }) => topic)).size).toBe(all.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('every state message', () => {
  const rendering = (plan: HomePlan, device: DevicePlan, now: Known): (readonly [string, string])[] => {
    const entities = entitiesOf(plan, device);
    const { components } = configOf(plan, device, entities);
    const payloads = new Map(
      [...byRow(entities)].map(([row, group]) => [
        stateTopic(plan, device, row),
        JSON.stringify(rowOf(group, now)),
      ]),
    );
    return Object.entries(components).map(([key, { state_topic: topic, value_template: template }]) => [
      key,
      rendered(String(template), payloads.get(String(topic)) ?? '{}'),
    ]);
  };

  test('has a value for each template, also where nothing is known', () => {
    const plan = planOf({ inverters: ['house', 'garage-2'] });
    for (const device of devicesOf(plan)) {
      expect(rendering(plan, device, known()).length).toBeGreaterThan(5);
      const nothing = rendering(
        plan,
        device,
        known({ bank: undefined, health: undefined, machine: undefined }),
      );
      expect(nothing.filter(([, text]) => text !== 'None').map(([key]) => key)).toEqual(
        device.kind === 'gateway' ? ['uptime'] : [],
      );
    }
  });

  test('is small: 16 cells fit into 300 bytes', () => {
    const [, , device = { kind: 'bank' }] = devicesOf(planOf());
    const cells = byRow(entitiesOf(planOf(), device)).get('cells') ?? [];
    expect(JSON.stringify(rowOf(cells, known())).length).toBeLessThan(300);
  });

  test('knows a reason for each limit that a bank of any kind may have', () => {
    fc.assert(
      fc.property(dayOf(anyhow, 8), anyConfig, anyLifetime, (day, config, lifetime) => {
        live(day, config, lifetime, ({ now: { reasons } }) => {
          for (const [first, options] of [
            [reasons.chargeCurrent, chargeReasons],
            [reasons.dischargeCurrent, dischargeReasons],
          ] as const)
            expect([first[0]?.rule, reasonOf(first, options)]).not.toEqual([expect.anything(), 'another']);
        });
      }),
      runs(150),
    );
  });
});

describe('the cadence', () => {
  const told = (values: Record<string, number | string>) => ({ atMs: 0, values });

  test('of cells: each minute, and from 2 mV on after ten seconds', () => {
    const was = told({ cell_01: 3.3 });
    expect(isDue('cells', was, { cell_01: 3.301 }, 59_999)).toBe(false);
    expect(isDue('cells', was, { cell_01: 3.301 }, 60_000)).toBe(true);
    expect(isDue('cells', was, { cell_01: 3.302 }, 9999)).toBe(false);
    expect(isDue('cells', was, { cell_01: 3.302 }, 10_000)).toBe(true);
    expect(isDue('cells', was, { cell_01: 3.298 }, 10_000)).toBe(true);
  });

  test('of what changes: at once, and then no sooner than after five seconds', () => {
    expect(isDue('changes', undefined, { problem: 'ON' }, 0)).toBe(true);
    expect(isDue('changes', told({ problem: 'OFF' }), { problem: 'ON' }, 4999)).toBe(false);
    expect(isDue('changes', told({ problem: 'OFF' }), { problem: 'ON' }, 5000)).toBe(true);
  });
});

describe('what was announced', () => {
  const devices = fc.dictionary(
    fc.stringMatching(/^d[0-3]$/),
    fc.dictionary(fc.stringMatching(/^c[0-4]$/), fc.constantFrom('sensor', 'binary_sensor')),
  );
  const announced = fc.record({ devices, availability: fc.uniqueArray(fc.stringMatching(/^a[0-2]$/)) });

  test('and is not wanted any more is gone after the announcements, and nothing else is touched', () => {
    fc.assert(
      fc.property(announced, announced, (was, now) => {
        const config = (platforms: Record<string, string>) => ({
          device: {},
          origin: { name: 'bmsgate', sw_version: '1' },
          availability: [],
          availability_mode: 'all' as const,
          components: Object.fromEntries(
            Object.entries(platforms).map(([key, platform]) => [key, { platform, name: key }]),
          ),
        });
        const wanted = new Map(
          Object.entries(now.devices).map(([topic, platforms]) => [topic, config(platforms)]),
        );
        const held = new Map(
          Object.entries(was.devices).map(([topic, platforms]) => [topic, new Set(Object.keys(platforms))]),
        );
        const topics = new Set([...was.availability, ...now.availability]);
        for (const { topic, payload } of announcements(wanted, was, now.availability)) {
          if (payload === '') {
            held.delete(topic);
            topics.delete(topic);
            continue;
          }
          const keys = held.get(topic) ?? new Set<string>();
          held.set(topic, keys);
          for (const [key, component] of Object.entries<Record<string, unknown>>(
            JSON.parse(payload).components,
          ))
            if (Object.keys(component).length > 1) keys.add(key);
            else keys.delete(key);
        }
        expect(Object.fromEntries([...held].map(([topic, keys]) => [topic, [...keys].sort()]))).toEqual(
          Object.fromEntries(
            [...wanted].map(([topic, { components }]) => [topic, Object.keys(components).sort()]),
          ),
        );
        expect([...topics].sort()).toEqual([...now.availability].sort());
        const after = announcedBy(wanted, now.availability);
        expect(isClean(union(nothingAnnounced, after), after)).toBe(true);
      }),
    );
  });
});
