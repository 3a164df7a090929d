import { type Ask, bitOf, every, memory, wordsIn } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';

const SILENT_AFTER_MS = 10_000;
export type Header = 'words16' | 'bytes16' | 'bytes8';

/** The inverter's own maximum, A: limits of the battery are not used by it, only its bits. */
export const OWN = { chargeA: 60, dischargeA: 100 };

/**
 * An Axpert with battery type LIb (RS485 reference, section 8): three blocks in turn, answers whose length counts registers (or bytes
 * where its firmware is another), and the enable bits of 0x0074 as the only thing that it obeys.
 */
export function axpert(
  ask: Ask,
  header: Header = 'words16',
): Inverter & { readonly asksForCharge: () => boolean } {
  const on = memory(SILENT_AFTER_MS, 'BMS communication lost');
  const at = (block: string, first: number, address: number) => on.word(block, address - first);
  const status = () => at('limits', 0x70, 0x74);

  /** The length as this firmware reads it, then that many registers. */
  function unpack(reply: readonly number[], count: number): readonly number[] | string {
    if (reply[0] !== 3) return `refused with ${reply[1]}`;
    const wide = header !== 'bytes8';
    const length = wide ? (reply[1] ?? 0) * 256 + (reply[2] ?? 0) : (reply[1] ?? 0);
    const data = reply.slice(wide ? 3 : 2);
    const expected = header === 'words16' ? count : 2 * count;
    return length === expected && data.length === 2 * count
      ? wordsIn(data)
      : 'a length that it does not understand';
  }

  const read =
    (name: string, address: number, count: number) =>
    (nowMs: number): void => {
      const reply = ask(1, [3, address >> 8, address & 255, 0, count]);
      if (!on.keep(name, reply && unpack(reply, count), nowMs)) return;
      for (const [why, is] of wrong[name] ?? []) if (is()) on.trip(nowMs, why);
    };

  const sensor = (i: number) => at('cells', 0x10, 0x26 + i) / 10 - 273.1;
  const wrong: Record<string, readonly (readonly [string, () => boolean])[]> = {
    cells: [
      [
        'a sensor that cannot be',
        () =>
          Array.from({ length: at('cells', 0x10, 0x25) }, (_, i) => sensor(i)).some((t) => t < -30 || t > 80),
      ],
      ['no cells', () => at('cells', 0x10, 0x10) === 0],
    ],
    bank: [
      ['two currents at once', () => at('bank', 0x30, 0x30) > 0 && at('bank', 0x30, 0x31) > 0],
      ['a state of charge above 100 %', () => at('bank', 0x30, 0x33) > 100],
    ],
    limits: [
      [
        'a charge voltage that cannot be',
        () => at('limits', 0x70, 0x70) < 440 || at('limits', 0x70, 0x70) > 600,
      ],
    ],
  };

  const each = [
    every(3000, read('cells', 0x10, 32)),
    every(1000, read('bank', 0x30, 16)),
    every(1000, read('limits', 0x70, 8)),
  ];

  return {
    trips: on.trips,
    asksForCharge: () => bitOf(status(), 5) || bitOf(status(), 4),
    tick(nowMs) {
      for (const due of each) due(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('limits', 'bank') || on.silent()) return NOTHING;
      return {
        chargeA: bitOf(status(), 7) ? OWN.chargeA : 0,
        dischargeA: bitOf(status(), 6) ? OWN.dischargeA : 0,
      };
    },
  };
}
