import { createHash } from 'node:crypto';
import { USUAL_SLOTS } from '../ble/slots.ts';
import { turnsText } from '../bms/turn-age.ts';
import type { BatteryEntry, GatewayFile } from './schema.ts';

/** One way to batteries, with those that it reads. A wire has no links to run out of. */
export interface RadioPlan {
  /** An adapter, the id of a proxy, or the path of a wire. */
  readonly name: string;
  readonly kind: 'adapter' | 'proxy' | 'wire';
  readonly slots?: number;
  readonly batteries: readonly BatteryEntry[];
}

/** What ESPHome itself sets aside for connections. */
const PROXY_SLOTS = 3;
const USUAL_ADAPTER = 'hci0';

/**
 * A battery on a wire has no Bluetooth address. It gets one of its line, in the range for those that nobody was given (bit 1 of
 * the first byte), so that batteries on one line share its link and are told apart by their `unit`.
 */
export function addressOf({ address, serial }: BatteryEntry): string {
  if (address !== undefined) return address;
  const digits = createHash('sha256')
    .update(serial ?? '')
    .digest('hex');
  return `0e:${digits.slice(0, 10).replace(/..(?=.)/g, '$&:')}`;
}

/** Batteries behind one address share its link. */
export const addressesOn = ({ batteries }: RadioPlan): readonly string[] => [
  ...new Set(batteries.map(addressOf)),
];

/** Where batteries take turns, and how old that makes what is known of them. */
export const turnsOf = (file: GatewayFile): readonly string[] =>
  radioPlans(file).flatMap((plan) => {
    const { name, slots = Number.POSITIVE_INFINITY } = plan;
    return turnsText(name, addressesOn(plan).length, slots, file.bluetooth.poll) ?? [];
  });

/** The adapters of the file; a battery that names none belongs to the first. */
export function adaptersOf({ bluetooth }: GatewayFile): readonly [string, ...string[]] {
  const [first, ...others] = bluetooth.adapters ?? [];
  return [first ?? bluetooth.adapter ?? USUAL_ADAPTER, ...others];
}

/** The radio that reads this battery. */
export const radioOf = (file: GatewayFile, { serial, proxy, adapter }: BatteryEntry): string =>
  serial ?? proxy ?? adapter ?? adaptersOf(file)[0];

/** Every radio that has a battery to read: adapters, proxies, wires, each in the order of the file. */
export function radioPlans(file: GatewayFile): readonly [RadioPlan, ...RadioPlan[]] {
  const { slots = USUAL_SLOTS, proxies = [] } = file.bluetooth;
  const batteriesOf = (name: string) => file.batteries.filter((b) => radioOf(file, b) === name);
  const wires = [...new Set(file.batteries.flatMap(({ serial }) => serial ?? []))];
  const all: RadioPlan[] = [
    ...adaptersOf(file).map((name) => ({ name, kind: 'adapter', slots }) as const),
    ...proxies.map(({ id, slots: own = PROXY_SLOTS }) => ({ name: id, kind: 'proxy', slots: own }) as const),
    ...wires.map((name) => ({ name, kind: 'wire' }) as const),
  ].map((radio) => ({ ...radio, batteries: batteriesOf(radio.name) }));
  const [first = { name: adaptersOf(file)[0], kind: 'adapter', slots, batteries: [] }, ...others] =
    all.filter(({ batteries }) => batteries.length > 0);
  return [first, ...others];
}
