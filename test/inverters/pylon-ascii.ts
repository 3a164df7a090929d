import { bitOf, every, memory, signed } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';
import type { AskBytes } from './serial-room.ts';

/** How long it waits for an answer once it had one; the reference gives none, this is ours. */
const SILENT_AFTER_MS = 30_000;
/** Bytes of INFO in the answer to each question. */
const LENGTHS = { 97: 49, 98: 4, 99: 9 } as const;
type Command = keyof typeof LENGTHS;
/** `~` VER ADR CID1 CID2 LENGTH before INFO; CHKSUM and CR behind it. */
const [HEAD, TAIL] = [13, 5];

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Four digits that make the sum of all characters 0 in 16 bits. */
export function checksum(text: string): string {
  let sum = 0x10000;
  for (const character of text) sum -= character.charCodeAt(0);
  return hex(((sum % 0x10000) + 0x10000) % 0x10000, 4);
}

/** The number of characters in three digits, and before them the digit that makes their sum a multiple of 16. */
function length(characters: number): string {
  const digits = hex(characters, 3);
  const sum = [...digits].reduce((all, digit) => all + Number.parseInt(digit, 16), 0);
  return hex((16 - (sum % 16)) % 16, 1) + digits;
}

/** A whole frame to or from the battery 02, from `~` to CR; the code is a command or what became of it. */
export function pylonFrame(code: number, info: string): Uint8Array {
  const body = `200246${hex(code, 2)}${length(info.length)}${info}`;
  return Buffer.from(`~${body}${checksum(body)}\r`, 'latin1');
}

/** The bytes of INFO; a text says what is wrong with the answer. */
function read(answer: Uint8Array, command: Command): readonly number[] | string {
  const text = Buffer.from(answer).toString('latin1');
  const info = text.slice(HEAD, -TAIL);
  const name = hex(command, 2);
  if (!text.startsWith('~') || !text.endsWith('\r')) return `no whole frame to ${name}`;
  if (text.slice(-TAIL, -1) !== checksum(text.slice(1, -TAIL))) return `a wrong checksum of ${name}`;
  if (text.slice(1, 7) !== '200246') return `an answer of somebody else to ${name}`;
  if (text.slice(7, 9) !== '00') return `return code ${text.slice(7, 9)} to ${name}`;
  if (text.slice(9, HEAD) !== length(info.length)) return `a wrong length of ${name}`;
  if (info.length !== 2 * LENGTHS[command]) return `another content of ${name}`;
  return Array.from({ length: info.length / 2 }, (_, i) => Number.parseInt(info.slice(2 * i, 2 * i + 2), 16));
}

/**
 * A Voltronic-type hybrid with battery protocol PYL (RS485 reference, section 10): asks battery 02 for 61, 62 and 63 each second, and
 * charges and discharges by the limits of 63, each while its enable is set.
 */
export function pylonAscii(
  ask: AskBytes,
): Inverter & { readonly socPct: () => number; readonly warned: () => boolean } {
  const on = memory(SILENT_AFTER_MS, 'battery communication lost');
  const word = (name: string, at: number) => on.word(name, at) * 256 + on.word(name, at + 1);
  const amps = (at: number) => signed(word('63', at)) / 10;

  const absurd: readonly (readonly [Command, string, () => boolean])[] = [
    [0x61, 'a battery of 48 V that has none', () => word('61', 0) < 40_000 || word('61', 0) > 60_000],
    [0x61, 'a state of charge above 100 %', () => on.word('61', 4) > 100],
    [0x62, 'a protection', () => on.word('62', 2) !== 0 || on.word('62', 3) !== 0],
    [0x63, 'a charge voltage of 0', () => word('63', 0) === 0],
    [0x63, 'a limit below 0', () => amps(4) < 0 || amps(6) < 0],
  ];

  function question(command: Command, nowMs: number): void {
    const answer = ask(pylonFrame(command, '02'));
    if (!on.keep(hex(command, 2), answer && read(answer, command), nowMs)) return;
    for (const [of, why, is] of absurd) if (of === command && is()) on.trip(nowMs, why);
  }

  const poll = every(1000, (nowMs) => {
    for (const command of [0x61, 0x62, 0x63] as const) question(command, nowMs);
  });

  return {
    trips: on.trips,
    socPct: () => on.word('61', 4),
    warned: () => on.word('62', 0) !== 0 || on.word('62', 1) !== 0,
    tick(nowMs) {
      poll(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('63') || on.silent()) return NOTHING;
      const status = on.word('63', 8);
      return { chargeA: bitOf(status, 7) ? amps(4) : 0, dischargeA: bitOf(status, 6) ? amps(6) : 0 };
    },
  };
}
