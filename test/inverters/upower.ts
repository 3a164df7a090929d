import { type Ask, bitOf, every, memory, readWords, signed } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';

const SILENT_AFTER_MS = 10_000;
/** Hz x 100, at 0x9009 of what it writes at unit 3. */
const GRID = 5000;
/** What it writes there: nothing that could pass for a limit of the battery. */
const own = Array.from({ length: 32 }, (_, i) => (i === 9 ? GRID : i === 20 ? 10 : 1000 + i));

/**
 * An EPever UPower-Hi without a BMS-Link box (RS485 reference, section 11): unit 3 is a box that keeps its settings, unit 4 the battery;
 * it stops both directions on a communication fault and each on its stop bit.
 */
export function upower(ask: Ask): Inverter & { readonly gridHz: () => number; readonly lit: () => boolean } {
  const on = memory(SILENT_AFTER_MS, 'battery lost');
  const input = (address: number) => on.word('battery', address - 0x3100);
  const holding = (address: number) => on.word('limits', address - 0x9000);
  const status = () => input(0x3127);

  const wrong: readonly (readonly [string, () => boolean])[] = [
    ['no cells', () => input(0x3100) === 0],
    ['a state of charge above 100 %', () => input(0x3106) > 100],
    [
      'a power that is not voltage times current',
      () => {
        const watts = (input(0x3103) + signed(input(0x3104)) * 0x10000) / 100;
        return Math.abs(watts - (input(0x3101) / 100) * (signed(input(0x3102)) / 100)) > 60;
      },
    ],
    ['a temperature above its limit', () => signed(input(0x3108)) > signed(holding(0x9008))],
    ['a temperature below its limit', () => signed(input(0x3109)) < signed(holding(0x900b))],
    ['an over-voltage of 0', () => holding(0x9003) < 4400],
    ['another protocol', () => input(0x3126) !== 10 || holding(0x9014) !== 10],
  ];

  /** The box: on line, coils, inputs; then its settings are written and must be there again. */
  function box(nowMs: number): void {
    on.keep('online', readWords(ask, 3, 4, 0x30ff, 1), nowMs);
    const bits = [ask(3, [1, 0, 1, 0, 5]), ask(3, [2, 0x20, 0, 0, 21]), ask(3, [5, 0, 8, 0xff, 0])];
    if (bits.some((reply) => reply && (reply[0] ?? 0) > 0x80)) on.trip(nowMs, 'a box without its bits');
    const data = own.flatMap((word) => [word >> 8, word & 255]);
    const reply = ask(3, [16, 0x90, 0, 0, 32, 64, ...data]);
    if (reply && reply[0] !== 16) on.trip(nowMs, 'a box that does not take its settings');
    if (!on.keep('box', readWords(ask, 3, 3, 0x9000, 32), nowMs)) return;
    if (on.words('box').some((word, i) => word !== own[i])) on.trip(nowMs, 'a box that forgot its settings');
  }

  function battery(nowMs: number): void {
    const read = on.keep('battery', readWords(ask, 4, 4, 0x3100, 40), nowMs);
    if (!on.keep('limits', readWords(ask, 4, 3, 0x9000, 21), nowMs) || !read) return;
    for (const [why, is] of wrong) if (is()) on.trip(nowMs, why);
  }

  function protocol(): void {
    ask(4, [16, 0x90, 0x14, 0, 1, 2, 0, 10]);
  }
  const each = [every(1000, box), every(1000, battery), every(10_000, protocol)];

  return {
    trips: on.trips,
    gridHz: () => on.word('box', 9) / 100,
    lit: () => on.word('online', 0) !== 0 && !on.silent(),
    tick(nowMs) {
      for (const due of each) due(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('battery', 'limits') || on.silent() || bitOf(status(), 2)) return NOTHING;
      return {
        chargeA: bitOf(status(), 15) ? 0 : holding(0x9005) / 100,
        dischargeA: bitOf(status(), 14) ? 0 : holding(0x9007) / 100,
      };
    },
  };
}
