import type { Reason } from '../model/bank-state.ts';
import type { BankConfig } from './config.ts';
import { cellEndV } from './limits.ts';
import type { StringValues } from './strings.ts';

/** How CVL moves (bank reference, sections 4.4 and 5.5). V of the whole bank. */
export interface CvlCourse {
  readonly toldV: number;
  /** The cell voltage that the stage asks for, on its slow way down. */
  readonly targetCellV: number;
  /** When a cell last held CVL down; absent while none did since it was last at its target. */
  readonly boundAtMs?: number;
  readonly atMs: number;
}

export interface Cvl {
  readonly course: CvlCourse;
  readonly reasons: readonly Reason[];
}

const OVP_MARGIN_V = 0.05;
const HOLD_MS = 60_000;
/** Of a group of 16 cells, V per second: after a cell held CVL down, and from absorption to float. */
const SLOW_V_PER_S = 0.001;
const SLOW_CELLS = 16;
const RISE_V_PER_S = 0.1;
/** A stall counts for no more than this, s. */
const MOST_S = 3;

export const cellsOf = (string: StringValues): number => string.packs.reduce((n, p) => n + p.config.cells, 0);

/** Where discharging ends, per cell: DVL, and nothing that is asked for in charging is below it. */
const leastCellV = (config: BankConfig): number =>
  Math.max(config.chemistry.emptyV, cellEndV(config, 'discharge'));

/** The voltage one cell may have: what the stage asks, never above the envelope or the trip point less 0.05 V (4.3). */
export const cellTargetV = (stageCellV: number, config: BankConfig): number =>
  Math.min(
    config.envelope.cellMaxV,
    config.chemistry.overVoltageV - OVP_MARGIN_V,
    Math.max(stageCellV, leastCellV(config)),
  );

/** Controller P: the pack's voltage less what its high cells are over the target, between float and the target (4.4). */
export function packCvl(cellsV: readonly number[], targetCellV: number, floorCellV: number): number {
  const setV = cellsV.length * targetCellV;
  const over = cellsV.reduce((sum, v) => sum + Math.max(0, v - targetCellV), 0);
  if (over === 0) return setV;
  const sum = cellsV.reduce((a, b) => a + b, 0);
  return Math.min(setV, Math.max(cellsV.length * floorCellV, sum - over));
}

/** What each string asks for now; the pack that holds it down is named. */
function asked(string: StringValues, targetCellV: number, floorCellV: number): Reason {
  const packs = string.packs.map((pack) => {
    const setV = pack.config.cells * targetCellV;
    const value = packCvl(pack.reading.cellVoltagesV, targetCellV, Math.min(floorCellV, targetCellV));
    return { pack, value, short: setV - value };
  });
  const value = packs.reduce((sum, p) => sum + p.value, 0);
  const worst = packs.reduce<(typeof packs)[number] | undefined>(
    (most, p) => (p.short > (most?.short ?? 0) ? p : most),
    undefined,
  );
  if (!worst) return { rule: 'charge stage', value };
  return { rule: 'high cell', value, pack: worst.pack.config.id, ...worst.pack.cells.highest };
}

/** The stage's cell voltage: upwards at once (CVL itself is slow), downwards 0.001 V/s per 16 cells. */
function slowly(was: CvlCourse | undefined, stageCellV: number, seconds: number): number {
  if (!was || stageCellV >= was.targetCellV) return stageCellV;
  return Math.max(stageCellV, was.targetCellV - (SLOW_V_PER_S / SLOW_CELLS) * seconds);
}

/** Down at once. Up 0.1 V/s, but after a cell held it down: a minute's hold, then 0.001 V/s per 16 cells. */
function risen(was: CvlCourse, wantedV: number, cells: number, seconds: number, nowMs: number): number {
  if (wantedV <= was.toldV) return wantedV;
  if (was.boundAtMs === undefined) return Math.min(wantedV, was.toldV + RISE_V_PER_S * seconds);
  if (nowMs - was.boundAtMs < HOLD_MS) return was.toldV;
  return Math.min(wantedV, was.toldV + SLOW_V_PER_S * (cells / SLOW_CELLS) * seconds);
}

/** One step of CVL over the strings that conduct (all, if none does). `mayRise` is false while late. */
export function stepCvl(
  was: CvlCourse | undefined,
  strings: readonly StringValues[],
  stageCellV: number,
  config: BankConfig,
  mayRise: boolean,
  nowMs: number,
): Cvl {
  const conducting = strings.filter((s) => s.conductsCharge);
  const ruling = conducting.length ? conducting : strings;
  const cells = Math.min(...ruling.map(cellsOf));
  const seconds = Math.min(MOST_S, was ? Math.max(0, nowMs - was.atMs) / 1000 : 0);
  const targetCellV = cellTargetV(slowly(was, stageCellV, seconds), config);
  const floorCellV = Math.max(config.chemistry.floatV, leastCellV(config));
  const reasons = [
    ...ruling.map((s) => asked(s, targetCellV, floorCellV)),
    { rule: 'envelope', value: cells * config.envelope.cellMaxV },
    { rule: 'cell over-voltage margin', value: cells * (config.chemistry.overVoltageV - OVP_MARGIN_V) },
  ]
    .map((r) => ({ ...r, value: r.value + config.cableDropV }))
    .toSorted((a, b) => a.value - b.value);
  const wantedV = reasons[0]?.value ?? 0;
  const risenV = was ? risen(was, wantedV, cells, seconds, nowMs) : wantedV;
  const toldV = was && !mayRise ? Math.min(was.toldV, risenV) : risenV;
  const boundAtMs = reasons[0]?.rule === 'high cell' ? nowMs : toldV < wantedV ? was?.boundAtMs : undefined;
  return {
    course: { toldV, targetCellV, atMs: nowMs, ...(boundAtMs !== undefined && { boundAtMs }) },
    reasons: toldV < wantedV - 1e-9 ? [{ rule: 'rising slowly', value: toldV }, ...reasons] : reasons,
  };
}
