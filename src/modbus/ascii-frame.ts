// One frame of the Pylontech ASCII protocol, made and read (RS485 reference, section 10). No port, no timer.

/** `~` VER ADR CID1 CID2 LENGTH INFO CHKSUM CR; a field is upper-case hex, so a byte takes two characters. */
const START = '~';
const END = '\r';
/** Between `~` and CR, without INFO. */
const BARE = 16;
/** LENID has twelve bits. */
const MOST_INFO = 0xfff;

/** With the leading `~` and the closing CR. */
export const LONGEST_FRAME = BARE + MOST_INFO + 2;

export interface AsciiFrame {
  /** Two characters, as they came. */
  readonly ver: string;
  readonly adr: number;
  readonly cid1: number;
  /** The command of a request, the return code of an answer. */
  readonly cid2: number;
  /** Hex characters. */
  readonly info: string;
}

/** Return codes (RS485 reference, section 10). */
export const rtn = {
  ok: 0x00,
  checksum: 0x02,
  lengthChecksum: 0x03,
  unknownCommand: 0x04,
  format: 0x05,
  address: 0x90,
  internal: 0x91,
} as const;

/** Why a frame cannot be taken; `adr` is there when at least that can be read. */
export interface Damage {
  readonly rtn: number;
  readonly ver: string;
  readonly adr: number | undefined;
}

const hex = (value: number, characters: number): string =>
  value.toString(16).toUpperCase().padStart(characters, '0');

/** Two's complement of the sum of the characters, 16 bits. */
export function checksum(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return -sum & 0xffff;
}

/** LENGTH of so many characters of INFO: a check nibble, then twelve bits. */
export function lengthField(characters: number): number {
  const nibbles = (characters >> 8) + ((characters >> 4) & 0xf) + (characters & 0xf);
  return ((-nibbles & 0xf) << 12) | characters;
}

/** The whole frame, from `~` to CR. */
export function asciiText({ ver, adr, cid1, cid2, info }: AsciiFrame): string {
  const body = `${ver}${hex(adr, 2)}${hex(cid1, 2)}${hex(cid2, 2)}${hex(lengthField(info.length), 4)}${info}`;
  return `${START}${body}${hex(checksum(body), 4)}${END}`;
}

/** Bytes as INFO characters. */
export const infoText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => hex(byte, 2)).join('');

const numberAt = (text: string, at: number, characters: number): number | undefined => {
  const part = text.slice(at, at + characters);
  return part.length === characters && /^[0-9A-Fa-f]+$/.test(part) ? Number.parseInt(part, 16) : undefined;
};

const isHex = (text: string): boolean => /^[0-9A-Fa-f]*$/.test(text);

/** What is wrong with the text between `~` and CR; undefined when nothing is. The order is that of the protocol. */
function fault(text: string): number | undefined {
  const length = numberAt(text, 8, 4);
  if (numberAt(text, text.length - 4, 4) !== checksum(text.slice(0, -4))) return rtn.checksum;
  if (text.length < BARE || !isHex(text) || length === undefined) return rtn.format;
  if (length !== lengthField(length & MOST_INFO)) return rtn.lengthChecksum;
  return (length & MOST_INFO) === text.length - BARE ? undefined : rtn.format;
}

/** Reads the text between `~` and CR. */
export function readAscii(text: string): AsciiFrame | Damage {
  const wrong = fault(text);
  const [ver, adr] = [text.slice(0, 2), numberAt(text, 2, 2)];
  const [cid1, cid2] = [numberAt(text, 4, 2), numberAt(text, 6, 2)];
  if (wrong !== undefined || adr === undefined || cid1 === undefined || cid2 === undefined)
    return { rtn: wrong ?? rtn.format, ver: numberAt(ver, 0, 2) === undefined ? '20' : ver, adr };
  return { ver, adr, cid1, cid2, info: text.slice(12, -4) };
}
