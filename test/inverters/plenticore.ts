import { every, memory } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';
import type { AskBytes } from './serial-room.ts';

/** How long it waits for an answer before it begins anew; the reference gives none, this is ours. */
const SILENT_AFTER_MS = 5000;
const INFORMATION = 0x084a;
const CYCLIC = 0x044a;
const STATUS = 0x0353;
/** Bytes of the whole answer to each read, from the first pointer to the closing zero. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [INFORMATION, 40],
  [CYCLIC, 64],
  [STATUS, 9],
]);
/** Exchanges before the battery may close its contactors. */
const EXCHANGES = 7;
const ACK = '07e3ff02ff29f400';

/** A frame as the wire carries it: the sum before the last zero, and then every zero but that one replaced, from behind. */
export function plenticoreFrame(kind: number, content: readonly number[]): Uint8Array {
  const body = [kind, 0xff, 0x02, 0xff, 0x29, ...content];
  const frame = [0, ...body, (256 - (body.reduce((sum, byte) => sum + byte, 0) % 256)) % 256, 0];
  let next = frame.length - 1;
  for (let at = next - 1; at >= 0; at--) {
    if (frame[at] !== 0) continue;
    frame[at] = next - at;
    next = at;
  }
  return Uint8Array.from(frame);
}

/** The frame with its zeros; a text says what is wrong with it. */
export function plainOf(frame: Uint8Array): readonly number[] | string {
  const plain = [...frame];
  const last = plain.length - 1;
  if (plain.indexOf(0) !== last) return 'a zero within a frame';
  let zero = 0;
  while (zero < last) {
    const step = plain[zero] ?? 0;
    plain[zero] = 0;
    zero += step;
  }
  if (zero !== last) return 'zeros that lead astray';
  return plain.reduce((sum, byte) => sum + byte, 0) % 256 === 0 ? plain : 'a wrong sum';
}

function read(frame: Uint8Array, code: number): readonly number[] | string {
  const plain = plainOf(frame);
  if (typeof plain === 'string') return plain;
  if (Buffer.from(plain.slice(1, 6)).toString('hex') !== 'e2ff02ff29') return 'an answer of somebody else';
  return plain.length === LENGTHS.get(code) ? plain : 'an answer of another length';
}

/**
 * A Plenticore with battery type BYD (RS485 reference, section 12): asks for the information first, then each second for the cyclic
 * data, now and then for the status, and allows the contactors; it uses the limits while the battery is enabled and closed.
 */
export function plenticore(ask: AskBytes): Inverter & {
  /** Answers that say they are the first, and answers until it was enabled for the first time. */
  readonly firsts: () => number;
  readonly untilEnabled: () => number;
} {
  const on = memory(SILENT_AFTER_MS, 'battery communication lost');
  let isKnown = false;
  let exchanges = 0;
  let firsts = 0;
  let untilEnabled = 0;

  const byte = (at: number) => on.word('cyclic', at);
  const float = (at: number, block = 'cyclic') => Buffer.from(on.words(block)).readFloatLE(at);
  const isEnabled = () => byte(56) === 1;

  const absurd: readonly (readonly [string, () => boolean])[] = [
    ['a voltage that is none', () => !(float(6) > 0 && float(10) >= float(6))],
    ['a limit that is none', () => !(float(26) >= 0 && float(34) >= 0)],
    ['a state of charge above 100 %', () => byte(58) > 100],
    ['a charge limit of a full battery', () => byte(58) === 100 && float(34) > 0],
    ['enabled with its contactors open', () => isEnabled() && byte(59) !== 0],
    ['enabled too early', () => isEnabled() && exchanges < EXCHANGES],
  ];

  function reads(name: string, code: number, nowMs: number): boolean {
    const answer = ask(plenticoreFrame(0x62, [code % 256, code >> 8]));
    return on.keep(name, answer && read(answer, code), nowMs);
  }

  function writes(state: number, nowMs: number): void {
    const answer = ask(plenticoreFrame(0x63, [0x5e, state]));
    const told = answer && Buffer.from(answer).toString('hex');
    if (told !== (state === 0xff ? undefined : ACK))
      on.trip(nowMs, `state ${state} is not acknowledged as it should`);
  }

  function begin(nowMs: number): void {
    if (!reads('information', INFORMATION, nowMs)) return;
    isKnown = true;
    exchanges = 1;
    writes(0xff, nowMs);
    if (on.word('information', 26) !== 0x59) on.trip(nowMs, 'a maker that it does not know');
    if (!(float(6, 'information') > 0)) on.trip(nowMs, 'a battery without a nominal voltage');
  }

  function goOn(nowMs: number): void {
    if (!reads('cyclic', CYCLIC, nowMs)) return;
    for (const [why, is] of absurd) if (is()) on.trip(nowMs, why);
    exchanges++;
    firsts += byte(61);
    if (isEnabled() && untilEnabled === 0) untilEnabled = exchanges;
    if (exchanges % 3 === 0) writes(0, nowMs);
    if (exchanges % 5 === 0) reads('status', STATUS, nowMs);
  }

  const poll = every(1000, (nowMs) => (isKnown ? goOn(nowMs) : begin(nowMs)));

  return {
    trips: on.trips,
    firsts: () => firsts,
    untilEnabled: () => untilEnabled,
    tick(nowMs) {
      poll(nowMs);
      on.judge(nowMs);
      if (on.silent()) isKnown = false;
    },
    allows() {
      if (!isKnown || !on.has('cyclic') || !isEnabled() || byte(59) !== 0) return NOTHING;
      return { chargeA: float(34), dischargeA: float(26) };
    },
  };
}
