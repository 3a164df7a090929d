/** Bytes as `dd a5 03`, or `dda503` with an empty separator. */
export const toHex = (bytes: Uint8Array, separator = ' '): string =>
  Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(separator);

/** Reads `dd a5 03`, `DDA503`, `dd:a5:03`; undefined when it is no whole number of hex bytes. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
