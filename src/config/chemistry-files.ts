import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Chemistry } from '../bank/chemistry.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import { readDocument, z } from '../profile/document.ts';
import { readText } from './files.ts';
import { shippedProfiles } from './profile-paths.ts';

const volts = z.number().min(0.5).max(5);
const factor = z.number().min(0).max(1);
const curve = z
  .array(z.tuple([z.number(), factor]))
  .min(1)
  .refine((points) => points.every(([x], i) => x > (points[i - 1]?.[0] ?? Number.NEGATIVE_INFINITY)), {
    error: 'the points of a curve are [x, factor] with x rising; put them in order',
  });

const schema = z
  .strictObject({
    name: z.string(),
    evidence: z.enum(['vendor', 'capture', 'field', 'inferred']),
    nominal_V: volts.optional(),
    bulk_V: volts,
    float_V: volts,
    rebulk_V: volts,
    empty_V: volts,
    over_voltage_V: volts,
    under_voltage_V: volts,
    blind_below_V: z.number().min(0.1).max(5),
    near_full_V: volts,
    near_empty_V: volts,
    healthy_V: volts,
    tail: z.strictObject({ start_V: volts, full_V: volts }),
    charge_by_highest_cell_V: curve,
    discharge_by_lowest_cell_V: curve,
    charge_by_temperature_C: curve,
    discharge_by_temperature_C: curve,
    by_mosfet_temperature_C: curve,
    charge_by_soc_pct: curve,
    discharge_by_soc_pct: curve,
  })
  .refine(
    (c) =>
      inOrder(
        c.blind_below_V,
        c.under_voltage_V,
        c.empty_V,
        c.rebulk_V,
        c.float_V,
        c.bulk_V,
        c.over_voltage_V,
      ),
    {
      error:
        'voltages must rise: blind_below, under_voltage, empty, rebulk, float, bulk, over_voltage; correct their order',
    },
  );

function inOrder(...values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > (values[i - 1] ?? value));
}

const chemistryOf = (c: z.output<typeof schema>): Chemistry => ({
  name: c.name,
  ...(c.nominal_V !== undefined && { nominalV: c.nominal_V }),
  bulkV: c.bulk_V,
  floatV: c.float_V,
  rebulkV: c.rebulk_V,
  emptyV: c.empty_V,
  overVoltageV: c.over_voltage_V,
  underVoltageV: c.under_voltage_V,
  blindBelowV: c.blind_below_V,
  nearFullV: c.near_full_V,
  nearEmptyV: c.near_empty_V,
  healthyCellV: c.healthy_V,
  tail: { startV: c.tail.start_V, fullV: c.tail.full_V },
  chargeByHighestCellV: c.charge_by_highest_cell_V,
  dischargeByLowestCellV: c.discharge_by_lowest_cell_V,
  chargeByTemperatureC: c.charge_by_temperature_C,
  dischargeByTemperatureC: c.discharge_by_temperature_C,
  byMosfetTemperatureC: c.by_mosfet_temperature_C,
  chargeBySocPct: c.charge_by_soc_pct,
  dischargeBySocPct: c.discharge_by_soc_pct,
});

const folder = join(shippedProfiles, 'chemistry');

/** Names of the presets that came with this installation. */
export const chemistryNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** A preset by name, or a file of the installer's own by path. Throws REFUSED or DOCUMENT_INVALID. */
export function loadChemistry(nameOrPath: string): Chemistry {
  const path = nameOrPath.includes('/') ? nameOrPath : join(folder, `${nameOrPath}.yaml`);
  if (path !== nameOrPath && !existsSync(path))
    throw new GatewayError('REFUSED', {
      message: `chemistry \`${nameOrPath}\` is not known; known are: ${chemistryNames().join(', ')}`,
    });
  const read = readDocument(path, readText(path), schema);
  if ('problems' in read) throw new GatewayError('DOCUMENT_INVALID', { problems: read.problems });
  return chemistryOf(read.value);
}

/** The chemistry, or the sentence that says why there is none. */
export function knownChemistry(nameOrPath: string): Chemistry | string {
  try {
    return loadChemistry(nameOrPath);
  } catch (error) {
    return sentence(error);
  }
}
