import { join } from 'node:path';
import type { BoxOrders } from '../blackbox/head.ts';
import { maskedText } from '../blackbox/masked-text.ts';
import type { GatewayConfig } from '../config/gateway-file.ts';
import type { InverterPlan } from '../config/inverters.ts';
import { addressOf } from '../config/radios.ts';
import { servedInverter } from './tape.ts';

/** Is a black box to be kept, and is there a place for it? */
export const keepsBox = (
  { file }: Pick<GatewayConfig, 'file'>,
  stateFolder: string | undefined,
): stateFolder is string => stateFolder !== undefined && file.black_box !== false;

/** What the office needs for a black box; undefined where none is to be kept, or there is no place for it. */
export function boxOrders(
  config: GatewayConfig,
  plans: readonly InverterPlan[],
  stateFolder: string | undefined,
): BoxOrders | undefined {
  if (!keepsBox(config, stateFolder)) return undefined;
  const { file, text, bank } = config;
  return {
    folder: join(stateFolder, 'blackbox'),
    bank,
    batteries: file.batteries.map((b) => ({ id: b.id, bms: b.bms, unit: addressOf(b) })),
    inverters: plans.map(servedInverter),
    config: maskedText(text),
  };
}
