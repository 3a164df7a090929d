import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';

/** Daly's alarm bits (BLE reference 3.1, 3.3): the A5 dialect sends them as bytes, D2 two bytes in a word. One table for both. */

type Level = 'warnings' | 'alarms';
type Meaning = readonly [level: Level, name: AlarmName];

/** Two bits in a row: first the warning, then the critical level. */
const both = (name: AlarmName): readonly Meaning[] => [
  ['warnings', name],
  ['alarms', name],
];
const alarm = (name: AlarmName): Meaning => ['alarms', name];
/** "Full" is a state, not an alarm. */
const none = [undefined, undefined] as const;
/** Neither the clock nor the link to a vehicle keeps the battery from its work. */
const minor: Meaning = ['warnings', 'internal'];

/** Bit 0 of byte 0 first. */
const meanings: readonly (Meaning | undefined)[] = [
  ...both('cell_high_voltage'),
  ...both('cell_low_voltage'),
  ...both('high_voltage'),
  ...both('low_voltage'),
  // Byte 1. The temperatures while charging, then while discharging.
  ...both('high_temperature_charge'),
  ...both('low_temperature_charge'),
  ...both('high_temperature'),
  ...both('low_temperature'),
  // Byte 2: currents and state of charge.
  ...both('high_charge_current'),
  ...both('high_discharge_current'),
  ...none,
  ...both('low_soc'),
  // Byte 3: spreads. There is no name for one of the temperatures.
  ...both('cell_imbalance'),
  ...both('internal'),
  ...none,
  ...none,
  // Byte 4: the MOSFETs of charging and discharging: hot, sensor, stuck, open.
  alarm('mosfet_high_temperature'),
  alarm('mosfet_high_temperature'),
  alarm('internal'),
  alarm('internal'),
  alarm('contactor'),
  alarm('contactor'),
  alarm('contactor'),
  alarm('contactor'),
  // Byte 5: front end, cell wire, sensor, EEPROM, clock, precharge, vehicle link, internal link.
  alarm('internal'),
  alarm('internal'),
  alarm('internal'),
  alarm('internal'),
  minor,
  alarm('internal'),
  minor,
  alarm('internal'),
  // Byte 6, A5 only: current and voltage measurement, short circuit, too low to be charged (Daly UART/485 protocol V1.2).
  alarm('internal'),
  alarm('internal'),
  alarm('short_circuit'),
  alarm('low_voltage'),
];

/** What the bits of these bytes say, each name once. */
export function dalyAlarms(bytes: Iterable<number>): Required<Pick<BatteryReading, Level>> {
  const raised = [...bytes].flatMap((byte, i) =>
    Array.from({ length: 8 }, (_, bit) => (byte & (1 << bit) ? meanings[8 * i + bit] : undefined)),
  );
  const of = (level: Level): AlarmName[] => [
    ...new Set(raised.flatMap((meaning) => (meaning?.[0] === level ? meaning[1] : []))),
  ];
  return { alarms: of('alarms'), warnings: of('warnings') };
}
