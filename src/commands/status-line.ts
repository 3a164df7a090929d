import type { BankState, Reason } from '../model/bank-state.ts';

const fixed = (value: number | undefined, digits: number, unit: string): string =>
  value === undefined ? `– ${unit}` : `${value.toFixed(digits)} ${unit}`;

/** What holds a limit down, for a person: `highest cell b`. */
const because = (reason: Reason | undefined): string =>
  reason ? ` (${[reason.rule, reason.pack].filter(Boolean).join(' ')})` : '';

/** The bank in one line, once a second on a terminal. */
export function statusLine({ freshness, signals: s, reasons }: BankState): string {
  if (freshness === 'never')
    return `waiting for the batteries: ${s.packsOnline ?? 0} of ${s.packsConfigured} heard`;
  return [
    freshness.padEnd(5),
    `SoC ${fixed(s.socPct, 1, '%')}`,
    fixed(s.voltageV, 2, 'V'),
    fixed(s.currentA, 1, 'A'),
    `charge ≤ ${fixed(s.chargeCurrentLimitA, 1, 'A')}${because(reasons.chargeCurrent[0])}`,
    `discharge ≤ ${fixed(s.dischargeCurrentLimitA, 1, 'A')}${because(reasons.dischargeCurrent[0])}`,
    `${s.packsOnline}/${s.packsConfigured} packs`,
    `♥ ${s.heartbeat}`,
  ].join('  ');
}
