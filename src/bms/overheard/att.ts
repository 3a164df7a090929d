/** The packets of the attribute protocol that carry a battery's bytes or say where they go (Core Specification, vol 3 part F). */
export const OP = {
  error: 0x01,
  askMtu: 0x02,
  mtu: 0x03,
  information: 0x05,
  findByTypeValue: 0x06,
  foundByTypeValue: 0x07,
  readByType: 0x08,
  typeValues: 0x09,
  readByGroup: 0x10,
  groups: 0x11,
  write: 0x12,
  notification: 0x1b,
  indication: 0x1d,
  notifications: 0x23,
  writeCommand: 0x52,
} as const;

/** Answers, notifications and indications come from the server, all else from its client (table 3.37). */
const fromServer: ReadonlySet<number> = new Set([
  0x01, 0x03, 0x05, 0x07, 0x09, 0x0b, 0x0d, 0x0f, 0x11, 0x13, 0x17, 0x19, 0x1b, 0x1d, 0x21, 0x23,
]);

export const isFromServer = (att: Uint8Array): boolean => fromServer.has(att[0] ?? 0);

export const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

/** A value on its way: written by the client, or told by the server. */
export interface Value {
  readonly from: 'us' | 'battery';
  readonly handle: number;
  readonly bytes: Uint8Array;
}

/** Several values in one packet, each with its length; one that is not whole ends the list. */
function severalValues(body: Uint8Array): Value[] {
  const values: Value[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const end = at + 4 + word(body, at + 2);
    if (end > body.length) break;
    values.push({ from: 'battery', handle: word(body, at), bytes: body.subarray(at + 4, end) });
    at = end;
  }
  return values;
}

export function valuesOf(att: Uint8Array): Value[] {
  const [op] = att;
  if (op === OP.notifications) return severalValues(att.subarray(1));
  const isTold = op === OP.notification || op === OP.indication;
  if ((!isTold && op !== OP.write && op !== OP.writeCommand) || att.length < 4) return [];
  return [{ from: isTold ? 'battery' : 'us', handle: word(att, 1), bytes: att.subarray(3) }];
}

/** The short form of a UUID as it goes over the wire, low byte first; undefined when it is no UUID. */
export function uuidOf(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 2 && bytes.length !== 16) return undefined;
  const digits = Array.from(bytes, (b) => b.toString(16).padStart(2, '0'))
    .reverse()
    .join('');
  return /^0000([0-9a-f]{4})00001000800000805f9b34fb$/.exec(digits)?.[1] ?? digits;
}

/** The entries of a list whose entries have one length. */
export const entriesOf = (bytes: Uint8Array, length: number): Uint8Array[] =>
  length < 1
    ? []
    : Array.from({ length: Math.floor(bytes.length / length) }, (_, i) =>
        bytes.subarray(i * length, (i + 1) * length),
      );
