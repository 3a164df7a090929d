// Which columns of the history stand in which chart.

export type LineColumn =
  | 'soc_pct'
  | 'power_W'
  | 'current_A'
  | 'charge_current_limit_A'
  | 'discharge_current_limit_A'
  | 'voltage_V'
  | 'charge_voltage_limit_V'
  | 'min_cell_voltage_V'
  | 'max_cell_voltage_V'
  | 'cell_delta_V'
  | 'min_cell_temperature_C'
  | 'max_cell_temperature_C'
  | 'mosfet_temperature_C';

/** `band`: the least and greatest of each step, drawn around the line. */
export interface Line {
  readonly column: LineColumn;
  readonly band?: readonly [string, string];
  /** A limit beside what was measured; `negated` where the measured one is negative. */
  readonly isLimit?: true;
  readonly isNegated?: true;
}

export interface ChartSpec {
  readonly id: 'soc' | 'voltage' | 'current' | 'power' | 'cells' | 'spread' | 'temperature';
  readonly unit: '%' | 'V' | 'A' | 'W' | 'mV' | '°C';
  readonly lines: readonly Line[];
}

const around = (name: LineColumn): Line => ({ column: name, band: [`min_${name}`, `max_${name}`] });

export const charts: readonly ChartSpec[] = [
  { id: 'soc', unit: '%', lines: [around('soc_pct')] },
  { id: 'power', unit: 'W', lines: [around('power_W')] },
  {
    id: 'current',
    unit: 'A',
    lines: [
      around('current_A'),
      { column: 'charge_current_limit_A', isLimit: true },
      { column: 'discharge_current_limit_A', isLimit: true, isNegated: true },
    ],
  },
  {
    id: 'voltage',
    unit: 'V',
    lines: [around('voltage_V'), { column: 'charge_voltage_limit_V', isLimit: true }],
  },
  { id: 'cells', unit: 'V', lines: [{ column: 'min_cell_voltage_V' }, { column: 'max_cell_voltage_V' }] },
  { id: 'spread', unit: 'mV', lines: [{ column: 'cell_delta_V' }] },
  {
    id: 'temperature',
    unit: '°C',
    lines: [
      { column: 'min_cell_temperature_C' },
      { column: 'max_cell_temperature_C' },
      { column: 'mosfet_temperature_C' },
    ],
  },
];

const columnsOf = ({ lines }: ChartSpec): string[] =>
  lines.flatMap(({ column, band = [] }) => [column, ...band]);

/** Beside the charts, for the sums of the window. */
export const energyColumns = ['energy_charged_kWh', 'energy_discharged_kWh'] as const;

export const allColumns: readonly string[] = [...new Set([...charts.flatMap(columnsOf), ...energyColumns])];

/** Undefined when none of them is known: nothing is not zero. */
export function sumOf(values: readonly (number | null)[] | undefined): number | undefined {
  const known = (values ?? []).filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined;
}
