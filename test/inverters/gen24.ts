import { type Ask, every, memory, readWords, signed } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';

const UNIT = 21;
const SILENT_AFTER_MS = 10_000;
const ACTIVE = 3;

const textOf = (words: readonly number[]): string =>
  String.fromCharCode(...words.flatMap((word) => [word >> 8, word & 255])).replace(/\0+$/, '');

/**
 * A GEN24 with a BYD battery on Modbus RTU (RS485 reference, section 7): asks who it is, wants it active, turns the watchdog at 401 once
 * a minute, uses it only while it is active, and trips on an active battery without voltage or one that it does not know.
 */
export function gen24(ask: Ask): Inverter & {
  readonly watchdog: () => number;
  readonly turns: () => number;
  readonly forcedDischarge: () => boolean;
} {
  const on = memory(SILENT_AFTER_MS, 'battery communication error');
  const live = (address: number) => on.word('live', address - 300);
  const limit = (address: number) => on.word('limits', address - 200);
  let turns = 0;
  let forced = false;

  const read = (name: string, at: number, count: number, nowMs: number): boolean =>
    on.keep(name, readWords(ask, UNIT, 3, at, count), nowMs);

  function write(at: number, words: readonly number[], nowMs: number): void {
    const head = [16, at >> 8, at & 255, 0, words.length, 2 * words.length];
    const reply = ask(UNIT, [...head, ...words.flatMap((word) => [word >> 8, word & 255])]);
    if (reply && (reply[0] !== 16 || reply[4] !== words.length))
      on.trip(nowMs, `a write to ${at} was refused`);
  }

  function identify(nowMs: number): void {
    if (!read('identity', 100, 68, nowMs)) return;
    const [mark, firmware, serial] = [[0, 1] as const, [42, 50] as const, [50, 66] as const].map(
      ([from, to]) => textOf(on.words('identity').slice(from, to)),
    );
    if (mark !== 'SI' || firmware === '3.16' || !/^P030T020Z\d{10}$/.test(serial ?? ''))
      on.trip(nowMs, 'a battery that is not known');
  }

  const wrong: readonly (readonly [string, () => boolean])[] = [
    ['event 1187: active without voltage', () => live(300) === ACTIVE && live(308) === 0],
    ['voltage outside of a battery that is not active', () => live(300) !== ACTIVE && live(308) !== 0],
    ['a battery that failed', () => live(300) === 4],
    ['a state of charge below 1 %', () => live(303) < 100],
    ['more energy than it can count', () => Math.max(live(304), live(305), limit(202)) > 57_960],
    ['a power of the wrong sign', () => live(302) === 130 && signed(live(309)) < 0],
    ['a mode that is none', () => ![128, 129, 130].includes(live(302))],
    ['colder than it may be', () => signed(live(312)) < -100],
    ['a maximum voltage of 0', () => limit(205) === 0],
  ];

  function look(nowMs: number): void {
    if (!on.has('identity')) identify(nowMs);
    if (!on.has('identity')) return;
    if (!read('limits', 200, 13, nowMs) || !read('live', 300, 24, nowMs)) return;
    for (const [why, is] of wrong) if (is()) on.trip(nowMs, why);
    forced = live(310) > limit(205);
    if (read('mode', 400, 1, nowMs) && on.word('mode', 0) !== 2) write(400, [2], nowMs);
  }

  function turn(nowMs: number): void {
    if (!read('watchdog', 401, 1, nowMs)) return;
    const turned = on.word('watchdog', 0) ^ 0xffff;
    write(401, [turned], nowMs);
    write(403, [0, 0, 0x6740, turns], nowMs);
    if (read('watchdog', 401, 1, nowMs) && on.word('watchdog', 0) !== turned)
      on.trip(nowMs, 'a watchdog that does not stay turned');
    turns++;
  }
  const each = [every(1000, look), every(60_000, turn)];

  return {
    trips: on.trips,
    watchdog: () => on.word('watchdog', 0),
    turns: () => turns,
    forcedDischarge: () => forced,
    tick(nowMs) {
      for (const due of each) due(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('live') || on.silent() || live(300) !== ACTIVE) return NOTHING;
      const volts = live(308) / 10;
      return { chargeA: live(307) / volts, dischargeA: live(306) / volts };
    },
  };
}
