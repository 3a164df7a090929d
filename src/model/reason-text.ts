import type { Reason } from './bank-state.ts';

/** Cells are measured in V, what is named after a temperature in °C. */
function measuredText({ rule, cell }: Reason, measured: number): string {
  if (cell !== undefined) return `${measured.toFixed(3)} V`;
  return `${Number(measured.toFixed(2))}${rule.toLowerCase().includes('temperature') ? ' °C' : ''}`;
}

/** A reason as people say it: `highest cell 7 of b, 3.447 V`. */
export function reasonText(reason: Reason): string {
  const { rule, pack, cell, measured } = reason;
  const where = [rule, cell, pack === undefined ? undefined : `of ${pack}`].filter((w) => w !== undefined);
  const value = measured === undefined ? '' : `, ${measuredText(reason, measured)}`;
  return where.join(' ') + value;
}
