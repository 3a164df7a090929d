import { agesFor } from '../bank/config.ts';
import { knownChemistry } from './chemistry-files.ts';
import type { Check } from './schema.ts';

/** The envelope lies inside what the cells of this chemistry bear, and leaves room between full and empty. */
export const envelopeRange: Check = ({ value: { bank }, problemAt }) => {
  const chemistry = knownChemistry(bank.chemistry);
  if (typeof chemistry === 'string') return [];
  const { cell_max_V: max, cell_min_V: min } = bank.envelope;
  const edge = (key: 'cell_max_V' | 'cell_min_V', text: string) => [
    problemAt(['bank', 'envelope', key], text),
  ];
  return [
    ...(max > chemistry.overVoltageV
      ? edge(
          'cell_max_V',
          `${max} V is above ${chemistry.overVoltageV} V, the end of ${chemistry.name}; lower it`,
        )
      : []),
    ...(min < chemistry.underVoltageV
      ? edge(
          'cell_min_V',
          `${min} V is below ${chemistry.underVoltageV} V, the end of ${chemistry.name}; raise it`,
        )
      : []),
    ...(min >= max
      ? edge('cell_min_V', `${min} V is not below \`cell_max_V\` (${max} V); correct one of them`)
      : []),
    ...(max <= chemistry.emptyV
      ? edge(
          'cell_max_V',
          `${max} V leaves nothing above ${chemistry.emptyV} V, where ${chemistry.name} is empty; raise it`,
        )
      : []),
    ...(min >= chemistry.bulkV
      ? edge(
          'cell_min_V',
          `${min} V leaves nothing below ${chemistry.bulkV} V, where ${chemistry.name} is full; lower it`,
        )
      : []),
  ];
};

export const poll: Check = ({ value: { bluetooth }, problemAt }) =>
  bluetooth.poll >= 1000 && bluetooth.poll <= 5000
    ? []
    : [
        problemAt(
          ['bluetooth', 'poll'],
          'the poll period is 1s to 5s; the promise on stale data rests on it',
        ),
      ];

/** Ages may be shortened, never lengthened, except discharge up to 60 s. */
export const ages: Check = ({ value: { bank, bluetooth }, problemAt }) => {
  const longest = agesFor(bluetooth.poll);
  const { late, lost, ramp, frozen_after, discharge_stale_after } = bank.freshness ?? {};
  const beyond = (key: string, ms: number | undefined, least: number, most: number) =>
    ms === undefined || (ms >= least && ms <= most)
      ? []
      : [
          problemAt(
            ['bank', 'freshness', key],
            `\`${key}\` is ${least / 1000}s to ${most / 1000}s; ages may be shortened, not lengthened`,
          ),
        ];
  const lateMs = late ?? longest.lateMs;
  return [
    ...beyond('late', late, 3 * bluetooth.poll, longest.lateMs),
    ...beyond('ramp', ramp, 1000, longest.rampMs),
    ...beyond('lost', lost, lateMs + (ramp ?? longest.rampMs), longest.lostMs),
    ...beyond('frozen_after', frozen_after, 60_000, longest.frozenAfterMs),
    ...beyond('discharge_stale_after', discharge_stale_after, lateMs, 60_000),
  ];
};
