// What holds for every shipped register map, whatever it looks like.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AlarmName, alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import type { CompiledModbus } from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import { readRegisters } from '../../src/profile/registers.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { between } from '../between.ts';
import { shipped, shippedIds } from './profiles.ts';

const bank: SignalValues = {
  inverterMode: 2,
  socPct: 76,
  voltageV: 52.8,
  currentA: -12.5,
  powerW: -660,
  temperatureC: 23.5,
  minCellTemperatureC: 22.8,
  maxCellTemperatureC: 24.1,
  capacityKWh: 14,
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
  heartbeat: 7,
};

/** Every readable register of a map as one text. */
function image(modbus: CompiledModbus, given: SignalValues): string {
  const made = modbus.image(writtenState({ ...bank, ...given }));
  if (isIncomplete(made)) throw new Error(`lacks ${made.missing.join(', ')}`);
  return made.windows.map(({ words }) => [...words].join(' ')).join('\n');
}

const maps = shippedIds.flatMap((id) => {
  const { modbus } = shipped(id);
  return modbus ? [[id, modbus] as const] : [];
});
const noPlaceForAlarms: Record<string, (name: AlarmName) => boolean> = {
  // Its alarms are the limits and one fault state.
  'byd-modbus': (name) => !['internal', 'general', 'contactor', 'short_circuit'].includes(name),
};

test('there are seven of them', () => expect(maps.length).toBeGreaterThanOrEqual(7));

describe.each(maps)('%s', (id, modbus) => {
  test('every alarm shows, unless the map has no place for it', () => {
    const quiet = image(modbus, {});
    const unseen = alarmNames.filter((name) => image(modbus, { alarms: [name] }) === quiet);
    expect(unseen).toEqual(alarmNames.filter((name) => noPlaceForAlarms[id]?.(name) ?? false));
  });

  test('late is told like fresh, but for what its own bit says; an old bank is told otherwise', () => {
    const late = image(modbus, { freshness: 'late' });
    if (id !== 'generic-modbus') expect(late).toBe(image(modbus, {}));
    expect(image(modbus, { freshness: 'stale' })).not.toBe(late);
  });

  test('without voltage, current (or power) or SoC nothing is told', () => {
    for (const names of [['voltageV'], ['currentA', 'powerW'], ['socPct']]) {
      const known = Object.entries(bank).filter(([name]) => !names.includes(name));
      expect(modbus.image(writtenState(Object.fromEntries(known)))).toHaveProperty('missing');
    }
  });
});

/** Where a map has its limits, and what one count is worth. */
const limits: Record<string, [name: 'charge' | 'discharge' | 'voltage', at: number, worth: number][]> = {
  'generic-modbus': [
    ['voltage', 0x108, 0.1],
    ['charge', 0x10a, 0.1],
    ['discharge', 0x10b, 0.1],
  ],
  'growatt-rs485': [
    ['charge', 0x19, 0.01],
    ['discharge', 0x23, 0.01],
    ['voltage', 0x21, 0.01],
  ],
  'voltronic-rs485': [
    ['charge', 0x72, 0.1],
    ['discharge', 0x73, 0.1],
    ['voltage', 0x70, 0.1],
  ],
  'pace-modbus': [
    ['charge', 77, 1],
    ['discharge', 80, 1],
    ['voltage', 107, 0.001],
  ],
  'epever-rs485': [
    ['charge', 0x9005, 0.01],
    ['discharge', 0x9007, 0.01],
    ['voltage', 0x9003, 0.01],
  ],
  'sunspec-802': [
    ['charge', 40115, 0.1],
    ['discharge', 40116, 0.1],
    ['voltage', 40105, 0.1],
  ],
};

test.each(Object.entries(limits))(
  '%s never tells a limit above what it is, nor one count below',
  (id, places) => {
    const { modbus } = shipped(id);
    const amperes = between(0, 2000);
    fc.assert(
      fc.property(amperes, amperes, between(10, 65), (charge, discharge, voltage) => {
        const made = modbus?.image(
          writtenState({
            ...bank,
            chargeCurrentLimitA: charge,
            dischargeCurrentLimitA: discharge,
            chargeVoltageLimitV: voltage,
          }),
        );
        if (!made || isIncomplete(made)) throw new Error('no image');
        const known = { charge, discharge, voltage };
        for (const [name, at, worth] of places) {
          const [raw = Number.NaN] = readRegisters(made, at, 1, 0) ?? [];
          const most = Math.min(known[name], 65_534 * worth);
          expect(raw * worth).toBeLessThanOrEqual(most + 1e-6);
          expect(raw * worth).toBeGreaterThan(most - worth - 1e-6);
        }
      }),
    );
  },
);
