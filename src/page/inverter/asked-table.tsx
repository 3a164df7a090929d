// What masters ask of us, and what was refused.
import type { LiveWire } from '../../model/api/live.ts';
import type { Asked } from '../../model/wire-health.ts';
import { addressText, span } from '../../profile/describe.ts';
import { DASH, numberText } from '../format.ts';
import { type Column, Table } from '../parts/table.tsx';
import { t } from '../words/words.ts';
import { commandText, hasCommands } from './command.ts';

const rangeText = ({ first, quantity }: Asked): string => {
  if (first === undefined) return DASH;
  const last = first + Math.max(1, quantity ?? 1) - 1;
  return first === last ? addressText(first) : `${addressText(first)}–${addressText(last)}`;
};

const refusedText = ({ refused, exception }: Asked): string =>
  refused === 0
    ? '0'
    : exception === undefined
      ? numberText(refused)
      : t('inverter.refusedWith', { n: refused, code: exception });

/** Of Modbus. */
const registers = (): readonly Column<Asked>[] => [
  { name: t('inverter.range'), cell: (row) => <code>{rangeText(row)}</code>, isHead: true },
  {
    name: t('inverter.decimal'),
    cell: (row) =>
      row.first === undefined ? DASH : span(row.first, row.first + Math.max(1, row.quantity ?? 1) - 1),
  },
  { name: t('inverter.function'), cell: ({ code }) => code, isNumber: true },
];

/** Of a codec, whose questions have no registers. */
const commands = (kind: LiveWire['kind']): readonly Column<Asked>[] => [
  {
    name: t('inverter.command'),
    cell: ({ code }) => <code>{commandText(kind, code)}</code>,
    isHead: true,
  },
];

const columns = (kind: LiveWire['kind']): readonly Column<Asked>[] => [
  ...(hasCommands(kind) ? commands(kind) : registers()),
  { name: t('inverter.unit'), cell: ({ unit }) => unit, isNumber: true },
  { name: t('inverter.times'), cell: ({ count }) => numberText(count), isNumber: true },
  { name: t('inverter.refused'), cell: refusedText, isNumber: true },
];

export const AskedTable = ({ asked, kind }: Pick<LiveWire, 'asked' | 'kind'>) => (
  <Table
    caption={t('inverter.asked')}
    columns={columns(kind)}
    rows={asked}
    keyOf={({ unit, code, first, quantity }) => `${unit} ${code} ${first} ${quantity}`}
  />
);
