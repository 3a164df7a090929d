import { readFileSync, statSync } from 'node:fs';
import { type DocumentProblem, sentence } from '../model/errors.ts';
import { problemIn } from '../profile/places.ts';
import type { GatewayConfig } from './gateway-file.ts';
import type { BatteryEntry, GatewayFile } from './schema.ts';

/** Passwords, passkeys and keys stand in files of their own that not everybody may read. */

const FOR_EVERYBODY = 0o004;

export type Secret = { readonly text: string } | { readonly problem: string };
export type ReadSecret = (path: string) => Secret;

/** What the file holds, without the line end; or what is wrong with it, in a sentence. */
export function readSecret(path: string): Secret {
  try {
    const stats = statSync(path);
    // A pipe that nobody writes to would be read for ever.
    if (!stats.isFile()) return { problem: `${path} is no file; write the secret into one` };
    const text = readFileSync(path, 'utf8').trim();
    if (text === '') return { problem: `${path} is empty; write the secret into it` };
    if (stats.mode & FOR_EVERYBODY)
      return { problem: `${path} can be read by everybody; run \`chmod o-rwx ${path}\`` };
    return { text };
  } catch (error) {
    return { problem: `${path} cannot be read (${sentence(error)}); create it, readable by the service` };
  }
}

export interface SecretPlace {
  readonly path: readonly (string | number)[];
  readonly file: string;
}

const placesOf = (entry: BatteryEntry, at: number): SecretPlace[] =>
  (['password_file', 'passkey_file'] as const).flatMap((key) => {
    const file = entry[key];
    return file === undefined ? [] : [{ path: ['batteries', at, key], file }];
  });

const keyPlaces = ({ bluetooth }: GatewayFile): SecretPlace[] =>
  (bluetooth.proxies ?? []).flatMap(({ key_file: file }, at) =>
    file === undefined ? [] : [{ path: ['bluetooth', 'proxies', at, 'key_file'], file }],
  );

const tokenPlaces = ({ alerts = [] }: GatewayFile): SecretPlace[] =>
  alerts.flatMap(({ token_file: file }, at) =>
    file === undefined ? [] : [{ path: ['alerts', at, 'token_file'], file }],
  );

const brokerPlaces = ({ mqtt }: GatewayFile): SecretPlace[] =>
  mqtt?.password_file === undefined ? [] : [{ path: ['mqtt', 'password_file'], file: mqtt.password_file }];

const pagePlaces = ({ web }: GatewayFile): SecretPlace[] =>
  web?.tls === undefined || web.tls === 'own'
    ? []
    : [{ path: ['web', 'tls', 'key_file'], file: web.tls.key_file }];

/** Every secret that a gateway file names, at its place. */
export const secretPlaces = (file: GatewayFile): readonly SecretPlace[] => [
  ...file.batteries.flatMap(placesOf),
  ...keyPlaces(file),
  ...tokenPlaces(file),
  ...brokerPlaces(file),
  ...pagePlaces(file),
];

/** Every secret of a file that cannot be used now, at its place. A gateway starts without them. */
export const secretProblems = (config: GatewayConfig, read: ReadSecret = readSecret): DocumentProblem[] =>
  secretPlaces(config.file).flatMap((place) => {
    const secret = read(place.file);
    return 'problem' in secret ? [problemIn(config, place.path, secret.problem)] : [];
  });
