import type { BmsDriver } from '../bms/driver.ts';
import { driverById } from '../bms/drivers.ts';
import { speaksForSeveral } from '../bms/units.ts';
import { addressOf, radioOf } from './radios.ts';
import type { BatteryEntry, Check, GatewayFile } from './schema.ts';

type DriverOf = (bms: string) => BmsDriver | undefined;

interface Pair {
  readonly above: BatteryEntry;
  readonly battery: BatteryEntry;
}

/** Why this battery cannot share its address with one above it. */
function clash(file: GatewayFile, { above, battery }: Pair, driverOf: DriverOf): string | undefined {
  const what = battery.serial === undefined ? 'address' : 'line';
  const both = `batteries \`${above.id}\` and \`${battery.id}\` have one ${what}`;
  const driver = driverOf(battery.bms);
  if (above.bms !== battery.bms) return `${both} but not one \`bms\`; correct one of them`;
  if (driver && !speaksForSeveral(driver, battery.serial !== undefined))
    return battery.serial === undefined
      ? `address ${battery.address} belongs to battery \`${above.id}\`, and a \`${battery.bms}\` has one of its own; correct it`
      : `battery \`${above.id}\` is on this line already, and a \`${battery.bms}\` has it alone; give each its own`;
  if (battery.unit === undefined || above.unit === undefined || battery.unit === above.unit)
    return `${both}; correct it, or give each its own \`unit\` where one module speaks for several packs`;
  if (radioOf(file, above) !== radioOf(file, battery))
    return `${both} but not one radio; one link serves both`;
  return undefined;
}

/** An address twice is a mistake, unless one module speaks for several packs and `unit` tells them apart. */
export const addressesOf =
  (driverOf: DriverOf): Check =>
  ({ value: file, problemAt }) =>
    file.batteries.flatMap((battery, at) => {
      const before = file.batteries.slice(0, at).filter((above) => addressOf(above) === addressOf(battery));
      const [message] = before.flatMap((above) => clash(file, { above, battery }, driverOf) ?? []);
      const key = battery.serial === undefined ? 'address' : 'serial';
      return message === undefined ? [] : [problemAt(['batteries', at, key], message)];
    });

/** A `unit` is for families whose modules speak for several packs. */
export const unitsOf =
  (driverOf: DriverOf): Check =>
  ({ value: { batteries }, problemAt }) =>
    batteries.flatMap(({ bms, unit, serial }, at) => {
      const driver = driverOf(bms);
      return unit === undefined || !driver || speaksForSeveral(driver, serial !== undefined)
        ? []
        : [problemAt(['batteries', at, 'unit'], `a \`${bms}\` has no units; take it out`, 'key')];
    });

export const addresses = addressesOf(driverById);
export const units = unitsOf(driverById);
