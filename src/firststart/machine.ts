// What this machine and this installation have to choose from.
import { networkInterfaces } from 'node:os';
import { drivers } from '../bms/drivers.ts';
import { canBuses } from '../commands/doctor/can.ts';
import type { Finding, Look } from '../commands/doctor/look.ts';
import { serialPort } from '../commands/doctor/serial.ts';
import { chemistryNames, loadChemistry } from '../config/chemistry-files.ts';
import { listProfiles } from '../config/profile-files.ts';
import type { SetupChemistry, SetupOption, SetupProfile, SetupState, SetupWire } from '../model/api/setup.ts';
import type { Option, Profile } from '../profile/schema.ts';
import { loginOf } from './passwords.ts';

export type Choices = Pick<
  SetupState,
  'families' | 'chemistries' | 'profiles' | 'can' | 'serial' | 'addresses'
>;

function chemistry(name: string): SetupChemistry {
  const { nominalV, bulkV, emptyV, overVoltageV, underVoltageV } = loadChemistry(name);
  return {
    name,
    ...(nominalV !== undefined && { nominal_V: nominalV }),
    full_V: bulkV,
    empty_V: emptyV,
    over_V: overVoltageV,
    under_V: underVoltageV,
  };
}

const option = (o: Option): SetupOption => (o.kind === 'number' ? { ...o, whole: o.whole === true } : o);

function wiresOf({ can, serial }: Profile): SetupProfile['wires'] {
  if (can) return ['can'];
  return serial ? ['serial'] : ['serial', 'tcp'];
}

const profileOf = (profile: Profile): SetupProfile => ({
  id: profile.id,
  title: profile.title,
  evidence: profile.evidence,
  inverters: profile.inverters,
  wires: wiresOf(profile),
  ...(profile.can && { bitrate: profile.can.bitrate }),
  ...(profile.modbus && { baud: profile.modbus.baud }),
  units: profile.modbus?.units ?? [],
  options: Object.fromEntries(Object.entries(profile.options).map(([name, o]) => [name, option(o)])),
});

/** What stands in the installation does not change while a wizard runs. */
export function shipped(): Pick<Choices, 'families' | 'chemistries' | 'profiles'> {
  return {
    families: drivers.map(({ id, title }) => ({ id, title, ...(loginOf(id) && { has_password: true }) })),
    chemistries: chemistryNames().map(chemistry),
    profiles: listProfiles().flatMap(({ profile }) => (profile ? profileOf(profile) : [])),
  };
}

/** By interface; what is said of CAN as a whole belongs to none. */
function canWires(look: Look): SetupWire[] {
  const byName = new Map<string, Finding[]>();
  for (const finding of canBuses(look, undefined)) {
    if (finding.about === 'CAN') continue;
    byName.set(finding.about, [...(byName.get(finding.about) ?? []), finding]);
  }
  return [...byName].map(([name, findings]) => ({ name, findings }));
}

/** One name for each port, the one that stays whatever is plugged in first. */
function serialWires(look: Look): SetupWire[] {
  const named = (folder: string, fits: RegExp) =>
    look
      .list(folder)
      .filter((name) => fits.test(name))
      .map((name) => `${folder}/${name}`);
  const all = [...named('/dev/serial/by-id', /./), ...named('/dev', /^(rs485-.+|serial0)$/)];
  const seen = new Set<string>();
  return all.flatMap((name) => {
    const device = look.target(name) ?? name;
    if (seen.has(device)) return [];
    seen.add(device);
    return { name, findings: serialPort(look, name) };
  });
}

export const wiresHere = (look: Look): Pick<Choices, 'can' | 'serial'> => ({
  can: canWires(look),
  serial: serialWires(look),
});

/** Addresses by which another machine of the network reaches this one; IPv4 first. */
export function ownAddresses(all = networkInterfaces()): readonly string[] {
  const outer = Object.values(all).flatMap((list = []) => list.filter(({ internal }) => !internal));
  const isLinkLocal = (address: string) => address.startsWith('fe80');
  return outer
    .filter(({ address }) => !isLinkLocal(address))
    .toSorted((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address);
}
