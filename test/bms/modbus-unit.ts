import fc from 'fast-check';

/** The other side of Modbus RTU, written without a line of the decoder's: bitwise CRC, raw bytes. */
function crcOf(bytes: readonly number[]): number[] {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc % 2 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return [crc % 256, Math.floor(crc / 256)];
}

export const frameOf = (...bytes: readonly number[]): Uint8Array => Uint8Array.of(...bytes, ...crcOf(bytes));

/** 16-bit words as bytes, high byte first; negative ones as two's complement. */
export const words = (...numbers: readonly number[]): number[] =>
  numbers.flatMap((n) => {
    const word = n < 0 ? n + 0x10000 : n;
    return [Math.floor(word / 256), word % 256];
  });

/** An answer of this unit and function. */
export const answerOf = (unit: number, fn: number, data: readonly number[]): Uint8Array =>
  frameOf(unit, fn, data.length, ...data);

/** What a unit holds: data bytes by `unit function register`, in decimal. */
export type Holdings = { readonly [place: string]: readonly number[] };

/** Answers what it holds in exactly that length, refuses the rest, is silent to what is no intact request. */
export function modbusUnit(holdings: Holdings) {
  return (request: Uint8Array): Uint8Array | undefined => {
    const [unit = 0, fn = 0, high = 0, low = 0, countHigh = 0, countLow = 0] = request;
    if (request.length !== 8 || crcOf([...request.slice(0, 6)]).some((byte, i) => request[6 + i] !== byte))
      return undefined;
    const data = holdings[`${unit} ${fn} ${high * 256 + low}`];
    const count = countHigh * 256 + countLow;
    const bytes = fn === 1 ? count / 8 : count * 2;
    return data?.length === bytes ? answerOf(unit, fn, data) : frameOf(unit, fn + 128, 2);
  };
}

/** An answer to one of these requests: random data, most often as long as it was asked for. */
export const anyAnswerTo = (requests: readonly { readonly bytes: Uint8Array }[]) =>
  fc.constantFrom(...requests).chain(({ bytes: request }) => {
    const [unit = 0, fn = 0, , , high = 0, low = 0] = request;
    const bytes = fn === 1 ? (high * 256 + low) / 8 : 2 * (high * 256 + low);
    return fc
      .oneof(
        { weight: 4, arbitrary: fc.uint8Array({ minLength: bytes, maxLength: bytes }) },
        fc.uint8Array({ maxLength: 120 }),
      )
      .map((data) => ({ request, frame: answerOf(unit, fn, [...data]) }));
  });
