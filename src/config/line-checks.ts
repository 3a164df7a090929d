import { normalize } from 'node:path';
import type { BatteryEntry, Check, GatewayFile } from './schema.ts';

type Found = readonly ['serial' | 'baud', string] | undefined;

/** What is wrong with the line of a battery, given those listed above it. */
function mistake({ serial, baud }: BatteryEntry, above: readonly BatteryEntry[], file: GatewayFile): Found {
  if (serial === undefined) return undefined;
  const isHere = (other: string | undefined) => other !== undefined && normalize(other) === normalize(serial);
  const inverter = file.inverters.find((one) => isHere(one.serial));
  if (inverter)
    return ['serial', `inverter \`${inverter.id}\` is on this line; give the battery a line of its own`];
  const sharing = above.filter((one) => isHere(one.serial));
  const otherwise = sharing.find((one) => one.serial !== serial);
  if (otherwise)
    return ['serial', `this is the line of battery \`${otherwise.id}\`; write it as \`${otherwise.serial}\``];
  const unlike = sharing.find((one) => one.baud !== undefined && baud !== undefined && one.baud !== baud);
  return unlike && ['baud', `battery \`${unlike.id}\` has this line at ${unlike.baud}; a line has one speed`];
}

/** A serial line has one speed and one program at its end. */
export const lines: Check = ({ value: file, problemAt }) =>
  file.batteries.flatMap((battery, at) => {
    const found = mistake(battery, file.batteries.slice(0, at), file);
    return found ? [problemAt(['batteries', at, found[0]], found[1])] : [];
  });
