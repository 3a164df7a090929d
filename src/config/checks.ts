import { driverById, driverIds } from '../bms/drivers.ts';
import { addresses, units } from './address-checks.ts';
import { alerts } from './alerts-checks.ts';
import { knownChemistry } from './chemistry-files.ts';
import { ages, envelopeRange, poll } from './limit-checks.ts';
import { lines } from './line-checks.ts';

import { mqttParts } from './mqtt-checks.ts';
import { ports } from './port-checks.ts';
import { adapters, idle, pinned, sharedAge, stack, standIn, turnAge } from './radio-checks.ts';
import type { Check } from './schema.ts';
import { channel, distinctProxies, proxies, ways } from './way-checks.ts';

/** The second and later holders of a value that only one may have. */
function repeated<T>(
  items: readonly T[],
  of: (item: T) => string | undefined,
): { at: number; value: string }[] {
  const seen = new Set<string>();
  return items.flatMap((item, at) => {
    const value = of(item);
    if (value === undefined) return [];
    const again = seen.has(value);
    seen.add(value);
    return again ? [{ at, value }] : [];
  });
}

const batteryNames: Check = ({ value, problemAt }) =>
  repeated(value.batteries, (b) => b.id).map(({ at, value: id }) =>
    problemAt(['batteries', at, 'id'], `battery \`${id}\` is listed twice; give each battery its own id`),
  );

const inverterNames: Check = ({ value, problemAt }) =>
  repeated(value.inverters, (i) => i.id).map(({ at, value: id }) =>
    problemAt(['inverters', at, 'id'], `inverter \`${id}\` is listed twice; give each inverter its own id`),
  );

const knownBms: Check = ({ value, problemAt }) =>
  value.batteries.flatMap(({ bms }, at) =>
    driverById(bms)
      ? []
      : [
          problemAt(
            ['batteries', at, 'bms'],
            `BMS \`${bms}\` is not known; known are: ${driverIds.join(', ')}`,
          ),
        ],
  );

const chemistry: Check = ({ value: { bank }, problemAt }) => {
  const found = knownChemistry(bank.chemistry);
  return typeof found === 'string' ? [problemAt(['bank', 'chemistry'], found)] : [];
};

/** A shunt speaks through an inverter that is listed. */
const shunt: Check = ({ value: { bank, inverters }, problemAt }) =>
  bank.shunt === undefined || inverters.some(({ id }) => id === bank.shunt?.inverter)
    ? []
    : [
        problemAt(
          ['bank', 'shunt', 'inverter'],
          `inverter \`${bank.shunt.inverter}\` is not listed under \`inverters\`; name the one that writes its current`,
        ),
      ];

/** Every battery stands in exactly one place of one string. */
const places: Check = ({ value: { batteries, bank }, problemAt }) => {
  const ids = new Set(batteries.map((b) => b.id));
  const slots = bank.strings.flatMap((string, s) =>
    string.map((id, p) => ({ id, path: ['bank', 'strings', s, p] })),
  );
  const unknown = slots.filter(({ id }) => !ids.has(id));
  const twice = repeated(slots, ({ id }) => id);
  const unused = batteries.flatMap((b, at) =>
    slots.some(({ id }) => id === b.id) ? [] : [{ id: b.id, at }],
  );
  return [
    ...unknown.map(({ id, path }) =>
      problemAt(path, `battery \`${id}\` is not listed under \`batteries\`; list it or correct the name`),
    ),
    ...twice.map(({ at, value }) =>
      problemAt(
        slots[at]?.path ?? [],
        `battery \`${value}\` is used twice; a battery stands in one string, once`,
      ),
    ),
    ...unused.map(({ id, at }) =>
      problemAt(
        ['batteries', at, 'id'],
        `battery \`${id}\` stands in no string; name it in \`bank.strings\` or take it out`,
      ),
    ),
  ];
};

/** Strings in parallel share one bus voltage: they must have equally many cells. */
const equalStrings: Check = ({ value: { batteries, bank }, problemAt }) => {
  const cells = new Map(batteries.map((b) => [b.id, b.cells]));
  // A battery that is not listed has its own sentence.
  if (bank.strings.flat().some((id) => !cells.has(id))) return [];
  const counts = bank.strings.map((string) => string.reduce((n, id) => n + (cells.get(id) ?? 0), 0));
  return counts.flatMap((count, at) =>
    count === counts[0]
      ? []
      : [
          problemAt(
            ['bank', 'strings', at],
            `this string has ${count} cells in series, the first has ${counts[0]}; strings in parallel must have equally many`,
          ),
        ],
  );
};

/** One wire each, and the settings that belong to it. */
const wires: Check = ({ value, problemAt }) =>
  value.inverters.flatMap((inverter, at) => {
    const chosen = (['can', 'serial', 'tcp'] as const).filter((wire) => inverter[wire] !== undefined);
    const path = ['inverters', at];
    if (chosen.length !== 1)
      return [
        problemAt(
          path,
          `inverter \`${inverter.id}\` has ${chosen.length ? chosen.join(' and ') : 'no wire'}; give it one of \`can\`, \`serial\`, \`tcp\``,
        ),
      ];
    const serialOnly = (['baud', 'parity', 'stop_bits', 'reply_delay', 'idle', 'local_echo'] as const).filter(
      (key) => inverter[key] !== undefined && chosen[0] !== 'serial',
    );
    return [
      ...serialOnly.map((key) =>
        problemAt([...path, key], `\`${key}\` belongs to a \`serial\` line; take it out`, 'key'),
      ),
      ...(inverter.unit !== undefined && chosen[0] === 'can'
        ? [problemAt([...path, 'unit'], '`unit` belongs to Modbus; take it out', 'key')]
        : []),
    ];
  });

export const checks: readonly Check[] = [
  batteryNames,
  ways,
  proxies,
  distinctProxies,
  lines,
  channel,
  addresses,
  units,
  adapters,
  idle,
  pinned,
  standIn,
  stack,
  inverterNames,
  knownBms,
  chemistry,
  shunt,
  places,
  equalStrings,
  envelopeRange,
  poll,
  turnAge,
  sharedAge,
  ages,
  wires,
  ports,
  alerts,
  mqttParts,
];
