// What the bench ran on, in words that say nothing of whose machine it is.
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly node: string;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 1e9),
  node: process.version,
});

/** Of the last minute: how many processes wanted a core. */
export const loadNow = (): number => Number((loadavg()[0] ?? 0).toFixed(1));
