import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driverFor } from '../../src/bms/drivers.ts';
import { ecoWorthy, ecoWorthyStream } from '../../src/bms/eco-worthy.ts';
import { inNotifications } from '../../src/bms/jbd-unit.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { captured, hex } from './captures.ts';
import { joinedUp, partsAmong, understood } from './exchanges.ts';
import { frameOf, words } from './modbus-unit.ts';
import { oneLink } from './one-link.ts';
import { expectAnyFrameIsBorne, expectNoiseTellsNothing } from './rough-air.ts';

/** As they come from the air, for the table of all families. */
const adverts = [
  { name: 'ECO-WORTHY 02_B8EF', services: ['1800', '1801', 'fff0'], companyId: 49844 },
  { name: 'ECO-WORTHY 02_50DB', services: [], companyId: 47912 },
  { name: 'ECO-WORTHY 02_3DDF', services: [], companyId: 15996 },
  { name: 'ECO-WORTHY 0B_5AD4', services: ['fff0'], companyId: 57570 },
  { name: 'ECO-WORTHY 0B_198D', services: ['fff0'], companyId: 59362 },
  { name: 'DCHOUSE 01_4F9F', services: ['fff0'], companyId: 57570 },
].map((advert) => ({ address: 'e2:e0:5a:00:00:01', ...advert }));

const captures = ['version-1', 'version-2', 'version-2-full'].map((name) => captured(`eco-worthy/${name}`));
const [first, second, full] = captures.map(({ entries }) =>
  transcribe(ecoWorthy, entries).said.flatMap(({ answer }) => (answer.kind === 'part' ? [answer] : [])),
);

const v1Head = [0, 0, 0, 0x65, 0, 0, 0, 0, 0, 0x18, 1];
const mac = [0xa1, 0xe7, 0x79, 0x03, 0x44, 0x03]; // an address like this may look like a frame
/** A frame of either version, built by hand. */
const v1 = (kind: number, data: readonly number[]) => frameOf(kind, ...v1Head, 3, data.length, ...data);
const v2 = (kind: number, data: readonly number[]) => frameOf(...mac, kind, 0, 0, 8, 3, data.length, ...data);

interface Pack {
  readonly current?: number;
  readonly problem?: number;
  readonly soc?: number;
  readonly first?: number;
}
const packData = ({ current = 0, problem = 0, soc = 80, first = 0x18 }: Pack) => [
  ...words(first, soc, 97, 5120, current, 0, 31400),
  ...new Array<number>(23).fill(0),
  ...words(problem),
  ...new Array<number>(29).fill(0),
];
const cellsData = (
  mv: readonly number[],
  sensors: readonly number[],
  count = mv.length,
  fitted = sensors.length,
) =>
  words(
    count,
    ...Array.from({ length: 32 }, (_, i) => mv[i] ?? 0xffff),
    fitted,
    ...Array.from({ length: 9 }, (_, i) => sensors[i] ?? -1000),
  );
const sixteen = Array.from({ length: 16 }, (_, i) => 3300 + i);

const readingOf = (frame: Uint8Array) => {
  const answer = ecoWorthyStream.answer(frame, { options: {}, learned: {} });
  return answer.kind === 'part' ? answer.reading : answer;
};

describe('a 12 V battery whose adapter speaks version 1', () => {
  test('reads as volts, amps and percent', () => {
    expect(first?.[0]).toEqual({
      kind: 'part',
      part: 'pack',
      reading: {
        voltageV: 13.29,
        currentA: -1.14, // negative: discharging
        socPct: 72,
        sohPct: 100,
        nominalCapacityAh: 100,
        warnings: [],
      },
    });
  });

  test('has four cells and three sensors', () => {
    expect(first?.[1]).toEqual({
      kind: 'part',
      part: 'cells',
      reading: { cellVoltagesV: [3.323, 3.325, 3.323, 3.322], temperaturesC: [20.5, 19.2, 19] },
    });
  });
});

describe('a 12 V battery whose adapter speaks version 2', () => {
  test('counts its current in tenths', () => {
    expect(second?.[0]).toMatchObject({
      part: 'pack',
      reading: {
        voltageV: 13.28,
        currentA: -6,
        socPct: 98,
        sohPct: 100,
        nominalCapacityAh: 100,
        warnings: [],
      },
    });
  });

  test('has four cells and two sensors', () => {
    expect(second?.[1]).toMatchObject({
      part: 'cells',
      reading: { cellVoltagesV: [3.323, 3.324, 3.323, 3.317], temperaturesC: [22, 21.4] },
    });
  });

  test('at rest and nearly full, as its owner logged it', () => {
    expect(full?.map(({ part }) => part)).toEqual(['cells', 'pack', 'cells']);
    expect(full?.[1]?.reading).toMatchObject({ voltageV: 13.48, currentA: 0, socPct: 99, warnings: [] });
    expect(full?.[0]?.reading).toEqual({
      cellVoltagesV: [3.367, 3.369, 3.376, 3.371],
      temperaturesC: [22, 20.2],
    });
  });
});

describe('both versions', () => {
  test.each([
    ['1', v1, 0.01],
    ['2', v2, 0.1],
  ] as const)('version %s: every number stands at its place', (_, frame, ampere) => {
    expect(readingOf(frame(0xa1, packData({ current: -1234 })))).toMatchObject({
      socPct: 80,
      sohPct: 97,
      voltageV: 51.2,
      currentA: Number((-1234 * ampere).toFixed(2)),
      nominalCapacityAh: 314,
      warnings: [],
    });
    expect(readingOf(frame(0xa1, packData({ current: 500 })))).toMatchObject({
      currentA: Number((500 * ampere).toFixed(2)),
    });
    expect(readingOf(frame(0xa2, cellsData(sixteen, [215, -105])))).toEqual({
      cellVoltagesV: sixteen.map((mv) => mv / 1000),
      temperaturesC: [21.5, -10.5],
    });
  });

  test.each(Array.from({ length: 16 }, (_, bit) => bit))('problem bit %i warns and stops nothing', (bit) => {
    for (const frame of [v1, v2]) {
      const reading = readingOf(frame(0xa1, packData({ problem: 1 << bit })));
      expect(reading).toMatchObject({ warnings: ['internal'] });
      expect(reading).not.toHaveProperty('alarms');
    }
  });

  test('32 cells are the most; none or 33 are no answer', () => {
    const most = Array.from({ length: 32 }, () => 3300);
    expect(readingOf(v1(0xa2, cellsData(most, [200])))).toMatchObject({ cellVoltagesV: { length: 32 } });
    expect(readingOf(v1(0xa2, cellsData(most, [200], 0)))).toMatchObject({ kind: 'rejected' });
    expect(readingOf(v2(0xa2, cellsData(most, [200], 33)))).toMatchObject({ kind: 'rejected' });
  });

  test('a cell of 0 mV stays in its place', () => {
    expect(readingOf(v2(0xa2, cellsData([3300, 0, 3301], [])))).toEqual({
      cellVoltagesV: [3.3, 0, 3.301],
      temperaturesC: [],
    });
  });

  test('a sensor that is counted but not fitted is unknown in its place', () => {
    expect(readingOf(v1(0xa2, cellsData(sixteen, [200, -1000, 210])))).toMatchObject({
      temperaturesC: [20, undefined, 21],
    });
    expect(readingOf(v2(0xa2, cellsData(sixteen, [200], 16, 12)))).toMatchObject({
      temperaturesC: { 0: 20, length: 12 },
    });
  });

  test('a frame too short for what it should hold is none', () => {
    expect(readingOf(v1(0xa1, packData({}).slice(0, 38)))).toMatchObject({ kind: 'rejected' });
    expect(readingOf(v2(0xa2, cellsData(sixteen, []).slice(0, 66)))).toMatchObject({ kind: 'rejected' });
  });

  test('no reading has a remaining capacity or FETs: the adapter does not tell them', () => {
    expect(Object.keys({ ...first?.[0]?.reading, ...first?.[1]?.reading }).sort()).toEqual([
      'cellVoltagesV',
      'currentA',
      'nominalCapacityAh',
      'socPct',
      'sohPct',
      'temperaturesC',
      'voltageV',
      'warnings',
    ]);
  });
});

describe('on rough air', () => {
  const both = joinedUp([v1(0xa1, packData({})), v1(0xa2, cellsData(sixteen, [200]))]);
  const withMac = joinedUp([v2(0xa2, cellsData(sixteen, [200])), v2(0xa1, packData({}))]);

  test.each([1, 20, 244, 512])('frames in pieces of %i bytes, wherever the cuts are', (size) => {
    for (const bytes of [both, withMac]) {
      const { answers, heard } = understood(ecoWorthyStream, inNotifications(bytes, size));
      expect(
        partsAmong(answers)
          .map(({ part }) => part)
          .sort(),
      ).toEqual(['cells', 'pack']);
      expect(heard.skippedBytes).toBe(0);
    }
  });

  test('an address and a first word that look like the head of version 1 do not hide version 2', () => {
    const { answers, heard } = understood(ecoWorthyStream, [
      v2(0xa1, packData({ first: 0x0310, current: -60 })),
    ]);
    expect(partsAmong(answers)).toMatchObject([{ reading: { currentA: -6 } }]);
    expect(heard.skippedBytes).toBe(0);
  });

  test('a lost piece loses its frame only', () => {
    const [head = new Uint8Array(), , ...others] = inNotifications(both);
    const { answers } = understood(ecoWorthyStream, [head, ...others, both]);
    expect(partsAmong(answers).map(({ part }) => part)).toEqual(['cells', 'pack', 'cells']);
  });

  test('noise tells nothing', () => expectNoiseTellsNothing(ecoWorthyStream, [hex('ff')]));

  test('any data is borne', () => {
    const lengths = [packData({}).length, cellsData([], []).length];
    const data = fc.oneof(
      ...lengths.map((length) => fc.uint8Array({ minLength: length, maxLength: length })),
      fc.uint8Array({ maxLength: 120 }),
    );
    const frames = fc
      .tuple(fc.constantFrom(v1, v2), fc.constantFrom(0xa1, 0xa2, 0xa3), data)
      .map(([version, kind, data]) => ({ frame: version(kind, [...data]) }));
    expectAnyFrameIsBorne(ecoWorthyStream, frames);
  });
});

describe('a whole session', () => {
  const talk = [v1(0xa1, packData({ current: -250 })), v1(0xa2, cellsData(sixteen, [200, 210]))];

  test.each([20, 512])('of an adapter that talks by itself, in notifications of %i bytes', async (size) => {
    const { clock, samples } = oneLink({
      driver: ecoWorthy,
      subscribed: (say) => {
        let next = 0;
        const goOn = (): (() => void) =>
          clock.after(500, () => {
            for (const piece of inNotifications(talk[next++ % 2] ?? new Uint8Array(), size)) say(piece);
            cancel = goOn();
          });
        let cancel = goOn();
        return () => cancel();
      },
    });
    await clock.to(10_000);
    expect(samples().length).toBeGreaterThanOrEqual(8);
    expect(samples()[0]?.reading).toEqual({
      voltageV: 51.2,
      currentA: -2.5,
      socPct: 80,
      sohPct: 97,
      nominalCapacityAh: 314,
      warnings: [],
      cellVoltagesV: sixteen.map((mv) => mv / 1000),
      temperaturesC: [20, 21],
    });
  });

  test('of one that waits to be roused: both start commands, each with its own checksum', async () => {
    const { clock, samples, asked } = oneLink({
      driver: ecoWorthy,
      answer: (request) => (request.at(-1) === 0xef ? joinedUp(talk) : undefined),
    });
    await clock.to(7_000);
    expect(asked.slice(0, 2).map(({ hex }) => hex)).toEqual([
      'ff 08 02 00 0b 01 00 64 01 ff ff ff ff ff ff ff 00 2d',
      'ff 08 02 00 0b 01 00 14 01 ff ff ff ff ff ff ff 65 ef',
    ]);
    expect(ecoWorthyStream.stream?.rouse.map((bytes) => frameOf(...bytes.slice(0, -2)))).toEqual(
      ecoWorthyStream.stream?.rouse,
    );
    expect(asked).toHaveLength(4); // and again after 5 s of silence
    expect(samples()).toHaveLength(2);
  });
});

describe('which driver', () => {
  test.each(adverts)('$name is an Eco-Worthy', (advert) => {
    expect(driverFor(advert)).toBe(ecoWorthy);
  });

  test('Eco-Worthy packs with a JBD or another board are not claimed', () => {
    const isClaimed = (name: string, ...services: string[]) =>
      ecoWorthy.matches({ address: '', name, services });
    expect(isClaimed('ECO-LFP48100-3U-8EC7', 'ff00')).toBe(false);
    expect(isClaimed('DP04S007L4S100A', 'ff00')).toBe(false);
    expect(isClaimed('ECO-WORTHY 02_B8EF', 'ff00')).toBe(false);
    expect(isClaimed('ECOE934', 'fff0')).toBe(false);
  });
});
