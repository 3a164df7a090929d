// Which adapter hears which battery, how many links it is given, and when one address may stand twice.
import { describe, expect, test } from 'vitest';
import type { BmsDriver } from '../../src/bms/driver.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { speaksForSeveral } from '../../src/bms/units.ts';
import { listenOrder } from '../../src/commands/listen-order.ts';
import { addressesOf, unitsOf } from '../../src/config/address-checks.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { turnsOf } from '../../src/config/radios.ts';
import { gatewaySchema } from '../../src/config/schema.ts';
import { GatewayError } from '../../src/model/errors.ts';
import { readDocument } from '../../src/profile/document.ts';

interface Named {
  readonly n: number;
  readonly more?: string;
}

const line = ({ n, more = '' }: Named) =>
  `  - { id: p${n}, bms: jbd, address: "A4:C1:38:00:00:${n.toString(16).padStart(2, '0')}", cells: 16, capacity_Ah: 100${more} }`;

const fileOf = (batteries: readonly string[], bluetooth: string): string => `batteries:
${batteries.join('\n')}
bank:
  strings: [${batteries.map((text) => `[${/id: (\w+)/.exec(text)?.[1]}]`).join(', ')}]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }
bluetooth: { ${bluetooth} }
`;

const many = (count: number, more?: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line({ n: i + 1, ...(more && { more: more(i + 1) }) }));

const refusalOf = (text: string): string => {
  try {
    parseGateway('g.yaml', text);
    return 'is right';
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
};

describe('the ear of a file', () => {
  test('with one adapter has one radio, with the links that a USB adapter holds well', () => {
    const order = listenOrder(parseGateway('g.yaml', fileOf(many(2), 'poll: 2s')));
    expect(order.radios).toEqual([
      { name: 'hci0', form: 'noble', adapter: 'hci0', stack: 'stoprocent', slots: 6 },
    ]);
    expect(order.batteries.map(({ radio }) => radio)).toEqual(['hci0', 'hci0']);
  });

  test('with two adapters hears each battery where it is pinned, else with the first', () => {
    const batteries = many(3, (n) => (n === 2 ? ', adapter: hci1' : ''));
    const text = fileOf(batteries, 'adapters: [hci0, hci1], slots: 4, stand_in: hci2');
    const order = listenOrder(parseGateway('g.yaml', text));
    expect(order.radios).toEqual(
      ['hci0', 'hci1'].map((adapter) => ({
        name: adapter,
        form: 'noble',
        adapter,
        stack: 'stoprocent',
        slots: 4,
        standIn: 'hci2',
      })),
    );
    expect(order.batteries.map(({ radio }) => radio)).toEqual(['hci0', 'hci1', 'hci0']);
  });

  test('hears all of them where a simulation stands in place of its radios', () => {
    const batteries = many(2, (n) => (n === 2 ? ', adapter: hci1' : ''));
    const config = parseGateway('g.yaml', fileOf(batteries, 'adapters: [hci0, hci1]'));
    const order = listenOrder(config, { name: 'simulated', form: 'simulated', bank: { strings: [] } });
    expect(order.batteries.map(({ radio }) => radio)).toEqual([undefined, undefined]);
  });
});

describe('more batteries than an adapter has links', () => {
  test.each([
    [6, 'poll: 2s'],
    [7, 'poll: 2s'],
    [14, 'poll: 5s'],
    [10, 'slots: 10'],
    [32, 'slots: 32'],
  ])('%i with `%s` are right: none becomes older than what is fresh', (count, bluetooth) => {
    expect(refusalOf(fileOf(many(count), bluetooth))).toBe('is right');
  });

  test('are declared with the age that it costs', () => {
    const declared = (text: string) => turnsOf(parseGateway('g.yaml', text).file);
    expect(declared(fileOf(many(6), 'poll: 2s'))).toEqual([]);
    expect(declared(fileOf(many(7), 'poll: 2s'))).toEqual([
      '7 batteries take turns on 6 links of hci0; what is known of each is at most 5.3 s old',
    ]);
  });

  test('are refused at the first that is too many, with how many can be served and what to do', () => {
    expect(refusalOf(fileOf(many(9), 'poll: 2s'))).toBe(
      'g.yaml:9:34: 9 batteries would take turns on the 6 links of hci0, and what is known of one would become 7.3 s old, where 6 s is fresh; it can serve 7: poll every 5s, or pin some to another adapter (`bluetooth.adapters`) or a Bluetooth proxy, or raise `bluetooth.slots` if this one holds more links',
    );
  });

  test('are not told to poll more slowly where that would not help', () => {
    expect(refusalOf(fileOf(many(15), 'poll: 2s'))).toMatch('it can serve 7: pin some to another adapter');
    expect(refusalOf(fileOf(many(15), 'poll: 5s'))).toMatch('it can serve 14: pin some to another adapter');
  });

  test('are counted for each adapter by itself', () => {
    const batteries = many(16, (n) => (n > 8 ? ', adapter: hci1' : ''));
    expect(refusalOf(fileOf(batteries, 'adapters: [hci0, hci1], poll: 3s'))).toBe('is right');
    const uneven = many(16, (n) => (n > 2 ? ', adapter: hci1' : ''));
    expect(refusalOf(fileOf(uneven, 'adapters: [hci0, hci1], poll: 3s'))).toMatch(
      /^g\.yaml:14:35: 14 batteries would take turns on the 6 links of hci1, .* it can serve 10: poll every 5s/,
    );
  });

  test('must keep to a shorter age that the installer chose', () => {
    const text = fileOf(many(7), 'poll: 3s').replace('bank:', 'bank:\n  freshness: { late: 9s }');
    expect(refusalOf(text)).toBe('is right');
    expect(refusalOf(fileOf(many(12), 'poll: 5s'))).toBe('is right');
    const short = fileOf(many(12), 'poll: 3s').replace('bank:', 'bank:\n  freshness: { late: 9s }');
    expect(refusalOf(short)).toMatch('where 9 s is fresh');
  });
});

/** A family whose modules speak for several packs. */
const bus: BmsDriver = {
  ...jbd,
  id: 'bus',
  dialects: [
    {
      ...jbd.dialects[0],
      requests: ({ unit = 0 }) => [{ name: 'basic', bytes: Uint8Array.of(unit), required: true }],
    },
  ],
};

describe('two batteries with one address', () => {
  const driverOf = (bms: string) => (bms === 'bus' ? bus : jbd);
  const twice = (first: string, second: string): readonly string[] => {
    const at = (id: string, more: string) => line({ n: 1, more }).replace('p1', id);
    const text = fileOf([at('p1', first), at('p2', second)], 'adapters: [hci0, hci1]');
    const read = readDocument('g.yaml', text.replaceAll('bms: jbd', 'bms: bus'), gatewaySchema);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    return [...addressesOf(driverOf)(read), ...unitsOf(driverOf)(read)].map(
      (p) => `${p.line}:${p.column} ${p.message}`,
    );
  };

  test('are right where one module speaks for both and `unit` tells them apart', () => {
    expect(speaksForSeveral(bus, false)).toBe(true);
    expect(twice(', unit: 1', ', unit: 2')).toEqual([]);
  });

  test.each([
    ['', ''],
    ['', ', unit: 2'],
    [', unit: 1', ''],
    [', unit: 1', ', unit: 1'],
  ])('are refused with `%s` and `%s`', (first, second) => {
    expect(twice(first, second)).toEqual([
      '3:34 batteries `p1` and `p2` have one address; correct it, or give each its own `unit` where one module speaks for several packs',
    ]);
  });

  test('have one adapter', () => {
    expect(twice(', unit: 1', ', unit: 2, adapter: hci1')).toEqual([
      '3:34 batteries `p1` and `p2` have one address but not one radio; one link serves both',
    ]);
  });

  test('a JBD speaks for itself alone', () => expect(speaksForSeveral(jbd, false)).toBe(false));
});
