import { USUAL_SLOTS } from '../ble/slots.ts';
import { turnsText } from '../bms/turn-age.ts';
import type { BatteryEntry, GatewayFile } from './schema.ts';

/** One adapter, with the batteries that it hears. */
export interface RadioPlan {
  readonly adapter: string;
  readonly slots: number;
  readonly batteries: readonly BatteryEntry[];
}

/** Batteries behind one address share its link. */
export const addressesOn = ({ batteries }: RadioPlan): readonly string[] => [
  ...new Set(batteries.map(({ address }) => address)),
];

/** Where batteries take turns, and how old that makes what is known of them. */
export const turnsOf = (file: GatewayFile): readonly string[] =>
  radioPlans(file).flatMap(
    (plan) => turnsText(plan.adapter, addressesOn(plan).length, plan.slots, file.bluetooth.poll) ?? [],
  );

const USUAL_ADAPTER = 'hci0';

/** The adapters of the file; a battery that names none belongs to the first. */
export function adaptersOf({ bluetooth }: GatewayFile): readonly [string, ...string[]] {
  const [first, ...others] = bluetooth.adapters ?? [];
  return [first ?? bluetooth.adapter ?? USUAL_ADAPTER, ...others];
}

export const adapterOf = (file: GatewayFile, battery: BatteryEntry): string =>
  battery.adapter ?? adaptersOf(file)[0];

/** Every adapter that has a battery to hear, in the order of the file. */
export function radioPlans(file: GatewayFile): readonly [RadioPlan, ...RadioPlan[]] {
  const { slots = USUAL_SLOTS } = file.bluetooth;
  const planOf = (adapter: string): RadioPlan => ({
    adapter,
    slots,
    batteries: file.batteries.filter((battery) => adapterOf(file, battery) === adapter),
  });
  const [usual, ...others] = adaptersOf(file);
  const plans = [usual, ...others].map(planOf).filter(({ batteries }) => batteries.length > 0);
  const [first = planOf(usual), ...rest] = plans;
  return [first, ...rest];
}
