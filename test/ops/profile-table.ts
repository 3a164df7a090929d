// The README's table of supported inverters and the register maps of docs/wires.md, made from the profiles themselves.
import { listProfiles } from '../../src/config/profile-files.ts';
import type { Profile } from '../../src/profile/schema.ts';

const wire = ({ can, modbus }: Profile): string => {
  if (can) return `CAN, ${can.bitrate / 1000} kbit/s`;
  return modbus ? 'RS485 or TCP' : 'RS485';
};

const brands = ({ inverters }: Profile): string => inverters.map(({ brand }) => brand).join(', ');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** One row a profile, in the order of their ids, with a head. */
export const profileTable = (): string =>
  [
    row(['profile', 'wire', 'what it is', 'for', 'known by']),
    row(['---', '---', '---', '---', '---']),
    ...listProfiles().map(({ id, profile, why }) => {
      if (!profile) throw new Error(`${id}: ${why}`);
      return row([`\`${id}\``, wire(profile), profile.title, brands(profile), profile.evidence]);
    }),
  ].join('\n');

/** One row a register map: how it is reached, and the function codes that it offers. */
export const registerTable = (): string =>
  [
    row(['profile', 'units', 'line', 'functions']),
    row(['---', '---', '---', '---']),
    ...listProfiles().flatMap(({ id, profile }) => {
      if (!profile?.modbus) return [];
      const { units, baud, functions } = profile.modbus;
      return [row([`\`${id}\``, units.join(', '), `${baud} baud`, functions.join(', ')])];
    }),
  ].join('\n');
