import { type CaptureEntry, captureComment, captureLine } from '../bytes/capture.ts';

/**
 * Passwords and pass codes do not leave the battery room: what a capture holds or a screen shows goes through here first.
 * Frame sizes stay, and a simple sum at the end of a frame is corrected by as much as the frame was changed: an intact frame
 * stays intact, a damaged one stays damaged, and nothing can be worked back from it.
 */
export const MASK = 0x2a;

/** A frame that carries a secret; `at` counts from its first byte. */
interface SecretFrame {
  readonly length: number;
  readonly isSecret: (at: number) => boolean;
  /** Where a sum modulo 256 of all that is secret stands. */
  readonly sumAt?: number;
}

interface Kind {
  readonly from: CaptureEntry['from'];
  /** How many bytes tell it. */
  readonly head: number;
  /** `left`: bytes of this notification behind the head. */
  readonly frame: (head: Uint8Array, left: number) => SecretFrame | undefined;
}

const between = (first: number, last: number) => (at: number) => at >= first && at <= last;
const isHead = (head: Uint8Array, ...bytes: readonly (number | undefined)[]): boolean =>
  bytes.every((byte, i) => byte === undefined || head[i] === byte);

/** App key, user password, change of password, second-level key (BLE reference 1.9). */
const secretCommands: readonly (number | undefined)[] = [0x15, 0x18, 0x16, 0x1d];

function handshake([first, second, command, length = 0]: Uint8Array): SecretFrame | undefined {
  if (first !== 0xff || second !== 0xaa || !secretCommands.includes(command) || length === 0)
    return undefined;
  return { length: length + 5, isSecret: between(4, length + 3), sumAt: length + 4 };
}

/** Head of six, then as many bytes as its last one says, then two of checksum, which is masked with them. */
const restSecret = (head: number, length = 0): SecretFrame => ({
  length: head + length + 2,
  isSecret: between(head, head + length + 1),
});

/** Device info of JK: pass code, then pass code, user data and set-up pass code (BLE reference 2.3; syssi/esphome-jk-bms, components/jk_rs485_bms). */
const jkDeviceInfo: SecretFrame = {
  length: 300,
  isSecret: (at) => between(62, 77)(at) || between(97, 133)(at),
  sumAt: 299,
};

const jkOther: SecretFrame = { length: 300, isSecret: () => false };

const kinds: readonly Kind[] = [
  { from: 'us', head: 4, frame: handshake },
  // An answer is one byte of yes or no, alone in its notification; a longer one may repeat what it was told.
  {
    from: 'battery',
    head: 4,
    frame: (h, left) => ((h[3] ?? 0) + 1 === left && left > 2 ? handshake(h) : undefined),
  },
  // JBD passwords of older firmware: registers 06 and 07 (BLE reference 1.7).
  {
    from: 'us',
    head: 4,
    frame: (h) => (isHead(h, 0xdd, 0x5a) && [6, 7].includes(h[2] ?? 0) ? restSecret(4, h[3]) : undefined),
  },
  // JK: what is longer than a register's four bytes is text, a name or a pass code.
  {
    from: 'us',
    head: 6,
    frame: (h) =>
      isHead(h, 0xaa, 0x55, 0x90, 0xeb) && (h[5] ?? 0) > 4
        ? { length: 20, isSecret: between(6, 18), sumAt: 19 }
        : undefined,
  },
  // A frame without a secret is followed as well: its start ends the one before, of which a piece may be missing.
  {
    from: 'battery',
    head: 5,
    frame: (h) => (isHead(h, 0x55, 0xaa, 0xeb, 0x90) ? (h[4] === 3 ? jkDeviceInfo : jkOther) : undefined),
  },
  // ANT's login (BLE reference, section 4).
  { from: 'us', head: 6, frame: (h) => (isHead(h, 0x7e, 0xa1, 0x23) ? restSecret(6, h[5]) : undefined) },
];

const LONGEST_HEAD = Math.max(...kinds.map(({ head }) => head));

/** One direction of one unit: the frame that goes on in its next bytes. */
export interface Masking {
  readonly open?: { readonly frame: SecretFrame; readonly at: number; readonly added: number };
  /** The last bytes, as they came. */
  readonly recent: readonly number[];
}

export const notMasking: Masking = { recent: [] };

interface Masked {
  readonly bytes: Uint8Array;
  readonly isMasked: boolean;
  readonly masking: Masking;
}

/** A frame whose head ends with the last of `recent`. */
function opened(from: CaptureEntry['from'], recent: readonly number[], left: number): Masking['open'] {
  for (const kind of kinds) {
    if (kind.from !== from || recent.length < kind.head) continue;
    const frame = kind.frame(Uint8Array.from(recent.slice(-kind.head)), left);
    if (frame) return { frame, at: kind.head, added: 0 };
  }
  return undefined;
}

/** The byte as it may be shown, and the frame behind it. */
function shown(byte: number, { frame, at, added }: NonNullable<Masking['open']>) {
  const isSecret = frame.isSecret(at);
  const told = isSecret ? MASK : at === frame.sumAt ? (byte + added) & 0xff : byte;
  const open = at + 1 < frame.length && { frame, at: at + 1, added: isSecret ? added + MASK - byte : added };
  return { told, isSecret, open: open || undefined };
}

/** Takes one write or notification; a frame may go on over many. */
export function mask(before: Masking, from: CaptureEntry['from'], bytes: Uint8Array): Masked {
  let { open, recent } = before;
  let isMasked = false;
  const out = bytes.map((byte, i) => {
    recent = [...recent, byte].slice(-LONGEST_HEAD);
    const now = open && shown(byte, open);
    open = opened(from, recent, bytes.length - i - 1) ?? now?.open;
    isMasked ||= now?.isSecret ?? false;
    return now?.told ?? byte;
  });
  return { bytes: out, isMasked, masking: { recent, ...(open && { open }) } };
}

const COMMENT = captureComment('the next line holds a password or pass code, masked with 2a');

/** Masks what comes, each unit and direction by itself; gives what may be shown. */
export function masker(): (entry: CaptureEntry) => {
  readonly entry: CaptureEntry;
  readonly isMasked: boolean;
} {
  const states = new Map<string, Masking>();
  return (entry) => {
    const key = `${entry.unit ?? ''} ${entry.from}`;
    const { bytes, isMasked, masking } = mask(states.get(key) ?? notMasking, entry.from, entry.bytes);
    states.set(key, masking);
    return { entry: { ...entry, bytes }, isMasked };
  };
}

/** Lines of a capture, each with its line end, in which secrets are masked and said to be. */
export function maskedLines(): (entry: CaptureEntry) => string {
  const masked = masker();
  return (raw) => {
    const { entry, isMasked } = masked(raw);
    return `${isMasked ? COMMENT : ''}${captureLine(entry)}\n`;
  };
}
