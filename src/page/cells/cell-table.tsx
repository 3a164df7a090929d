// The same cells as a table: for who reads by ear, to be copied, and as CSV.
import { numberText, quantityText } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { csvText } from '../parts/csv.ts';
import { download } from '../parts/download.ts';
import { Table } from '../parts/table.tsx';
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

/** Names and units of the catalogue's manner, so that a script may read it. */
const csvOf = (packs: readonly PackCells[]): string =>
  csvText(
    ['battery', 'cell', 'cell_voltage_V', 'mark', 'balancing'],
    rowsOf(packs).map(({ pack, cell }) => [pack.id, cell.no, cell.voltageV, cell.mark, cell.isBalancing]),
  );

const copyOf = (packs: readonly PackCells[]): string =>
  rowsOf(packs)
    .map(({ pack, cell }) => [pack.id, cell.no, numberText(cell.voltageV, 3), marksOf(cell)].join('\t'))
    .join('\n');

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
      columns={[
        { name: t('home.batteries'), cell: ({ pack }) => pack.id },
        { name: t('cells.title'), isHead: true, cell: ({ cell }) => t('cells.cell', { n: cell.no }) },
        {
          name: t('cells.voltage'),
          isNumber: true,
          cell: ({ cell }) => quantityText(cell.voltageV, 'V', 3),
        },
        { name: t('cells.mark'), cell: ({ cell }) => marksOf(cell) },
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
      ]}
    />
  </>
);
