import { type Ask, bitOf, every, memory, readWords, signed } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';

const SILENT_AFTER_MS = 10_000;

/**
 * A hybrid that reads a PACE BMS (RS485 reference, section 9): measurements, cells and settings in turn, more than 100 ms apart; it
 * charges to the full-charge voltage with the over-current settings, while the MOS bits are on and no protection is up.
 */
export function paceMaster(ask: Ask): Inverter & { readonly warned: () => boolean } {
  const on = memory(SILENT_AFTER_MS, 'BMS communication lost');
  const bank = (address: number) => on.word('bank', address);
  const settings = (address: number) => on.word('settings', address - 60);
  const temperatures = () => on.words('cells').slice(16, 22).map(signed);

  const wrong: Record<string, readonly (readonly [string, () => boolean])[]> = {
    bank: [
      ['a state of charge above 100 %', () => bank(2) > 100],
      ['a voltage that cannot be', () => bank(1) < 4000 || bank(1) > 6000],
    ],
    cells: [
      [
        'cells that cannot be',
        () =>
          on
            .words('cells')
            .slice(0, 16)
            .some((mV) => mV < 2000 || mV > 4000),
      ],
      ['a sensor that cannot be', () => temperatures().some((t) => t < -300 || t > 900)],
    ],
    settings: [
      ['a full-charge voltage that cannot be', () => settings(107) < 44_000 || settings(107) > 60_000],
    ],
  };

  const blocks: readonly (readonly [string, number, number])[] = [
    ['bank', 0, 12],
    ['cells', 15, 22],
    ['settings', 60, 55],
  ];
  let turn = 0;
  const poll = every(300, (nowMs) => {
    const [name, at, count] = blocks[turn++ % blocks.length] ?? ['bank', 0, 12];
    if (!on.keep(name, readWords(ask, 1, 3, at, count), nowMs)) return;
    for (const [why, is] of wrong[name] ?? []) if (is()) on.trip(nowMs, why);
  });

  return {
    trips: on.trips,
    warned: () => bank(9) !== 0,
    tick(nowMs) {
      poll(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('bank', 'settings') || on.silent() || bank(10) !== 0) return NOTHING;
      return {
        chargeA: bitOf(bank(11), 10) ? settings(77) : 0,
        dischargeA: bitOf(bank(11), 11) ? settings(80) : 0,
      };
    },
  };
}
