// The gateway file of the soak: packs in parallel, each of them needed, the generic map on a line and the Pylontech family on CAN.
import type { Limits } from './ladder.ts';
import { CAPACITY_AH } from './told.ts';

/** While all is well: the envelope; CVL by the envelope's cell of 3.60 V. */
export const MOST: Limits = { cclA: 60, dclA: 90, cvlV: 57.6 };

export interface SiteFile {
  readonly units: number;
  readonly line: string;
  readonly can: string;
  readonly log: string;
  readonly history: string;
  /** Port of a broker; without it nobody is told over MQTT. */
  readonly broker: number | undefined;
}

const batteryLine = (n: number): string =>
  `  - { id: p${n}, bms: jbd, address: "02:00:00:00:00:0${n}", cells: 16, capacity_Ah: ${CAPACITY_AH}, charge_current_A: 50, discharge_current_A: 100 }`;

export function configOf({ units, line, can, log, history, broker }: SiteFile): string {
  const numbers = Array.from({ length: units }, (_, i) => i + 1);
  return `
batteries:
${numbers.map(batteryLine).join('\n')}
bank:
  strings: [${numbers.map((n) => `[p${n}]`).join(', ')}]
  chemistry: lfp
  on_partial_loss: block
  envelope: { charge_current_A: ${MOST.cclA}, discharge_current_A: ${MOST.dclA}, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, serial: ${line}, baud: 9600, unit: 1 }
  - { id: house, profile: pylontech-lv, can: ${can} }
bluetooth: { adapter: hci0, poll: 1s }
log: { files: { folder: ${log}, max_MB: 0.2 } }
history: { path: ${history} }
${broker === undefined ? '' : `mqtt: { url: "mqtt://127.0.0.1:${broker}" }`}
`;
}
