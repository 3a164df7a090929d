// The bank as it was when an event began: a few numbers, and the cells of each battery.
import { DASH, numberText, quantityText } from '../format.ts';
import { Fact, Facts } from '../inverter/fact.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { GatewaySaid } from '../words/gateway-words.tsx';
import { t } from '../words/words.ts';
import { namedText, nameText } from './event-words.ts';
import { barHeights, type SnapshotPack, type SnapshotView } from './snapshot.ts';

const BAR = 6;
const HIGH = 32;

/** A picture beside the table that says the same. */
function Bars({
  cells,
  all,
}: {
  readonly cells: SnapshotPack['cells_V'];
  readonly all: SnapshotPack['cells_V'];
}) {
  return (
    <svg
      class="cell-bars"
      viewBox={`0 0 ${cells.length * BAR} ${HIGH}`}
      height={HIGH}
      width={cells.length * BAR}
      aria-hidden="true"
    >
      {barHeights(cells, all).map((height, i) =>
        height === null ? null : (
          <rect key={i} x={i * BAR} y={HIGH * (1 - height)} width={BAR - 2} height={HIGH * height} />
        ),
      )}
    </svg>
  );
}

const cellText = (cells: SnapshotPack['cells_V']): string =>
  cells.length === 0 ? DASH : cells.map((cell) => numberText(cell, 3)).join('  ');

type Cells = SnapshotPack['cells_V'];

const packColumns = (all: Cells): readonly Column<SnapshotPack>[] => [
  { name: t('inspector.battery'), cell: ({ id }) => id, isHead: true },
  { name: t('home.voltage'), cell: ({ voltage_V }) => quantityText(voltage_V, 'V', 2), isNumber: true },
  { name: t('home.current'), cell: ({ current_A }) => quantityText(current_A, 'A', 1), isNumber: true },
  { name: 'SoC', cell: ({ soc_pct }) => quantityText(soc_pct, '%'), isNumber: true },
  {
    name: t('events.cells'),
    cell: ({ cells_V }) => (
      <>
        <Bars cells={cells_V} all={all} />
        <span class="small numbers cell-row">{cellText(cells_V)}</span>
      </>
    ),
  },
];

const Notices = ({ notices }: Pick<SnapshotView, 'notices'>) => (
  <ul class="plain-list small">
    {notices.map((notice) => (
      <li key={notice}>
        <GatewaySaid>{notice}</GatewaySaid>
      </li>
    ))}
  </ul>
);

export const SnapshotPart = ({ view: { signals, packs, notices } }: { readonly view: SnapshotView }) => (
  <div class="stack">
    <h3>{t('events.snapshot')}</h3>
    <Facts>
      {signals.map(([name, value]) => (
        <Fact key={name} name={nameText(name)}>
          {namedText(name, value)}
        </Fact>
      ))}
    </Facts>
    {packs.length > 0 && (
      <Table
        caption={t('events.snapshotPacks')}
        hidesCaption
        rows={packs}
        keyOf={({ id }) => id}
        columns={packColumns(packs.flatMap(({ cells_V }) => cells_V))}
      />
    )}
    {notices.length > 0 && <Notices notices={notices} />}
  </div>
);
