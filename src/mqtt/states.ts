// What is known, as the rows that go out: one flat JSON object each, every key in every message.
import { bankEntities } from './bank-entities.ts';
import { batteryEntities } from './battery-entities.ts';
import type { RowName, StateRow } from './cadence.ts';
import type { Entity, Known, Value } from './entities.ts';
import { gatewayEntities } from './gateway-entities.ts';
import type { DevicePlan, HomePlan } from './plan.ts';

/** Every entity that a device may have. */
export function entitiesOf(plan: HomePlan, device: DevicePlan): readonly Entity[] {
  if (device.kind === 'gateway') return gatewayEntities(plan.inverters);
  return device.kind === 'bank' ? bankEntities : batteryEntities(device.battery);
}

function shown(value: Value, decimals: number | undefined): number | string | null {
  if (typeof value === 'boolean') return value ? 'ON' : 'OFF';
  if (typeof value === 'string') return value;
  if (value === undefined || !Number.isFinite(value)) return null;
  // A minus zero would be told as `0`, and compared as another.
  return decimals === undefined ? value : Number(value.toFixed(decimals)) + 0;
}

/** What these entities show at a moment. */
export const rowOf = (entities: readonly Entity[], known: Known): StateRow =>
  Object.fromEntries(entities.map(({ key, read, quantity }) => [key, shown(read(known), quantity.decimals)]));

export const byRow = (entities: readonly Entity[]): ReadonlyMap<RowName, readonly Entity[]> =>
  Map.groupBy(entities, ({ row }) => row);
