import type { Curve } from './curve.ts';

/** Cell voltages, curves and charge habits of one chemistry (bank reference, section 3), from `profiles/chemistry/`. V per cell. */
export interface Chemistry {
  readonly name: string;
  /** What the data sheet calls the cell's voltage: energy in kWh is told by it, and left out where it is not known. */
  readonly nominalV?: number;
  /** Bulk and absorption aim at this: CVL is this times the cells. */
  readonly bulkV: number;
  readonly floatV: number;
  /** A string that rests at or below this begins a new charge. */
  readonly rebulkV: number;
  /** Where discharging is told to end: DVL is this times the cells. */
  readonly emptyV: number;
  /** Trip points of a BMS that does not tell its own. */
  readonly overVoltageV: number;
  readonly underVoltageV: number;
  /** Below this the cell is damaged or its wire is broken: who charges such a pack does not see what the cell does. */
  readonly blindBelowV: number;
  /** A pack that falls silent beyond these blocks its direction (bank reference, section 6.2). */
  readonly nearFullV: number;
  readonly nearEmptyV: number;
  /** Above this the last seen lowest cell may carry `discharge_stale_after`. */
  readonly healthyCellV: number;
  /** A resting cell at `startV` is full; while 5 % of the capacity flows it shows `fullV` (section 5.2). */
  readonly tail: { readonly startV: number; readonly fullV: number };
  readonly chargeByHighestCellV: Curve;
  readonly dischargeByLowestCellV: Curve;
  readonly chargeByTemperatureC: Curve;
  readonly dischargeByTemperatureC: Curve;
  readonly byMosfetTemperatureC: Curve;
  /** In force only where the installer asks for it. */
  readonly chargeBySocPct: Curve;
  readonly dischargeBySocPct: Curve;
}
