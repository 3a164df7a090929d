/** The one list of alarm and warning names (CAN reference, section 2; design, section 4). */
export const alarmNames = [
  'general',
  'high_voltage',
  'low_voltage',
  'cell_high_voltage',
  'cell_low_voltage',
  'high_temperature',
  'low_temperature',
  'high_temperature_charge',
  'low_temperature_charge',
  'mosfet_high_temperature',
  'high_charge_current',
  'high_discharge_current',
  'short_circuit',
  'contactor',
  'cell_imbalance',
  'module_high_voltage',
  'module_low_voltage',
  'low_soc',
  'internal',
] as const;

export type AlarmName = (typeof alarmNames)[number];

/** What the gateway itself finds wrong, apart from the batteries (RS485 reference, section 5, register 0x010E). */
export const faultNames = [
  'data_stale',
  'bms_link_down',
  'pack_missing',
  'configuration_error',
  'inverter_heartbeat_lost',
  'aggregation_conflict',
  'restarted',
] as const;

export type FaultName = (typeof faultNames)[number];

/** Errors of the high-voltage families (CAN reference, section 2: bits 0 to 7 of 0x4250 byte 3). */
export const errorNames = [
  'error_voltage_sensor',
  'error_temperature_sensor',
  'error_internal_comm',
  'error_input_overvoltage',
  'error_reverse_polarity',
  'error_relay',
  'error_battery_damage',
  'error_other',
] as const;

export type ErrorName = (typeof errorNames)[number];
