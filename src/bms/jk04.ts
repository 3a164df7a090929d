import { bitsOf } from '../bytes/bits.ts';
import { type Field, inRow, readAll, readField, readFields } from '../bytes/field.ts';
import type { BatteryReading } from '../model/battery.ts';

/**
 * JK04: what the active balancers say (JK-B2A16S of software 3.x, JK-B5A24S of 8.0.3M). The frames are those of JK02, the numbers
 * are floats: cells, their mean, the balancer. Neither current nor state of charge, no temperature and no FET is known in them
 * (syssi/esphome-jk-bms: decode_jk04_cell_info_, frames_jk04.h, frames_jk04_b5a24s.h).
 */

const CELLS = 24;
const cell = { at: 6, as: 'f32le' } as const satisfies Field;
const told = {
  meanV: { at: 202, as: 'f32le' },
  mask: { at: 214, as: 'u32le' },
  /** 0 rests, 1 charges a cell, 2 discharges one. */
  balancer: { at: 220, as: 'u8' },
} as const satisfies Record<string, Field>;
const balanceA = { balance_current_A: { at: 222, as: 'f32le' } } as const satisfies Record<string, Field>;

/** Cells and their mean agree within this share of it; whatever else lies there does not. */
const AGREEMENT = 0.02;

/** A float has more digits than the board measures. */
const inMillis = (n: number): number => Math.round(n * 1000) / 1000;
const sumOf = (values: readonly number[]): number => values.reduce((sum, n) => sum + n, 0);

/** Only of what is a number: a float may be none. */
const balanceCurrent = (frame: Uint8Array): { readonly balance_current_A?: number } => {
  const { balance_current_A = Number.NaN } = readFields(frame, balanceA);
  return Number.isFinite(balance_current_A) ? { balance_current_A: inMillis(balance_current_A) } : {};
};

/**
 * What a cell frame of JK04 tells; undefined of any other. Volts of the pack are the sum of its cells, for there is no other
 * word of them; the balance current is that of the balancer between cells and none of the pack.
 */
export function readFloats(frame: Uint8Array): BatteryReading | undefined {
  const states = readAll(frame, told);
  if (!states || states.mask === 0 || states.mask >= 2 ** CELLS || !(states.meanV > 1)) return undefined;
  const volts = bitsOf(states.mask).flatMap((number) => readField(frame, inRow(cell, number - 1)) ?? []);
  const sumV = sumOf(volts);
  if (!(Math.abs(sumV / volts.length - states.meanV) <= AGREEMENT * states.meanV)) return undefined;
  return {
    voltageV: inMillis(sumV),
    cellVoltagesV: volts.map(inMillis),
    details: { balancing: states.balancer !== 0, ...balanceCurrent(frame) },
  };
}
