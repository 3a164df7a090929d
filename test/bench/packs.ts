// A bank of any size for the bench: its gateway file, and a capture that its units play over and over.
import { jbdUart } from '../../src/bms/jbd.ts';
import { inNotifications, jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { toHex } from '../../src/bytes/hex.ts';
import type { BatteryReading } from '../../src/model/battery.ts';

export const CELLS = 16;

/** What is asked in the first round of a link, and in all others. */
const requestsIn = (turn: number): readonly Uint8Array[] =>
  jbdUart
    .requests({})
    .filter(({ once }) => turn === 0 || !once)
    .map(({ bytes }) => bytes);

/** A healthy pack whose values move from turn to turn. */
export function readingAt(turn: number, no: number): BatteryReading {
  const cellVoltagesV = Array.from({ length: CELLS }, (_, i) => 3.28 + ((turn + i * 7 + no) % 40) / 1000);
  return {
    voltageV: cellVoltagesV.reduce((a, b) => a + b, 0),
    currentA: -5 - (turn % 100) / 10,
    socPct: 60,
    remainingCapacityAh: 60 - (turn % 50) / 100,
    nominalCapacityAh: 100,
    cellVoltagesV,
    temperaturesC: [21 + (turn % 10) / 10, 22],
    chargeFet: true,
    dischargeFet: true,
    cycles: 12,
    name: `pack ${no}`,
  };
}

export const idOf = (no: number): string => `p${no}`;
const addressOf = (no: number): string => `02:00:00:00:02:${no.toString(16).padStart(2, '0')}`;

/** As many as one adapter is trusted with here, so that all keep their links. */
const PACKS_AN_ADAPTER = 16;
const adapterOf = (no: number): string => `hci${Math.floor(no / PACKS_AN_ADAPTER)}`;

const TURNS = 40;
/** Between two pieces of an answer: 20 bytes at 9600 baud (BLE reference 1.1). */
const PIECE_S = 0.02;

function turnLines(no: number, turn: number): string[] {
  const reading = readingAt(turn, no);
  return requestsIn(turn).flatMap((request, i) => {
    const sentS = turn + i * 0.15;
    const pieces = inNotifications(jbdAnswer(reading, request) ?? new Uint8Array());
    return [
      `${sentS.toFixed(3)} ${idOf(no)} > ${toHex(request)}`,
      ...pieces.map(
        (piece, at) => `${(sentS + (at + 1) * PIECE_S).toFixed(3)} ${idOf(no)} < ${toHex(piece)}`,
      ),
    ];
  });
}

/** As `bmsgate record` writes them, unit after unit. */
export const captureOf = (packs: number): string =>
  [
    '# bmsgate capture 1',
    '# bms: jbd',
    ...Array.from({ length: packs }, (_, no) =>
      Array.from({ length: TURNS }, (_, turn) => turnLines(no, turn)),
    ).flat(2),
    '',
  ].join('\n');

export interface BankOptions {
  readonly packs: number;
  /** YAML lines, one each. */
  readonly inverters: readonly string[];
  readonly logFolder?: string;
  /** Where each pack is read, in place of an address on the air. */
  readonly serials?: readonly string[];
  readonly freshness?: string;
  /** Further lines of the file. */
  readonly more?: readonly string[];
}

/** All packs side by side, a poll each second. */
export function gatewayText(options: BankOptions): string {
  const { packs, inverters, logFolder, serials, freshness, more = [] } = options;
  const all = Array.from({ length: packs }, (_, no) => no);
  const way = (no: number): string =>
    serials
      ? `serial: ${serials[no]}, baud: 115200`
      : `address: "${addressOf(no)}", adapter: ${adapterOf(no)}`;
  const battery = (no: number): string =>
    `  - { id: ${idOf(no)}, bms: jbd, ${way(no)}, cells: ${CELLS}, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }`;
  const adapters = [...new Set(all.map(adapterOf))].join(', ');
  return `
batteries:
${all.map(battery).join('\n')}
bank:
  strings: [${all.map((no) => `[${idOf(no)}]`).join(', ')}]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
${freshness ? `  freshness: ${freshness}` : ''}
inverters:
${inverters.map((line) => `  - ${line}`).join('\n')}
bluetooth: { ${serials ? '' : `adapters: [${adapters}], slots: ${PACKS_AN_ADAPTER}, `}poll: 1s }
${logFolder ? `log: { files: { folder: ${logFolder} } }` : ''}
${more.join('\n')}
`;
}
