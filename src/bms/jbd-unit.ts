import { wordOf } from '../bytes/bits.ts';
import { countsOf, inRow, shapes, writeField, writeFields, writeRow } from '../bytes/field.ts';
import type { AlarmName } from '../model/alarms.ts';
import type { BatteryReading } from '../model/battery.ts';
import * as at from './jbd-fields.ts';
import { dataOf, frameOf, jbdFraming, READ, STATUS_DONE, STATUS_REFUSED } from './jbd-frame.ts';

/** The other side: what a JBD unit answers. For the demo and for the units of the tests; written with the decoder's tables. */

const wordOfNames = (names: readonly AlarmName[], bits: readonly (AlarmName | undefined)[]): number =>
  wordOf(names.map((name) => bits.indexOf(name) + 1).filter((bit) => bit > 0));

/** The unit flag is set when an ampere or ampere-hour is too large to count in hundredths. */
function unitOf(pack: BatteryReading): 1 | 10 {
  const fits = Object.entries(at.amperes(1)).every(([name, field]) => {
    // Object.entries forgets that these keys are the table's own.
    const value = pack[name as keyof ReturnType<typeof at.amperes>] ?? 0;
    const { min, max } = shapes[field.as];
    return countsOf(field, value) >= min && countsOf(field, value) <= max;
  });
  return fits ? 1 : 10;
}

function statesOf(pack: BatteryReading, unit: 1 | 10) {
  const { balancingCells = [], alarms = [], chargeFet, dischargeFet, blockedBySoftware } = pack;
  return {
    balance1to16: wordOf(balancingCells.filter((cell) => cell <= 16)),
    balance17to32: wordOf(balancingCells.filter((cell) => cell > 16).map((cell) => cell - 16)),
    protection: wordOfNames(alarms, at.protectionNames) + (blockedBySoftware ? at.SOFTWARE_LOCK : 0),
    fets:
      (chargeFet ? at.CHARGE_FET : 0) |
      (dischargeFet ? at.DISCHARGE_FET : 0) |
      (unit === 10 ? at.UNIT_FLAG : 0),
    cellCount: pack.cellVoltagesV?.length ?? 0,
    sensorCount: pack.temperaturesC?.length ?? 0,
  };
}

/** A sensor without a value is written as raw 0 (−273.1 °C), which no reader believes. Warnings need the longer layout. */
function basicOf(pack: BatteryReading): Uint8Array {
  const { temperaturesC = [], warnings } = pack;
  const unit = unitOf(pack);
  const sensors = 2 * temperaturesC.length;
  const data = new Uint8Array(at.BASIC_BYTES + sensors + (warnings ? at.EXTENSION_BYTES : 0));
  writeFields(data, at.basic, pack);
  writeFields(data, at.amperes(unit), pack);
  writeFields(data, at.states, statesOf(pack, unit));
  temperaturesC.forEach((celsius, i) => {
    if (celsius !== undefined) writeField(data, inRow(at.sensor, i), celsius);
  });
  if (warnings)
    writeField(data, at.warningBits(temperaturesC.length), wordOfNames(warnings, at.warningNames));
  return data;
}

function cellsOf({ cellVoltagesV = [] }: BatteryReading): Uint8Array {
  const data = new Uint8Array(2 * cellVoltagesV.length);
  writeRow(data, at.cell, cellVoltagesV);
  return data;
}

const nameOf = ({ name = '' }: BatteryReading): Uint8Array => new TextEncoder().encode(name).subarray(0, 31);

const dataOfRegister: { readonly [register: number]: (pack: BatteryReading) => Uint8Array } = {
  [at.BASIC]: basicOf,
  [at.CELLS]: cellsOf,
  [at.NAME]: nameOf,
};

/**
 * The answer of a unit with these readings, as one frame. It refuses what it does not know and every write; it is silent to
 * what is no whole intact request (BLE reference 1.2).
 */
export function jbdAnswer(pack: BatteryReading, request: Uint8Array): Uint8Array | undefined {
  if (jbdFraming.measure(request) !== request.length || !jbdFraming.intact(request)) return undefined;
  const [, direction, register = 0] = request;
  const read = direction === READ && dataOf(request).length === 0 ? dataOfRegister[register] : undefined;
  return read ? frameOf(register, STATUS_DONE, read(pack)) : frameOf(register, STATUS_REFUSED);
}

/** A frame in the pieces in which the radio sends it: an MTU of 23 leaves 20 bytes each (BLE reference 1.1). */
export const inNotifications = (frame: Uint8Array, size = 20): Uint8Array[] =>
  Array.from({ length: Math.ceil(frame.length / size) }, (_, i) => frame.slice(i * size, (i + 1) * size));
