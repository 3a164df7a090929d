import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { readText } from '../config/files.ts';
import { type Listed, listProfiles, loadProfile } from '../config/profile-files.ts';
import { GatewayError } from '../model/errors.ts';
import { columns } from '../profile/columns.ts';
import { startProfile } from '../profile/dbc/import.ts';
import { readDbc } from '../profile/dbc/read.ts';
import { dbcOf, dbcText } from '../profile/dbc/write.ts';
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

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** `Some Inverter v2.dbc` as `some-inverter-v2`. */
const idFrom = (file: string): string =>
  basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'imported';

function startFrom(file: string, { id = idFrom(file) }: { readonly id?: string }): void {
  if (!ID.test(id))
    throw new GatewayError('REFUSED', {
      message: `\`--id ${id}\` is no id; write small letters, digits and dashes, e.g. --id ${idFrom(file)}`,
    });
  const started = startProfile(readDbc(file, readText(file)), basename(file), id);
  if (started === undefined)
    throw new GatewayError('REFUSED', {
      message: `${file} describes only what an inverter sends; give the DBC with the messages of the battery`,
    });
  const { yaml, signals, open } = started;
  process.stdout.write(yaml);
  process.stderr.write(
    `${signals} signals read, ${open} of them stand as comments to fill in; save this as ${id}.yaml, fill them in or delete them, add \`examples:\`, then run \`bmsgate check ${id}.yaml\` until it finds nothing\n`,
  );
}

const folders = ['--profiles <dir>', 'another folder of profiles; may be repeated'] as const;

const settings = ['--option <name=value>', 'a setting of the profile; may be repeated'] as const;

/** `bmsgate profiles`, `bmsgate profile show ID`, `bmsgate profile dbc ID`, `bmsgate profile import FILE`. */
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
  profile
    .command('import <file.dbc>')
    .description("starts a profile from an inverter maker's DBC, on standard output")
    .option('--id <id>', 'the id of the profile; without it made from the name of the file')
    .action(startFrom);
}
