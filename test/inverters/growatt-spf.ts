import { type Ask, bitOf, every, memory, readWords, signed } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';

/** How long it waits for an answer before it takes the house off; the maker does not say. */
const CUTS_AFTER_MS = 5000;

/**
 * An off-grid SPF with battery type Li on RS485 (RS485 reference, sections 4 and 6): asks for 17 registers from 0x0013 of unit 1 twice
 * a second, uses a direction while its enable is set, and cuts the output of the house when the battery does not answer.
 */
export function growattSpf(
  ask: Ask,
): Inverter & { readonly dark: () => boolean; readonly socPct: () => number } {
  const on = memory(CUTS_AFTER_MS, 'battery communication lost: the output is cut');
  const at = (address: number) => on.word('poll', address - 0x13);

  const absurd: readonly (readonly [string, () => boolean])[] = [
    ['a charge voltage that cannot be', () => at(0x21) < 4000 || at(0x21) > 6300],
    ['a state of charge above 100 %', () => at(0x15) > 100],
    ['a temperature that cannot be', () => Math.abs(signed(at(0x18))) > 90],
    ['a battery of 48 V that has none', () => at(0x16) < 4000 || at(0x16) > 6300],
    ['a permanent fault', () => bitOf(at(0x14), 9)],
    ['a mode that is none', () => at(0x13) % 4 === 0],
  ];

  const poll = every(500, (nowMs) => {
    if (!on.keep('poll', readWords(ask, 1, 3, 0x13, 17), nowMs)) return;
    for (const [why, is] of absurd) if (is()) on.trip(nowMs, why);
  });

  return {
    trips: on.trips,
    dark: on.silent,
    socPct: () => at(0x15),
    tick(nowMs) {
      poll(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('poll') || on.silent()) return NOTHING;
      return {
        chargeA: bitOf(at(0x13), 6) ? at(0x19) / 100 : 0,
        dischargeA: bitOf(at(0x13), 5) ? at(0x23) / 100 : 0,
      };
    },
  };
}
