// The cells of one battery as bars on an axis of their own.
import { useMemo } from 'preact/hooks';
import type { Site } from '../../model/api/site.ts';
import { numberText, quantityText } from '../format.ts';
import { t } from '../words/words.ts';
import { type Cell, heightIn, type PackCells, type Window, windowOf } from './cells-view.ts';
import { cellAt, chosen, placeOf, strideOf } from './chosen.ts';
import { cellText } from './readout.tsx';

export type Scale = 'near' | 'whole';

interface BarsProps {
  readonly pack: PackCells;
  readonly scale: Scale;
  readonly site: Site;
}

const percent = (value: number): string => `${value.toFixed(2)}%`;

type LineKind = 'mean' | 'trip' | 'envelope';

/** Where lines lie; what they are stands below, where it can be read. */
function linesOf({ pack, scale, site }: BarsProps): readonly (readonly [LineKind, number])[] {
  const mean = pack.meanV === undefined ? [] : [['mean', pack.meanV] as const];
  if (scale === 'near') return mean;
  const { cell_max_V, cell_min_V } = site.envelope;
  const trips = site.cell_range_V.map((voltageV) => ['trip', voltageV] as const);
  return [...mean, ...trips, ['envelope', cell_max_V], ['envelope', cell_min_V]];
}

/** What the lines of the whole scale are. */
export const LineKey = ({ site }: { readonly site: Site }) => {
  const { cell_max_V, cell_min_V } = site.envelope;
  const [under, over] = site.cell_range_V;
  const range = (low: number, high: number) => ({
    min: quantityText(low, 'V', 2),
    max: quantityText(high, 'V', 2),
  });
  return (
    <p class="row small soft numbers">
      <span>
        <span class="cell-key" data-kind="trip" /> {t('cells.trips', range(under, over))}
      </span>
      <span>
        <span class="cell-key" data-kind="envelope" /> {t('cells.envelope', range(cell_min_V, cell_max_V))}
      </span>
    </p>
  );
};

const Bar = ({ cell, frame, isChosen }: { cell: Cell; frame: Window; isChosen: boolean }) => (
  <span
    class="cell-bar"
    data-mark={cell.mark}
    data-chosen={isChosen ? '' : undefined}
    data-balancing={cell.isBalancing ? '' : undefined}
  >
    {cell.voltageV !== undefined && (
      <span class="cell-fill" style={{ height: percent(Math.max(1, heightIn(frame, cell.voltageV))) }}>
        {cell.mark && <span class="cell-shape" data-mark={cell.mark} />}
      </span>
    )}
  </span>
);

/** Past so many only each fourth number has room. */
const NUMBERED = 16;

const Numbers = ({ cells }: { readonly cells: readonly Cell[] }) => (
  <div class="cell-numbers" aria-hidden="true">
    {cells.map(({ no, isBalancing }) => (
      <span key={no}>
        {cells.length <= NUMBERED || no === 1 || no % 4 === 0 ? no : ''}
        {isBalancing && <span class="cell-dot" />}
      </span>
    ))}
  </div>
);

function Drawn(props: BarsProps & { readonly chosenCell: number | undefined }) {
  const { pack, scale, site, chosenCell } = props;
  const frame = windowOf(pack, scale, site.cell_range_V);
  const digits = scale === 'near' ? 3 : 2;
  return (
    <>
      <div class="cell-axis numbers" aria-hidden="true">
        {[frame.maxV, (frame.maxV + frame.minV) / 2, frame.minV].map((v) => (
          <span key={v}>{numberText(v, digits)}</span>
        ))}
      </div>
      <div class="cell-area">
        {linesOf(props).map(([kind, voltageV]) => (
          <span
            key={`${kind} ${voltageV}`}
            class="cell-line"
            data-kind={kind}
            style={{ bottom: percent(heightIn(frame, voltageV)) }}
          />
        ))}
        {pack.cells.map((cell) => (
          <Bar key={cell.no} cell={cell} frame={frame} isChosen={cell.no === chosenCell} />
        ))}
      </div>
      <Numbers cells={pack.cells} />
    </>
  );
}

/** The chosen cell, where it is one of this battery. */
const ownOf = (pack: PackCells): number | undefined =>
  chosen.value?.pack === pack.id ? chosen.value.cell : undefined;

function choose(pack: PackCells, place: number): void {
  chosen.value = cellAt([pack], place);
}

function walk(event: KeyboardEvent, pack: PackCells): void {
  const by = strideOf(event.key, 1);
  if (by === undefined) return;
  event.preventDefault();
  const own = ownOf(pack);
  choose(pack, (own === undefined ? -1 : placeOf([pack], { pack: pack.id, cell: own })) + by);
}

/** A second tap lets a cell go. */
function tap(plot: Element, clientX: number, pack: PackCells): void {
  const area = plot.querySelector('.cell-area')?.getBoundingClientRect();
  if (!area) return;
  const place = Math.floor(((clientX - area.left) / area.width) * pack.cells.length);
  if (place + 1 === ownOf(pack)) chosen.value = undefined;
  else choose(pack, place);
}

export function Bars(props: BarsProps) {
  const { pack } = props;
  const own = ownOf(pack);
  const now = pack.cells[(own ?? 1) - 1];
  // `props` is new each time, its members are not.
  const drawn = useMemo(() => <Drawn {...props} chosenCell={own} />, [pack, props.scale, props.site, own]);
  return (
    <div
      class="cell-plot"
      role="slider"
      tabIndex={0}
      data-no-swipe
      aria-label={t('cells.battery', { id: pack.id })}
      aria-valuemin={1}
      aria-valuemax={pack.cells.length}
      aria-valuenow={own ?? 1}
      aria-valuetext={now && cellText(pack, now)}
      onKeyDown={(event) => walk(event, pack)}
      onPointerDown={({ currentTarget, clientX }) => tap(currentTarget, clientX, pack)}
    >
      {drawn}
    </div>
  );
}
