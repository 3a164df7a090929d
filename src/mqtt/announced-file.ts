// What outlives the office: the id of this gateway, and what its broker was told to keep.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sentence } from '../model/errors.ts';
import { type Announced, nothingAnnounced } from './announced.ts';

const ID_DIGITS = 8;
const isId = (value: unknown): value is string =>
  typeof value === 'string' && new RegExp(`^[0-9a-f]{${ID_DIGITS}}$`).test(value);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

const isPlatforms = (value: unknown): value is Announced['devices'][string] =>
  isMap(value) && Object.values(value).every(isText);
const isDevices = (value: unknown): value is Announced['devices'] =>
  isMap(value) && Object.values(value).every(isPlatforms);

function read(path: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isMap(found) ? found : {};
  } catch {
    return {};
  }
}

/** Of the machine, so that it is the same again after the state folder was lost; the machine's own id is nobody's business. */
function newId(machineIdFile: string): string {
  try {
    const machine = readFileSync(machineIdFile, 'utf8').trim();
    if (machine)
      return createHash('sha256').update(`bmsgate mqtt ${machine}`).digest('hex').slice(0, ID_DIGITS);
  } catch {
    // No system with an id of its own.
  }
  return randomBytes(ID_DIGITS / 2).toString('hex');
}

export interface AnnouncedFile {
  readonly gatewayId: string;
  readonly known: () => Announced;
  readonly keep: (announced: Announced) => void;
}

/** Without a path nothing is kept. A disk that will not take it is told once. */
export function announcedFile(
  path: string | undefined,
  say: (sentence: string) => void,
  machineIdFile = '/etc/machine-id',
): AnnouncedFile {
  const found = path === undefined ? {} : read(path);
  const gatewayId = isId(found.gatewayId) ? found.gatewayId : newId(machineIdFile);
  let failed = false;
  let known: Announced = {
    devices: isDevices(found.devices) ? found.devices : nothingAnnounced.devices,
    availability: Array.isArray(found.availability) ? found.availability.filter(isText) : [],
  };
  let written = JSON.stringify(found);
  const write = () => {
    const text = JSON.stringify({ gatewayId, ...known });
    if (path === undefined || text === written) return;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, `${text}\n`);
      renameSync(`${path}.new`, path);
      written = text;
      failed = false;
    } catch (error) {
      if (!failed)
        say(`${path} cannot be written (${sentence(error)}): Home Assistant may keep what is no more`);
      failed = true;
    }
  };
  write();
  return {
    gatewayId,
    known: () => known,
    keep(announced) {
      known = announced;
      write();
    },
  };
}
