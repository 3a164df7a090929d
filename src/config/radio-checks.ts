import { agesFor } from '../bank/config.ts';
import { mostUnits, turnAgeMs } from '../bms/turn-age.ts';
import { adaptersOf, addressesOn, addressOf, type RadioPlan, radioOf, radioPlans } from './radios.ts';
import type { Check, GatewayFile } from './schema.ts';

const BLUETOOTH = 'bluetooth';
const USUAL_STACK = 'stoprocent';

/** One adapter or several, each once. */
export const adapters: Check = ({ value: { bluetooth }, problemAt }) => {
  const { adapter, adapters: list = [] } = bluetooth;
  const both = adapter !== undefined && list.length > 0;
  return [
    ...(both
      ? [
          problemAt(
            [BLUETOOTH, 'adapter'],
            'give `adapter` or `adapters`, not both; take this one out',
            'key',
          ),
        ]
      : []),
    ...list.flatMap((name, at) =>
      list.indexOf(name) === at
        ? []
        : [problemAt([BLUETOOTH, 'adapters', at], `adapter ${name} is listed twice; take one out`)],
    ),
  ];
};

const idleText = (name: string, standsIn: boolean): string =>
  standsIn
    ? `${name} is the \`stand_in\`, which serves nobody until it is needed; take it out of this list`
    : `no battery is pinned to ${name}; give those that it shall hear \`adapter: ${name}\`, or make it the \`stand_in\``;

/** Batteries do not spread over adapters by themselves. */
export const idle: Check = ({ value, problemAt }) => {
  const { adapters: list = [], stand_in } = value.bluetooth;
  return list.flatMap((name, at) =>
    value.batteries.some((battery) => radioOf(value, battery) === name)
      ? []
      : [problemAt([BLUETOOTH, 'adapters', at], idleText(name, name === stand_in))],
  );
};

/** A battery is heard by an adapter of the file. */
export const pinned: Check = ({ value, problemAt }) => {
  const listed = adaptersOf(value);
  return value.batteries.flatMap(({ adapter }, at) =>
    adapter === undefined || listed.includes(adapter)
      ? []
      : [
          problemAt(
            ['batteries', at, 'adapter'],
            `${adapter} is not among the adapters of this file (${listed.join(', ')}); list it in \`bluetooth.adapters\` or name another`,
          ),
        ],
  );
};

/** The adapters that hear a battery. */
const busyAdapters = (file: GatewayFile): readonly string[] =>
  radioPlans(file).flatMap(({ kind, name, batteries }) =>
    kind === 'adapter' && batteries.length > 0 ? name : [],
  );

/** Why there can be no stand-in, or not this one. */
function standInMistake(file: GatewayFile): string | undefined {
  const { stand_in, radio } = file.bluetooth;
  if (stand_in === undefined) return undefined;
  if (radio === 'bluez') return '`radio: bluez` has no stand-in; take this out';
  const busy = busyAdapters(file);
  if (busy.length === 0)
    return 'no battery is read through an adapter that it could stand in for; take this out';
  return busy.includes(stand_in)
    ? `${stand_in} serves batteries already; a stand-in is an adapter that serves none`
    : undefined;
}

/** A stand-in serves nobody until it is needed. */
export const standIn: Check = ({ value, problemAt }) => {
  const message = standInMistake(value);
  return message === undefined ? [] : [problemAt([BLUETOOTH, 'stand_in'], message)];
};

/** The packages are two ways to speak to an adapter. */
export const stack: Check = ({ value, problemAt }) => {
  const { stack: chosen, radio } = value.bluetooth;
  if (chosen === USUAL_STACK || (radio !== 'bluez' && busyAdapters(value).length > 0)) return [];
  const why =
    radio === 'bluez' ? '`radio: bluez` uses neither package' : 'no battery is read through an adapter';
  return [problemAt([BLUETOOTH, 'stack'], `${why}; take \`stack\` out`, 'key')];
};

const SLOWEST_POLL_MS = 5000;

const freshMs = ({ bank: { freshness } }: GatewayFile, pollMs: number): number =>
  Math.min(agesFor(pollMs).freshMs, freshness?.late ?? Number.POSITIVE_INFINITY);

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

/** What an installer may do about it, the likeliest first. */
function remedies(file: GatewayFile, plan: RadioPlan, units: number): string {
  const { slots = Number.POSITIVE_INFINITY, kind } = plan;
  const isSlowEnough = units <= mostUnits(slots, SLOWEST_POLL_MS, freshMs(file, SLOWEST_POLL_MS));
  return [
    ...(isSlowEnough && file.bluetooth.poll < SLOWEST_POLL_MS ? ['poll every 5s'] : []),
    'pin some to another adapter (`bluetooth.adapters`) or a Bluetooth proxy',
    kind === 'proxy'
      ? 'raise its `slots` if this ESP32 holds more links (`connection_slots` in its YAML)'
      : 'raise `bluetooth.slots` if this one holds more links',
  ].join(', or ');
}

/** More batteries than links take turns; what is known of each must still count as fresh. */
export const turnAge: Check = ({ value: file, problemAt }) =>
  radioPlans(file).flatMap((plan) => {
    const { name, slots = Number.POSITIVE_INFINITY } = plan;
    const { poll } = file.bluetooth;
    const addresses = addressesOn(plan);
    const ageMs = turnAgeMs(addresses.length, slots, poll);
    const limitMs = freshMs(file, poll);
    if (addresses.length <= slots || ageMs <= limitMs) return [];
    const most = mostUnits(slots, poll, limitMs);
    const at = file.batteries.findIndex((b) => radioOf(file, b) === name && addressOf(b) === addresses[most]);
    return [
      problemAt(
        ['batteries', at, 'address'],
        `${addresses.length} batteries would take turns on the ${slots} links of ${name}, and what is known of one would become ${seconds(ageMs)} old, where ${seconds(limitMs)} is fresh; it can serve ${most}: ${remedies(file, plan, addresses.length)}`,
      ),
    ];
  });

/** Three answers of 0.28 s each, as logged of a Seplos V3 over Bluetooth, the slowest that is known. */
const PACK_MS = 850;

/** Packs behind one link are asked one after the other; what is known of each must still count as fresh. */
export const sharedAge: Check = ({ value: file, problemAt }) => {
  const { poll } = file.bluetooth;
  const limitMs = freshMs(file, poll);
  const most = Math.floor(limitMs / PACK_MS);
  const shared = Map.groupBy(file.batteries, addressOf);
  return [...shared.values()].flatMap((packs) => {
    const tooMany = packs[most];
    if (!tooMany) return [];
    const ageMs = packs.length * PACK_MS;
    const slower =
      ageMs <= freshMs(file, SLOWEST_POLL_MS)
        ? 'poll every 5s'
        : `name at most ${Math.floor(freshMs(file, SLOWEST_POLL_MS) / PACK_MS)} with a poll of 5s`;
    return [
      problemAt(
        ['batteries', file.batteries.indexOf(tooMany), 'unit'],
        `${packs.length} packs behind one link are asked one after the other, and what is known of one would become ${seconds(ageMs)} old, where ${seconds(limitMs)} is fresh; it can serve ${most}: ${slower}`,
      ),
    ];
  });
};
