// The same cells as a table: for who reads by ear, to be copied, and as CSV.
import { durationText, numberText, quantityText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { csvText } from '../parts/csv.ts';
import { download } from '../parts/download.ts';
import { ageStateNow } from '../parts/reading.tsx';
import { Struck } from '../parts/struck.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { t } from '../words/words.ts';
import type { Cell, PackCells } from './cells-view.ts';
import { pastOf } from './collected.ts';

interface CellRow {
  readonly pack: PackCells;
  readonly cell: Cell;
}

const rowsOf = (packs: readonly PackCells[]): readonly CellRow[] =>
  packs.flatMap((pack) => pack.cells.map((cell) => ({ pack, cell })));

const marksOf = ({ mark, isBalancing }: Cell): string =>
  [mark && t(`cells.${mark}`), isBalancing && t('cells.balancing')].filter(Boolean).join(', ');

const isOld = ({ atMs }: PackCells): boolean => ageStateNow(atMs) === 'old';

/** To a tenth. */
function ageS({ atMs }: PackCells): number | undefined {
  const age = ageMs(atMs, nowMs.value);
  return age === undefined ? undefined : Math.round(age / 100) / 10;
}

/** Names and units of the catalogue's manner, so that a script may read it. */
const csvOf = (packs: readonly PackCells[]): string =>
  csvText(
    ['battery', 'cell', 'cell_voltage_V', 'mark', 'balancing', 'data_age_s'],
    rowsOf(packs).map(({ pack, cell }) => [
      pack.id,
      cell.no,
      cell.voltageV,
      cell.mark,
      cell.isBalancing,
      ageS(pack),
    ]),
  );

const copyOf = (packs: readonly PackCells[]): string =>
  rowsOf(packs)
    .map(({ pack, cell }) =>
      [
        pack.id,
        cell.no,
        numberText(cell.voltageV, 3),
        marksOf(cell),
        durationText(ageMs(pack.atMs, nowMs.value)),
      ].join('\t'),
    )
    .join('\n');

/** In the language of now. */
const columns = (): readonly Column<CellRow>[] => [
  { name: t('home.batteries'), cell: ({ pack }) => pack.id },
  { name: t('cells.title'), isHead: true, cell: ({ cell }) => t('cells.cell', { n: cell.no }) },
  {
    name: t('cells.voltage'),
    isNumber: true,
    cell: ({ pack, cell }) => <Struck isOld={isOld(pack)}>{quantityText(cell.voltageV, 'V', 3)}</Struck>,
  },
  {
    name: t('cells.mark'),
    cell: ({ pack, cell }) => <Struck isOld={isOld(pack)}>{marksOf(cell)}</Struck>,
  },
  {
    name: t('shell.age'),
    isNumber: true,
    cell: ({ pack }) => durationText(ageMs(pack.atMs, nowMs.value)),
  },
  {
    name: t('cells.min'),
    isNumber: true,
    cell: ({ pack, cell }) => quantityText(pastOf(pack.id, cell.no)?.lowV, 'V', 3),
  },
  {
    name: t('cells.max'),
    isNumber: true,
    cell: ({ pack, cell }) => quantityText(pastOf(pack.id, cell.no)?.highV, 'V', 3),
  },
];

export const CellTable = ({ packs }: { readonly packs: readonly PackCells[] }) => (
  <>
    <div class="row">
      <CopyButton text={() => copyOf(packs)} />
      <Button
        icon="download"
        isLocal
        onClick={() => download('cells.csv', csvOf(packs), 'text/csv;charset=utf-8')}
      >
        {t('parts.csv')}
      </Button>
    </div>
    <Table
      caption={t('cells.title')}
      hidesCaption
      rows={rowsOf(packs)}
      keyOf={({ pack, cell }) => `${pack.id}/${cell.no}`}
      columns={columns()}
    />
  </>
);
