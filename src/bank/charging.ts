import type { SignalValues } from '../model/signals.ts';
import type { BankConfig } from './config.ts';
import { cellsOf, cellTargetV } from './cvl.ts';
import { counted, type Lifetime } from './lifetime.ts';
import { stepRequests } from './requests.ts';
import { type Charge, type ChargeView, stageCellV, stepCharge } from './stages.ts';
import type { ReadPack, StringValues } from './strings.ts';

const spreadV = ({ cells }: ReadPack): number => cells.highest.measured - cells.lowest.measured;

/** The bank as the charge stages look at it: volts of one cell. */
function viewOf(
  strings: readonly StringValues[],
  { voltageV = 0, currentA = 0, socPct = 0, maxCellVoltageV = 0, capacityAh }: SignalValues,
  charge: Charge,
  config: BankConfig,
): ChargeView {
  const cells = Math.max(...strings.map(cellsOf));
  return {
    meanCellV: voltageV / cells,
    targetCellV: cellTargetV(stageCellV(charge, config.chemistry, config.habits), config),
    highestCellV: maxCellVoltageV,
    spreadV: Math.max(...strings.flatMap((s) => s.packs.map(spreadV))),
    lowestMeanCellV: Math.min(...strings.map((s) => s.voltageV / cellsOf(s))),
    currentA,
    capacityAh,
    socPct,
  };
}

/** The charge, the requests and the counters one step on; they stand still while no string counts. */
export function stepLifetime(
  was: Lifetime,
  strings: readonly StringValues[],
  values: SignalValues,
  config: BankConfig,
  ms: number,
): Lifetime {
  if (!strings.length) return was;
  const { chemistry, habits } = config;
  const view = viewOf(strings, values, was.charge, config);
  const charge = stepCharge(was.charge, view, chemistry, habits, ms);
  const lowest = {
    socPct: view.socPct,
    lowestCellV: values.minCellVoltageV ?? 0,
    underVoltageV: chemistry.underVoltageV,
  };
  const requests = stepRequests(was.requests, lowest, habits, ms);
  return { ...counted(was, values.powerW, ms), charge, requests };
}
