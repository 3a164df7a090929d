import { isErrand } from '../ble/heard-orders.ts';
import type { Control } from '../bms/driver.ts';
import { driverById } from '../bms/drivers.ts';
import { waysOf } from '../bms/ways.ts';
import { fromHex } from '../bytes/hex.ts';
import type { GatewayFile } from '../config/schema.ts';
import type { Wish } from './control.ts';

/** What the local configuration lets a person do by hand. */
export interface Permission {
  /** The family of each battery, by id. */
  readonly families: ReadonlyMap<string, string>;
  /** Those that are read over a serial line. */
  readonly wired?: ReadonlySet<string>;
  /** Raw bytes beyond plain reads. */
  readonly anyRaw: boolean;
}

/** What the gateway file permits; undefined where it permits nothing. */
export function permissionOf({ control: permitted = false, batteries }: GatewayFile): Permission | undefined {
  if (permitted === false) return undefined;
  return {
    families: new Map(batteries.map(({ id, bms }) => [id, bms])),
    wired: new Set(batteries.flatMap(({ id, serial }) => (serial === undefined ? [] : id))),
    anyRaw: typeof permitted === 'object' && permitted.raw === 'any',
  };
}

/** What is wrong with the family where that battery is read, if its FETs cannot be switched there in any way of talking. */
function fetRefusal(battery: string, family: string, { wired }: Permission): string | undefined {
  const driver = driverById(family);
  const isWired = wired?.has(battery) ?? false;
  if (driver && waysOf(driver, isWired).some(({ control }) => control)) return undefined;
  return `FETs of ${family}${isWired ? ' on a wire' : ''} cannot be switched from here`;
}

const controls = (family: string | undefined): Control[] =>
  (driverById(family ?? '')?.dialects ?? []).flatMap(({ control }) => control ?? []);

/** Among others too: what is written is a UART, which takes one frame after the other. */
const hasSwitch = (bytes: Uint8Array, { isSwitch }: Control): boolean =>
  bytes.some((_, at) => isSwitch(bytes.subarray(at)));

function rawRefusal(hex: string, family: string | undefined, { anyRaw }: Permission): string | undefined {
  const bytes = fromHex(hex);
  if (!bytes?.length) return `\`${hex}\` is no hex; write whole bytes such as dda50300fffd77`;
  const all = controls(family);
  if (all.some((control) => control.isRead(bytes))) return undefined;
  if (!anyRaw)
    return 'only frames that read may be sent; `control: { raw: any }` in the gateway file lifts that, at your own risk';
  return all.some((control) => hasSwitch(bytes, control))
    ? 'these bytes switch a FET; use `bmsgate control fet`, which waits until no current flows'
    : undefined;
}

/** Why a wish may not be carried out, in one sentence; undefined when it may. */
export function refusalOf({ batteries, errand }: Wish, permission: Permission): string | undefined {
  if (batteries.length === 0) return 'name a battery, or `all`';
  for (const battery of batteries) {
    const family = permission.families.get(battery);
    if (family === undefined)
      return `there is no battery \`${battery}\`; there are: ${[...permission.families.keys()].join(', ')}`;
    const why =
      errand.kind === 'fet'
        ? fetRefusal(battery, family, permission)
        : rawRefusal(errand.hex, family, permission);
    if (why) return `battery ${battery}: ${why}`;
  }
  return undefined;
}

/** A wish as a line of JSON, with what was typed to confirm it; a text says what is wrong with it. */
export function parseWish(line: string, { families }: Permission): Wish | string {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return 'this is no wish; use `bmsgate control`';
  }
  if (
    typeof said !== 'object' ||
    said === null ||
    !('target' in said) ||
    !('errand' in said) ||
    !('typed' in said)
  )
    return 'this is no wish; use `bmsgate control`';
  const { target, typed, errand } = said;
  if (typeof target !== 'string' || !isErrand(errand)) return 'this is no wish; use `bmsgate control`';
  if (typed !== target) return `it was not confirmed: type \`${target}\` to go on`;
  // A battery may be called so: then it alone is meant.
  const isEach = target === 'all' && !families.has(target);
  return { batteries: isEach ? [...families.keys()] : [target], errand };
}
