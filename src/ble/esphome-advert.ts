import type { Advert } from '../bms/driver.ts';
import type { RawAdvert } from './esphome-messages.ts';
import { shortUuid } from './port.ts';
import { signalOf } from './signal.ts';

/** Types of advertising data (Bluetooth Assigned Numbers, 2.3). */
const UUIDS_16 = [0x02, 0x03];
const UUIDS_32 = [0x04, 0x05];
const UUIDS_128 = [0x06, 0x07];
const NAMES = [0x08, 0x09];
const MANUFACTURER = 0xff;

/** A proxy's 48-bit number as `A4:C1:38:00:00:01`. */
export const addressText = (address: bigint): string =>
  address
    .toString(16)
    .toUpperCase()
    .padStart(12, '0')
    .replace(/(..)(?=.)/g, '$1:');

interface Structure {
  readonly type: number;
  readonly data: Buffer;
}

/** Length, type, data, again and again; what is cut off at the end is left out. */
function structuresOf(bytes: Uint8Array): Structure[] {
  const all: Structure[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [length = 0, type] = bytes.subarray(at, at + 2);
    if (length === 0 || type === undefined || at + 1 + length > bytes.length) break;
    all.push({ type, data: Buffer.from(bytes.subarray(at + 2, at + 1 + length)) });
    at += 1 + length;
  }
  return all;
}

/** UUIDs lie there with their last byte first. */
function uuidsOf({ type, data }: Structure): string[] {
  const size = UUIDS_16.includes(type) ? 2 : UUIDS_32.includes(type) ? 4 : UUIDS_128.includes(type) ? 16 : 0;
  if (size === 0) return [];
  return Array.from({ length: Math.floor(data.length / size) }, (_, i) => {
    const digits = Buffer.from(data.subarray(i * size, (i + 1) * size))
      .reverse()
      .toString('hex');
    return shortUuid(size === 4 ? `${digits}00001000800000805f9b34fb` : digits);
  });
}

/** What is in one advert as it came from the air. */
export function advertOf({ address, rssi, data }: RawAdvert): Advert {
  const structures = structuresOf(data);
  const name = structures
    .findLast(({ type }) => NAMES.includes(type))
    ?.data.toString('utf8')
    .replace(/\0+$/, '');
  const maker = structures.find(({ type, data: d }) => type === MANUFACTURER && d.length >= 2);
  return {
    address: addressText(address),
    services: structures.flatMap(uuidsOf),
    ...signalOf(rssi),
    ...(name && { name }),
    ...(maker && { companyId: maker.data.readUInt16LE(0) }),
  };
}

/** An advert and the answer to a scan come one by one: what the one says holds for the other. */
export function together(before: Advert | undefined, now: Advert): Advert {
  return before ? { ...before, ...now, services: [...new Set([...before.services, ...now.services])] } : now;
}
