import type { Command } from 'commander';
import { type Listed, listProfiles, loadProfile } from '../config/profile-files.ts';
import { columns } from '../profile/columns.ts';
import { explain } from '../profile/explain.ts';
import { collect, settingsOf } from './profile-options.ts';

interface Folders {
  readonly profiles: readonly string[];
}

const print = (lines: readonly string[]): void =>
  void process.stdout.write(lines.map((line) => `${line}\n`).join(''));

const line = ({ id, profile, why }: Listed): string[] =>
  profile
    ? [id, profile.version, profile.can ? 'CAN' : 'Modbus', profile.title]
    : [id, '', '', `cannot be used: ${why}`];

const list = ({ profiles }: Folders): void => print(columns(listProfiles(profiles).map(line)));

const show = (id: string, { option, profiles }: Folders & { readonly option: readonly string[] }): void =>
  print([explain(loadProfile(id, { dirs: profiles, settings: settingsOf(option) }))]);

const folders = ['--profiles <dir>', 'another folder of profiles; may be repeated'] as const;

/** `bmsgate profiles`, `bmsgate profile show ID`. */
export function addProfiles(program: Command): void {
  program
    .command('profiles')
    .description('lists the inverter profiles')
    .option(...folders, collect, [])
    .action(list);
  program
    .command('profile')
    .description('one inverter profile')
    .command('show <id>')
    .description('a readable table to lay beside the manual of the inverter')
    .option('--option <name=value>', 'a setting of the profile; may be repeated', collect, [])
    .option(...folders, collect, [])
    .action(show);
}
