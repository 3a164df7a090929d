import { type Holdings, modbusUnit, words } from './modbus-unit.ts';

/** A master pack with others behind it, in raw counts as they stand on the wire. */
export interface SeplosPack {
  readonly unit: number;
  readonly cellsMv: readonly number[];
  readonly currentCounts?: number;
  readonly boardA?: number;
  /** 0x1000 and the others without a name here: as the example of the maker. */
  readonly socTenths?: number;
  /** PIC, the ten event bytes from "system state" on. */
  readonly events?: readonly number[];
  readonly balancing?: readonly [number, number];
  /** Cells, sensors, charge and discharge over-current as the settings tell them. */
  readonly settings?: readonly [cells: number, sensors: number, chargeA: number, dischargeA: number];
}

const settingsOf = ([cells, sensors, chargeA, dischargeA]: NonNullable<SeplosPack['settings']>) => {
  const page = new Array<number>(53).fill(0);
  page[0x00] = sensors;
  page[0x01] = cells;
  page[0x17] = chargeA;
  page[0x1d] = dischargeA;
  return words(...page);
};

const standby = [0x10, 0, 0, 0, 0, 0, 0, 0x03, 0, 0];

function holdingsOf(pack: SeplosPack): Holdings {
  const { unit, cellsMv, currentCounts = 0, boardA = 180, socTenths = 875 } = pack;
  const { events = standby, balancing = [0, 0], settings } = pack;
  const volts = Math.round(cellsMv.reduce((sum, mv) => sum + mv, 0) / 10);
  const slots = Array.from({ length: 16 }, (_, i) => cellsMv[i] ?? 0);
  return {
    [`${unit} 4 ${0x1000}`]: words(
      ...[volts, currentCounts, 17500, 20000, 3, socTenths, 1000, 12, 3300, 2944, 3302, 3296],
      ...[2946, 2943, 0, boardA, boardA],
    ),
    [`${unit} 4 ${0x1100}`]: words(...slots, 2946, 2943, 2731, 2631, 2731, 2731, 2731, 2731, 2961, 3231),
    [`${unit} 1 ${0x1200}`]: [0, 0, 0, 0, 0, 0, ...balancing, ...events],
    ...(settings && { [`${unit === 1 ? 0xe0 : unit} 4 ${0x1300}`]: settingsOf(settings) }),
  };
}

/** The bank's states are those of its first pack. */
export const seplosUnit = (...packs: readonly SeplosPack[]) =>
  modbusUnit({
    [`0 1 ${0x2200}`]: [...(packs[0]?.events ?? standby)],
    ...Object.assign({}, ...packs.map(holdingsOf)),
  });
