import type { EventKind } from '../model/events.ts';

/** How the end of each kind is said; of those that are not here `over:` and what it was. */
export const overWords: { readonly [K in EventKind]?: string } = {
  bank_incomplete: 'bank fresh',
  bank_late: 'bank fresh',
  bank_stale: 'bank fresh',
  bank_lost: 'bank fresh',
  protection: 'alarm gone',
  warning: 'warning gone',
  charge_blocked: 'charging is possible again',
  discharge_blocked: 'discharging is possible again',
  battery_awaited: 'battery fresh',
  battery_late: 'battery fresh',
  battery_stale: 'battery back',
  battery_lost: 'battery back',
  battery_rests: 'battery is read again',
  battery_fault: 'battery counts again',
  radio_down: 'radio ready',
  inverter_silent: 'inverter back',
  inverter_asks_nothing: 'inverter asks again',
  inverter_waits: 'inverter is told the bank',
  inverter_told_nothing: 'inverter is told the bank',
  inverter_told_exception: 'inverter is told the bank',
  inverter_lacks_values: 'the bank has what the profile requires',
  inverter_exceeds: 'inverter keeps to its limit again',
  clock_wrong: 'the clock was set',
};
