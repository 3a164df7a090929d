import type { SignalValues } from '../model/signals.ts';
import type { BankConfig } from './config.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The one value that all share. */
const common = (values: readonly number[]): number | undefined =>
  values.every((v) => v === values[0]) ? values[0] : undefined;

/** What the bank is built of, by its configuration. A module is one pack in series; where packs or strings are unlike, no one number is true. */
export function builtOf({ strings, chemistry }: BankConfig): SignalValues {
  const cellsInSeries = Math.max(...strings.map((packs) => sum(packs.map((p) => p.cells))));
  const modulesInSeries = common(strings.map((packs) => packs.length));
  const cellsPerModule = common(strings.flat().map((p) => p.cells));
  const { nominalV } = chemistry;
  return {
    cellsInSeries,
    ...(modulesInSeries !== undefined && { modulesInSeries }),
    ...(cellsPerModule !== undefined && { cellsPerModule }),
    ...(nominalV !== undefined && { nominalVoltageV: cellsInSeries * nominalV }),
  };
}
