// One battery in reach of a simulated proxy: its adverts and its GATT table, as the proxy tells of them.
import { inNotifications, jbdAnswer } from '../../../src/bms/jbd-unit.ts';
import { pack } from '../room.ts';
import { encode, type Wire, zigzag } from './protobuf.ts';

export const NOTIFY = { handle: 3, switch: 4 } as const;
export const WRITE = { handle: 6 } as const;
const BITS = { notify: 0x12, write: 0x08, writeWithoutResponse: 0x04 } as const;

export interface SimUnit {
  readonly number: bigint;
  readonly adverts: readonly Buffer[];
  /** Which writes it takes; both when absent. */
  readonly takes?: 'write' | 'writeWithoutResponse';
  /** What it declares, when that is not what it takes. */
  readonly declares?: 'write' | 'writeWithoutResponse';
  /** Notifications; nothing means silence. */
  readonly asked: (request: Uint8Array) => readonly Uint8Array[];
  /** Another GATT table than a JBD's. */
  readonly services?: readonly Buffer[];
  isHidden: boolean;
  /** It never answers an attempt to connect. */
  isDeaf: boolean;
}

const structure = (type: number, data: Uint8Array) => Buffer.from([data.length + 1, type, ...data]);

/** A JBD module: flags and service in the advert, name and maker's data in the answer to a scan. */
const advertsOf = (name: string) => [
  Buffer.concat([structure(0x01, Buffer.of(6)), structure(0x03, Buffer.of(0x00, 0xff))]),
  Buffer.concat([structure(0x09, Buffer.from(name)), structure(0xff, Buffer.of(0x65, 0x0b, 1, 2))]),
];

export const numberOf = (n: number): bigint => 0x02_00_00_00_00_00n + BigInt(n);
export const addressOf = (n: number): string => `02:00:00:00:00:0${n}`;
export const readingOf = (n: number) => ({ ...pack, socPct: 70 + n, name: `unit ${n}` });
export const answering = (n: number) => (request: Uint8Array) =>
  inNotifications(jbdAnswer(readingOf(n), request) ?? new Uint8Array());

export function jbdUnit(n: number, more: Partial<SimUnit> = {}): SimUnit {
  return {
    number: numberOf(n),
    adverts: advertsOf(`JBD-${n}`),
    asked: answering(n),
    isHidden: false,
    isDeaf: false,
    ...more,
  };
}

export const advertOf = ({ number }: SimUnit, data: Buffer): Buffer =>
  encode({ 1: number, 2: zigzag(-60), 3: 1, 4: data });

/** The two halves of the UUID's long form, or its short form for clients that know it. */
const uuid = (short: number, isShort: boolean, shortField: number): Wire =>
  isShort
    ? { [shortField]: short }
    : { 1: { each: [(BigInt(short) << 32n) | 0x1000n, 0x800000805f9b34fbn] } };

/** The services, the JBD's own one last. */
export function servicesOf(
  { takes, declares = takes, services }: SimUnit,
  isShort: boolean,
): readonly Buffer[] {
  if (services) return services;
  const writes = declares ? BITS[declares] : BITS.write | BITS.writeWithoutResponse;
  const descriptor = encode({ ...uuid(0x2902, isShort, 3), 2: NOTIFY.switch });
  const notify = { ...uuid(0xff01, isShort, 5), 2: NOTIFY.handle, 3: BITS.notify, 4: { each: [descriptor] } };
  const write = { ...uuid(0xff02, isShort, 5), 2: WRITE.handle, 3: writes };
  return [
    encode({ ...uuid(0x1800, isShort, 4), 2: 1 }),
    encode({ ...uuid(0xff00, isShort, 4), 2: 2, 3: { each: [encode(notify), encode(write)] } }),
  ];
}

/** A newer JK module: two characteristics with one UUID, the one to write and the one that notifies (BLE reference 2.1). */
export const jkServices = (): Buffer[] => {
  const write = encode({ 5: 0xffe1, 2: 3, 3: BITS.writeWithoutResponse });
  const descriptor = encode({ 3: 0x2902, 2: 6 });
  const notify = encode({ 5: 0xffe1, 2: 5, 3: BITS.notify, 4: { each: [descriptor] } });
  const own = { each: [0xfedcba9876543210n, 0x0123456789abcdefn] };
  return [
    encode({ 4: 0xffe0, 2: 2, 3: { each: [write, notify] } }),
    encode({ 1: own, 2: 9, 3: { each: [encode({ 1: own, 2: 10, 3: BITS.write })] } }),
  ];
};
