import { realpathSync } from 'node:fs';
import { normalize } from 'node:path';
import type { BatteryEntry, Check, GatewayFile, InverterEntry } from './schema.ts';

type Found = readonly ['serial' | 'baud', string] | undefined;

/** The device behind a path, `/dev/serial/by-id/…` or not; one that is not plugged in goes by its name. */
function deviceOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return normalize(path);
  }
}

const on = (serial: string) => {
  const device = deviceOf(serial);
  return (other: { readonly serial?: string | undefined }) =>
    other.serial !== undefined && deviceOf(other.serial) === device;
};

const spelledOtherwise = (who: string, serial: string | undefined): Found => [
  'serial',
  `this is the line of ${who}; write it as \`${serial}\``,
];

/** What is wrong with the line of a battery, given those listed above it. */
function mistake({ serial, baud }: BatteryEntry, above: readonly BatteryEntry[], file: GatewayFile): Found {
  if (serial === undefined) return undefined;
  const inverter = file.inverters.find(on(serial));
  if (inverter)
    return ['serial', `inverter \`${inverter.id}\` is on this line; give the battery a line of its own`];
  const sharing = above.filter(on(serial));
  const otherwise = sharing.find((one) => one.serial !== serial);
  if (otherwise) return spelledOtherwise(`battery \`${otherwise.id}\``, otherwise.serial);
  const unlike = sharing.find((one) => one.baud !== undefined && baud !== undefined && one.baud !== baud);
  return unlike && ['baud', `battery \`${unlike.id}\` has this line at ${unlike.baud}; a line has one speed`];
}

/** Inverters share a line under one name; whether they can is another question. */
function inverterMistake({ serial }: InverterEntry, above: readonly InverterEntry[]): Found {
  const other = serial === undefined ? undefined : above.find(on(serial));
  return other && other.serial !== serial
    ? spelledOtherwise(`inverter \`${other.id}\``, other.serial)
    : undefined;
}

/** A serial line has one speed, one name and one program at its end. */
export const lines: Check = ({ value: file, problemAt }) => [
  ...file.batteries.flatMap((battery, at) => {
    const found = mistake(battery, file.batteries.slice(0, at), file);
    return found ? [problemAt(['batteries', at, found[0]], found[1])] : [];
  }),
  ...file.inverters.flatMap((inverter, at) => {
    const found = inverterMistake(inverter, file.inverters.slice(0, at));
    return found ? [problemAt(['inverters', at, found[0]], found[1])] : [];
  }),
];
