// One frame of the Pylontech ASCII protocol, made and read (RS485 reference, section 10). No port, no timer.

/** `~` VER ADR CID1 CID2 LENGTH INFO CHKSUM CR; a field is upper-case hex, so a byte takes two characters. */
const START = '~';
const END = '\r';
/** First character behind `~` and how many, of all that stands before INFO. */
export const head = { ver: [0, 2], adr: [2, 2], cid1: [4, 2], cid2: [6, 2], length: [8, 4] } as const;
const HEAD = 12;
/** Characters of the checksum behind INFO. */
export const CHECK = 4;
/** Between `~` and CR, without INFO. */
export const BARE = HEAD + CHECK;
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
  /** As it came, between `~` and CR. */
  readonly text: string;
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

type Place = readonly [at: number, characters: number];

export const charactersAt = (text: string, [at, characters]: Place): string =>
  text.slice(at, at + characters);

/** Of hex characters; undefined where they are none, or not all there. */
export const numberAt = (text: string, [at, characters]: Place): number | undefined => {
  const part = charactersAt(text, [at, characters]);
  return part.length === characters && /^[0-9A-Fa-f]+$/.test(part) ? Number.parseInt(part, 16) : undefined;
};

const checkAt = (text: string): Place => [text.length - CHECK, CHECK];

/** Is the text between `~` and CR what its checksum says? */
export const isSummed = (text: string): boolean =>
  numberAt(text, checkAt(text)) === checksum(text.slice(0, -CHECK));

/** LENGTH fits its own check nibble, and INFO. */
export function isMeasured(text: string): boolean {
  const length = numberAt(text, head.length) ?? 0;
  return length === lengthField(length & MOST_INFO) && (length & MOST_INFO) === text.length - BARE;
}

const isHex = (text: string): boolean => /^[0-9A-Fa-f]*$/.test(text);

/** What is wrong with the text between `~` and CR; undefined when nothing is. The order is that of the protocol. */
function fault(text: string): number | undefined {
  const length = numberAt(text, head.length);
  if (!isSummed(text)) return rtn.checksum;
  if (text.length < BARE || !isHex(text) || length === undefined) return rtn.format;
  if (length !== lengthField(length & MOST_INFO)) return rtn.lengthChecksum;
  return (length & MOST_INFO) === text.length - BARE ? undefined : rtn.format;
}

/** Reads the text between `~` and CR. */
export function readAscii(text: string): AsciiFrame | Damage {
  const wrong = fault(text);
  const [ver, adr] = [charactersAt(text, head.ver), numberAt(text, head.adr)];
  const [cid1, cid2] = [numberAt(text, head.cid1), numberAt(text, head.cid2)];
  if (wrong !== undefined || adr === undefined || cid1 === undefined || cid2 === undefined)
    return { rtn: wrong ?? rtn.format, ver: numberAt(ver, head.ver) === undefined ? '20' : ver, adr, text };
  return { ver, adr, cid1, cid2, info: text.slice(HEAD, -CHECK) };
}
