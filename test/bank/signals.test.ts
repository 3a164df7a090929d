import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { patience, runs, spokenBank } from './any-bank.ts';
import { soundly } from './any-reading.ts';
import { bankOf, lfp, once, pack, reading } from './room.ts';

vi.setConfig(patience);

// What a bank says beside its sums: rows, places, modules, energy, what it does (CAN reference, section 2).

describe('one row of cells', () => {
  const [low, high] = [Array(16).fill(3.3).with(6, 3.1), Array(16).fill(3.3).with(11, 3.5)];

  test('is that of the first string in service, in the order of the file, pack after pack', () => {
    const bank = bankOf([
      [pack('a'), pack('b')],
      [pack('c'), pack('d')],
    ]);
    const readings = {
      a: reading({ cellV: 3.31 }),
      b: reading({ cellVoltagesV: high, temperaturesC: [22, undefined, 24] }),
      c: reading({ cellVoltagesV: low, temperaturesC: [5] }),
      d: reading({ temperaturesC: [6, 7] }),
    };
    const { signals } = once(bank, readings);
    expect(signals.cellVoltagesV).toEqual([...Array(16).fill(3.31), ...high]);
    expect(signals.temperaturesC).toEqual([20, 21, 22, 24]);
    const blocked = once(bank, { ...readings, b: reading({ chargeFet: false }) });
    expect(blocked.signals.cellVoltagesV).toEqual([...low, ...Array(16).fill(3.3)]);
    expect(blocked.signals.temperaturesC).toEqual([5, 6, 7]);
  });

  test('is that of the first string when none is in service, and shows no sensor where there is none', () => {
    const bare = pack('a', { needsTemperature: false });
    const open = reading({ chargeFet: false, dischargeFet: false, cellVoltagesV: low, temperaturesC: [] });
    const { signals } = once(bankOf([[bare]]), { a: open });
    expect(signals.cellVoltagesV).toEqual(low);
    expect(signals).not.toHaveProperty('temperaturesC');
    expect(signals).not.toHaveProperty('maxModuleTemperatureC');
  });

  test('the whole bank tells its mean cell, and how far the extremes stand apart', () => {
    const { signals } = once(bankOf([[pack('a')], [pack('b')]]), {
      a: reading({ cellVoltagesV: low }),
      b: reading({ cellVoltagesV: high }),
    });
    expect(signals).toMatchObject({ meanCellVoltageV: 3.3, cellDeltaV: 0.4 });
  });
});

describe('a high-voltage stack of two strings', () => {
  const stack = bankOf([
    [pack('a'), pack('b'), pack('c')],
    [pack('d'), pack('e'), pack('f')],
  ]);
  const plain = { a: reading(), b: reading(), c: reading(), d: reading(), e: reading(), f: reading() };

  test('cells are numbered along their string and within their pack, modules along their string', () => {
    const { signals } = once(stack, {
      ...plain,
      c: reading({ cellVoltagesV: Array(16).fill(3.3).with(0, 3.2), voltageV: 52.7 }),
      e: reading({ cellVoltagesV: Array(16).fill(3.3).with(15, 3.4), voltageV: 52.9 }),
    });
    expect(signals).toMatchObject({
      minVoltageCellNo: 33,
      minVoltagePackNo: 3,
      minVoltagePackCellNo: 1,
      minVoltageCellId: 'P3C01',
      minVoltageModuleNo: 3,
      minModuleVoltageV: 52.7,
      maxVoltageCellNo: 32,
      maxVoltagePackNo: 5,
      maxVoltagePackCellNo: 16,
      maxVoltageCellId: 'P5C16',
      maxVoltageModuleNo: 2,
      maxModuleVoltageV: 52.9,
    });
  });

  test('a module is as hot as its hottest sensor; a broken sensor keeps its number', () => {
    const { signals } = once(stack, {
      ...plain,
      b: reading({ temperaturesC: [18, undefined, 30] }),
      f: reading({ temperaturesC: [20, 12] }),
    });
    expect(signals).toMatchObject({
      maxModuleTemperatureC: 30,
      maxTemperatureModuleNo: 2,
      maxTemperatureSensorNo: 3,
      maxTemperatureCellNo: 5,
      minModuleTemperatureC: 12,
      minTemperatureModuleNo: 3,
      minTemperaturePackNo: 6,
      minTemperatureCellNo: 6,
    });
  });

  test('says what it is built of before anybody has spoken', () => {
    const { signals } = once(stack, {});
    expect(signals).toMatchObject({ cellsInSeries: 48, modulesInSeries: 3, cellsPerModule: 16 });
    expect(signals.nominalVoltageV).toBeCloseTo(153.6, 9);
  });

  test('of unlike packs and strings has no one number of modules, nor of cells in them', () => {
    const unlike = bankOf([[pack('a', { cells: 32 })], [pack('b'), pack('c')]]);
    const { signals } = once(unlike, {});
    expect(signals).toMatchObject({ cellsInSeries: 32 });
    expect(signals).not.toHaveProperty('modulesInSeries');
    expect(signals).not.toHaveProperty('cellsPerModule');
  });
});

test('in any bank each number leads to the cell and the module that it names', () => {
  fc.assert(
    fc.property(spokenBank(soundly), ({ config, readings }) => {
      const { signals } = once(config, readings);
      for (const end of ['min', 'max'] as const) {
        const packNo = signals[`${end}VoltagePackNo`] ?? 0;
        const { id } = config.strings.flat()[packNo - 1] ?? { id: '' };
        const string = config.strings.find((packs) => packs.some((p) => p.id === id)) ?? [];
        const along = string.flatMap((p) => readings[p.id]?.cellVoltagesV ?? []);
        const volts = signals[`${end}CellVoltageV`];
        expect(readings[id]?.cellVoltagesV?.[(signals[`${end}VoltagePackCellNo`] ?? 0) - 1]).toBe(volts);
        expect(along[(signals[`${end}VoltageCellNo`] ?? 0) - 1]).toBe(volts);
        const moduleNo = signals[`${end}VoltageModuleNo`] ?? 0;
        const there = config.strings.flatMap(
          (packs) => readings[packs[moduleNo - 1]?.id ?? '']?.voltageV ?? [],
        );
        expect(there).toContain(signals[`${end}ModuleVoltageV`]);
      }
      const { minCellVoltageV: low = 0, maxCellVoltageV: high = 0, meanCellVoltageV: mean = 0 } = signals;
      expect(mean).toBeGreaterThanOrEqual(low - 1e-6);
      expect(mean).toBeLessThanOrEqual(high + 1e-6);
      expect(signals.cellDeltaV).toBeCloseTo(high - low, 6);
      if (signals.remainingKWh !== undefined)
        expect(signals.remainingKWh).toBeLessThanOrEqual((signals.capacityKWh ?? 0) + 1e-9);
    }),
    runs(500),
  );
});

describe('energy', () => {
  const spoken = { a: reading({ socPct: 40, voltageV: 54 }), b: reading({ socPct: 40, voltageV: 54 }) };

  test('is told by the nominal voltage of the chemistry, whatever the voltage of the bus is', () => {
    const { signals } = once(bankOf([[pack('a')], [pack('b')]]), spoken);
    expect(signals.nominalVoltageV).toBeCloseTo(51.2, 9);
    expect(signals.capacityKWh).toBeCloseTo(10.24, 9);
    expect(signals.remainingKWh).toBeCloseTo(4.096, 9);
  });

  test('is not told while a capacity is unknown, nor with a chemistry that has no nominal voltage', () => {
    const { capacityAh, ...unknown } = pack('a');
    const { nominalCapacityAh, ...silent } = spoken.a;
    const lacking = once(bankOf([[unknown], [pack('b')]]), { ...spoken, a: silent }).signals;
    const { nominalV, ...own } = lfp;
    const nameless = once(bankOf([[pack('a')], [pack('b')]], { chemistry: own }), spoken).signals;
    for (const name of ['capacityKWh', 'remainingKWh'] as const)
      for (const signals of [lacking, nameless]) expect(signals).not.toHaveProperty(name);
    expect(nameless).not.toHaveProperty('nominalVoltageV');
    expect(nameless.capacityAh).toBe(200);
  });
});

describe('what the bank does', () => {
  const two = bankOf([[pack('a')], [pack('b')]]);
  const open = { chargeFet: false, dischargeFet: false, currentA: 0 };

  test.each([
    [12, 'charge'],
    [-12, 'discharge'],
    [0, 'idle'],
  ])('shows in its current: %s A is %s', (currentA, status) => {
    const { signals } = once(two, { a: reading({ currentA }), b: reading({ currentA: 0 }) });
    expect(signals).toMatchObject({ status, online: true });
  });

  test('it sleeps and is off line when no string lets current through, and is there as soon as one does', () => {
    const asleep = once(two, { a: reading(open), b: reading(open) });
    expect(asleep.signals).toMatchObject({ status: 'sleep', online: false, modulesOnline: 2 });
    const full = once(two, { a: reading({ ...open, dischargeFet: true }), b: reading(open) });
    expect(full.signals).toMatchObject({ status: 'idle', online: true });
  });
});
