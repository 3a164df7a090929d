import type { Command } from 'commander';
import { type Listed, listProfiles, loadProfile } from '../config/profile-files.ts';
import { GatewayError } from '../model/errors.ts';
import { columns } from '../profile/columns.ts';
import { dbcOf, dbcText } from '../profile/dbc-write.ts';
import { explain } from '../profile/explain.ts';
import type { Profile } from '../profile/schema.ts';
import { collect, settingsOf } from './profile-options.ts';

interface Folders {
  readonly profiles: readonly string[];
}

const print = (lines: readonly string[]): void =>
  void process.stdout.write(lines.map((line) => `${line}\n`).join(''));

const busOf = ({ can, serial }: Profile): string => {
  if (can) return 'CAN';
  return serial ? 'serial' : 'Modbus';
};

const line = ({ id, profile, why }: Listed): string[] =>
  profile ? [id, profile.version, busOf(profile), profile.title] : [id, '', '', `cannot be used: ${why}`];

const list = ({ profiles }: Folders): void => print(columns(listProfiles(profiles).map(line)));

interface OneProfile extends Folders {
  readonly option: readonly string[];
}

const load = (id: string, { option, profiles }: OneProfile) =>
  loadProfile(id, { dirs: profiles, settings: settingsOf(option) });

const show = (id: string, how: OneProfile): void => print([explain(load(id, how))]);

function dbc(id: string, how: OneProfile): void {
  const found = dbcOf(load(id, how));
  if (found === undefined)
    throw new GatewayError('REFUSED', {
      message: `profile \`${id}\` does not speak CAN, and a DBC describes nothing else; \`bmsgate profile show ${id}\` prints its table`,
    });
  process.stdout.write(dbcText(found));
}

const folders = ['--profiles <dir>', 'another folder of profiles; may be repeated'] as const;

const settings = ['--option <name=value>', 'a setting of the profile; may be repeated'] as const;

/** `bmsgate profiles`, `bmsgate profile show ID`, `bmsgate profile dbc ID`. */
export function addProfiles(program: Command): void {
  program
    .command('profiles')
    .description('lists the inverter profiles')
    .option(...folders, collect, [])
    .action(list);
  const profile = program.command('profile').description('one inverter profile');
  profile
    .command('show <id>')
    .description('a readable table to lay beside the manual of the inverter')
    .option(...settings, collect, [])
    .option(...folders, collect, [])
    .action(show);
  profile
    .command('dbc <id>')
    .description('its CAN frames as a DBC file for cantools, SavvyCAN and the like, on standard output')
    .option(...settings, collect, [])
    .option(...folders, collect, [])
    .action(dbc);
}
