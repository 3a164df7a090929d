// How long a Modbus RTU frame is, by its own first bytes, with unit and CRC: Modbus Application Protocol V1.1b3, section 6.

/** A length in bytes; `later` until the byte that tells it has come; undefined for a function code without a known form. */
export type Length = number | 'later' | undefined;

/** The same for every frame of a kind, or told by its bytes. */
type Form = number | ((b: Uint8Array) => Length);

const counted =
  (base: number, at: number) =>
  (b: Uint8Array): Length => {
    const count = b[at];
    return count === undefined ? 'later' : base + count;
  };

/** FC24 alone counts in two bytes. */
const countedWide = (b: Uint8Array): Length => {
  const [, , high, low] = b;
  return high === undefined || low === undefined ? 'later' : 6 + high * 256 + low;
};

const IDENTIFICATION = 0x0e;
const isIdentification = (b: Uint8Array): boolean => (b[2] ?? IDENTIFICATION) === IDENTIFICATION;

/** An answer with identification: its objects are walked, each is an id, a length and a text. */
function objects(b: Uint8Array): Length {
  if (!isIdentification(b)) return undefined;
  const [, , , , , , , count] = b;
  if (count === undefined) return 'later';
  let at = 8;
  for (let i = 0; i < count; i++) {
    const length = b[at + 1];
    if (length === undefined) return 'later';
    at += 2 + length;
  }
  return at + 2;
}

const bytesCounted = counted(5, 2);

const requests: Readonly<Record<number, Form>> = {
  1: 8,
  2: 8,
  3: 8,
  4: 8,
  5: 8,
  6: 8,
  7: 4,
  8: 8,
  11: 4,
  12: 4,
  15: counted(9, 6),
  16: counted(9, 6),
  17: 4,
  20: bytesCounted,
  21: bytesCounted,
  22: 10,
  23: counted(13, 10),
  24: 6,
  // FC43 carries other things than identification; only that has a fixed length.
  43: (b) => (isIdentification(b) ? 7 : undefined),
};

/** Those that are not as long as their request. */
const responses: Readonly<Record<number, Form>> = {
  1: bytesCounted,
  2: bytesCounted,
  3: bytesCounted,
  4: bytesCounted,
  7: 5,
  11: 8,
  12: bytesCounted,
  15: 8,
  16: 8,
  17: bytesCounted,
  23: bytesCounted,
  24: countedWide,
  43: objects,
};

const EXCEPTION = 5;

const lengthOf = (forms: Readonly<Record<number, Form>>, b: Uint8Array): Length => {
  const form = forms[b[1] ?? 0];
  return typeof form === 'function' ? form(b) : form;
};

export const requestLength = (b: Uint8Array): Length => lengthOf(requests, b);

/** Undefined too where a response is as long as its request. */
export const responseLength = (b: Uint8Array): Length =>
  (b[1] ?? 0) >= 0x80 ? EXCEPTION : lengthOf(responses, b);
