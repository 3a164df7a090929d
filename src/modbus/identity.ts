// FC17 (report server id) and FC43/14 (read device identification): Modbus Application Protocol V1.1b3, 6.13 and 6.21.
import type { ExceptionCode, Slave } from './slave.ts';

const FUNCTION = 1;
const ADDRESS = 2;
const VALUE = 3;

const RUNNING = 0xff;
const READ_IDENTIFICATION = 0x0e;
const ROOM_FOR_OBJECTS = 253 - 7;

/** Highest object id of the codes 1 basic, 2 regular, 3 extended. */
const reach: Readonly<Record<number, number>> = { 1: 0x02, 2: 0x7f, 3: 0xff };

const ascii = (text: string, max: number): Uint8Array => new TextEncoder().encode(text).subarray(0, max);

export function reportServerId(slave: Slave, pdu: Uint8Array): Uint8Array | ExceptionCode {
  if (!slave.identity) return FUNCTION;
  if (pdu.length !== 1) return VALUE;
  const id = ascii(slave.identity.serverId, 249);
  return Uint8Array.of(17, id.length + 1, ...id, RUNNING);
}

const conformity = (ids: readonly number[]): number => {
  const highest = Math.max(0, ...ids);
  return highest > 0x7f ? 0x83 : highest > 0x02 ? 0x82 : 0x81;
};

interface Told {
  readonly bytes: readonly number[];
  readonly count: number;
  /** The first object that did not fit. */
  readonly next: number | undefined;
}

function tell(objects: readonly (readonly [number, string])[]): Told {
  const bytes: number[] = [];
  for (const [count, [id, text]] of objects.entries()) {
    const value = ascii(text, ROOM_FOR_OBJECTS - 2);
    if (bytes.length + 2 + value.length > ROOM_FOR_OBJECTS) return { bytes, count, next: id };
    bytes.push(id, value.length, ...value);
  }
  return { bytes, count: objects.length, next: undefined };
}

/** Answers in as many parts as the master asks for; an unknown first object starts from the beginning. */
export function identify(slave: Slave, pdu: Uint8Array): Uint8Array | ExceptionCode {
  const [, mei, code = 0, first = 0] = pdu;
  if (!slave.identity || mei !== READ_IDENTIFICATION) return FUNCTION;
  const all = [...slave.identity.objects].sort(([a], [b]) => a - b);
  const last = code === 4 ? first : reach[code];
  if (pdu.length !== 4 || last === undefined) return VALUE;
  const known = all.some(([id]) => id === first && id <= last);
  if (code === 4 && !known) return ADDRESS;
  const told = tell(all.filter(([id]) => id <= last && (!known || id >= first)));
  const level = conformity(all.map(([id]) => id));
  const more = told.next === undefined ? 0 : 0xff;
  return Uint8Array.of(43, mei, code, level, more, told.next ?? 0, told.count, ...told.bytes);
}
