// What outlives the office: the id of this gateway, and what its broker was told to keep.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
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

interface Ground {
  readonly say: (sentence: string) => void;
  /** Writes the whole file, so that a power cut leaves the old or the new. */
  readonly write: (text: string) => void;
  readonly machineIdFile?: string;
}

/** A file that is not there is no trouble; one that says nothing may have held the id that it brought from another machine. */
function read(path: string, say: Ground['say']): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) say(`${path} cannot be read (${sentence(error)}); let the service read it`);
    return {};
  }
  try {
    const found: unknown = JSON.parse(text);
    if (isMap(found) && isId(found.gatewayId)) return found;
  } catch {
    // Said below.
  }
  say(
    `${path} was spoiled and is made anew; if the gateway is in Home Assistant twice now, put a saved copy of the file back and restart`,
  );
  return {};
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

/** Without a path nothing is kept. */
export function announcedFile(
  path: string | undefined,
  { say, write, machineIdFile = '/etc/machine-id' }: Ground,
): AnnouncedFile {
  const found = path === undefined ? {} : read(path, say);
  const gatewayId = isId(found.gatewayId) ? found.gatewayId : newId(machineIdFile);
  let known: Announced = {
    devices: isDevices(found.devices) ? found.devices : nothingAnnounced.devices,
    availability: Array.isArray(found.availability) ? found.availability.filter(isText) : [],
  };
  let written = JSON.stringify(found);
  const keep = () => {
    const text = JSON.stringify({ gatewayId, ...known });
    if (path === undefined || text === written) return;
    written = text;
    write(`${text}\n`);
  };
  keep();
  return {
    gatewayId,
    known: () => known,
    keep(announced) {
      known = announced;
      keep();
    },
  };
}
