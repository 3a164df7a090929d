// What was seen of each cell since this page was opened: its lowest and highest, and its course in steps of 15 s.
import { effect, signal } from '@preact/signals';
import type { Live } from '../../model/api/live.ts';
import { live, wallMs } from '../live/connection.ts';
import { numberOf } from '../live/values.ts';
import { allCells } from './cells-view.ts';
import { type Spell, spellOf } from './spread.ts';

export interface CellPast {
  lowV: number;
  highV: number;
  readonly course: number[];
}

/** The spread of the bank at a moment of the wall clock. */
export interface SpreadAt {
  readonly atMs: number;
  readonly deltaV: number;
  readonly spell: Spell | undefined;
}

export const STEP_MS = 15_000;
const MOST_STEPS = 240;
const MOST_SPREADS = 2400;

const pasts = new Map<string, CellPast>();
export const spreads = signal<readonly SpreadAt[]>([]);
export const openedAtMs = performance.now();
let stepAtMs: number | undefined;

const keyOf = (pack: string, cell: number): string => `${pack}/${cell}`;

export const pastOf = (pack: string, cell: number): CellPast | undefined => pasts.get(keyOf(pack, cell));

function seeCell(key: string, voltageV: number, isStep: boolean): void {
  const past = pasts.get(key) ?? { lowV: voltageV, highV: voltageV, course: [] };
  past.lowV = Math.min(past.lowV, voltageV);
  past.highV = Math.max(past.highV, voltageV);
  if (isStep) {
    past.course.push(voltageV);
    if (past.course.length > MOST_STEPS) past.course.shift();
  }
  pasts.set(key, past);
}

function seeSpread({ bank }: Live, atMs: number): void {
  const deltaV = numberOf(bank?.signals, 'cell_delta_V');
  if (deltaV === undefined || (bank?.freshness !== 'fresh' && bank?.freshness !== 'late')) return;
  const of = (name: string) => numberOf(bank.signals, name);
  const spell = spellOf({
    currentA: of('current_A'),
    voltageV: of('voltage_V'),
    chargeLimitV: of('charge_voltage_limit_V'),
    capacityAh: of('capacity_Ah'),
  });
  spreads.value = [...spreads.value.slice(1 - MOST_SPREADS), { atMs, deltaV, spell }];
}

effect(() => {
  const all = live.value;
  const now = all?.bank?.evaluated_at_ms;
  if (!all || now === undefined) return;
  const isStep = stepAtMs === undefined || now < stepAtMs || now - stepAtMs >= STEP_MS;
  if (isStep) stepAtMs = now;
  for (const { id, cells } of allCells(all))
    for (const { no, voltageV } of cells)
      if (voltageV !== undefined) seeCell(keyOf(id, no), voltageV, isStep);
  const wall = wallMs.peek();
  if (isStep && wall !== undefined) queueMicrotask(() => seeSpread(all, wall));
});
