import { driverById } from '../bms/drivers.ts';
import type { BatteryEntry, Check, GatewayFile } from './schema.ts';

/** Families whose frames are the same on a wire (BLE reference 1.1, 2, 3, 5, 8). */
const onWires = ['jbd', 'jk', 'daly', 'seplos-v3', 'renogy'];

/** Families that tell some numbers in counts of one or of ten units (BLE reference 1.4, 5). */
const scaled = ['jbd', 'seplos-v3'];

type ProxyEntry = NonNullable<GatewayFile['bluetooth']['proxies']>[number];
type Key = keyof BatteryEntry & string;

const overTheAir: readonly Key[] = [
  'adapter',
  'proxy',
  'service',
  'notify',
  'write',
  'passkey_file',
  'password_file',
];

/** Settings that say nothing to this family. */
function* needless({ bms, password_file, capacity_scale }: BatteryEntry) {
  const driver = driverById(bms);
  if (!driver) return; // that it is not known has its own sentence
  if (password_file !== undefined && !driver.dialects.some(({ login }) => login))
    yield ['password_file', `a \`${bms}\` is read without a password; take this out`] as const;
  if (capacity_scale !== undefined && !scaled.includes(bms))
    yield [
      'capacity_scale',
      `a \`${bms}\` has one scale; take this out (it is for ${scaled.join(' and ')})`,
    ] as const;
}

/** What is wrong with the way to one battery: the key, and a sentence. */
function mistakes(file: GatewayFile, battery: BatteryEntry): readonly (readonly [Key, string])[] {
  const { address, serial, baud, proxy, adapter, bms, passkey_file } = battery;
  const { proxies = [], radio } = file.bluetooth;
  const found: (readonly [Key, string])[] = [...needless(battery)];
  if (serial === undefined) {
    if (address === undefined)
      found.push([
        'id',
        `battery \`${battery.id}\` has no way to it; give it an \`address\`, or a \`serial\` line`,
      ]);
    if (baud !== undefined) found.push(['baud', '`baud` belongs to a `serial` line; take it out']);
  } else {
    if (address !== undefined)
      found.push([
        'address',
        'a battery on a `serial` line has no Bluetooth address; take one of the two out',
      ]);
    for (const key of overTheAir)
      if (battery[key] !== undefined) found.push([key, `\`${key}\` belongs to Bluetooth; take it out`]);
    if (!onWires.includes(bms))
      found.push(['serial', `a \`${bms}\` is read over Bluetooth only; on a wire: ${onWires.join(', ')}`]);
  }
  if (proxy !== undefined && adapter !== undefined)
    found.push(['adapter', 'a battery is read through an adapter or a proxy, not both; take one out']);
  if (proxy !== undefined && !proxies.some(({ id }) => id === proxy))
    found.push([
      'proxy',
      `proxy \`${proxy}\` is not listed under \`bluetooth.proxies\`; list it or correct the name`,
    ]);
  if (passkey_file !== undefined && (radio !== 'bluez' || proxy !== undefined))
    found.push([
      'passkey_file',
      'only `bluetooth: { radio: bluez }` pairs with a passkey; choose it, or take this out',
    ]);
  return found;
}

/** Each battery has one way to it, with the settings of that way. */
export const ways: Check = ({ value: file, problemAt }) =>
  file.batteries.flatMap((battery, at) =>
    mistakes(file, battery).map(([key, message]) => problemAt(['batteries', at, key], message, 'key')),
  );

/** Proxies have names of their own, and each reads a battery. */
export const proxies: Check = ({ value: { batteries, bluetooth }, problemAt }) =>
  (bluetooth.proxies ?? []).flatMap(({ id }, at, all) => {
    const place = ['bluetooth', 'proxies', at, 'id'];
    if (all.findIndex((other) => other.id === id) < at)
      return [problemAt(place, `proxy \`${id}\` is listed twice; give each its own id`)];
    if (batteries.some(({ proxy }) => proxy === id)) return [];
    return [
      problemAt(
        place,
        `no battery names proxy \`${id}\`; give those beside it \`proxy: ${id}\`, or take it out`,
      ),
    ];
  });

/** Why an entry cannot stand beside those above it. A proxy has one client: two entries would take it from each other for ever. */
function proxyMistake(
  { id, host, port }: ProxyEntry,
  above: readonly ProxyEntry[],
): readonly ['id' | 'host', string] | undefined {
  if (/^hci\d+$/.test(id)) return ['id', `\`${id}\` is the name of an adapter; give the proxy another`];
  const same = above.find((o) => o.host.toLowerCase() === host.toLowerCase() && o.port === port);
  return (
    same && [
      'host',
      `this is proxy \`${same.id}\` already, and a proxy has one client; let its batteries name that one`,
    ]
  );
}

/** Each entry is a radio of its own, under a name of its own. */
export const distinctProxies: Check = ({ value: { bluetooth }, problemAt }) =>
  (bluetooth.proxies ?? []).flatMap((proxy, at, all) => {
    const found = proxyMistake(proxy, all.slice(0, at));
    return found ? [problemAt(['bluetooth', 'proxies', at, found[0]], found[1])] : [];
  });

/** The user channel is an art of one of the two packages. */
export const channel: Check = ({ value: { bluetooth }, problemAt }) =>
  bluetooth.radio === 'user-channel' && bluetooth.stack !== 'stoprocent'
    ? [problemAt(['bluetooth', 'radio'], '`user-channel` needs `stack: stoprocent`; take `stack` out')]
    : [];
