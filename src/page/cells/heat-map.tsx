// All cells of all batteries by colour: orange is below the mean, blue above it; the lowest and highest have a shape as well.
import { useMemo } from 'preact/hooks';
import { durationText, quantityText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { ageStateNow } from '../parts/reading.tsx';
import { Struck } from '../parts/struck.tsx';
import { t } from '../words/words.ts';
import { HEATS, heatOf, type PackCells, reachOf } from './cells-view.ts';
import { type Chosen, cellAt, chosen, placeOf, strideOf } from './chosen.ts';
import { cellText } from './readout.tsx';

interface RowProps {
  readonly pack: PackCells;
  readonly meanV: number;
  readonly reachV: number;
  readonly chosenCell: number | undefined;
  readonly age: string | undefined;
}

const Squares = ({ pack, meanV, reachV, chosenCell }: Omit<RowProps, 'age'>) => (
  <div class="heat-cells" data-pack={pack.id}>
    {pack.cells.map(({ no, voltageV, mark, isBalancing }) => (
      <span
        key={no}
        class="heat-cell"
        data-cell={no}
        data-heat={voltageV === undefined ? 'none' : heatOf(voltageV, meanV, reachV)}
        data-chosen={no === chosenCell ? '' : undefined}
      >
        {mark && <span class="cell-shape" data-mark={mark} />}
        {isBalancing && <span class="cell-dot" />}
      </span>
    ))}
  </div>
);

/** Only of what is old: a row of a fresh battery is drawn as seldom as its cells move. */
const oldAge = ({ atMs }: PackCells): string | undefined =>
  ageStateNow(atMs) === 'old' ? durationText(ageMs(atMs, nowMs.value)) : undefined;

/** Drawn anew only when something of its own has changed. */
function Row({ pack, meanV, reachV, chosenCell, age }: RowProps) {
  return useMemo(
    () => (
      <div class="heat-row" data-age={age === undefined ? undefined : 'old'}>
        <span class="heat-name small">
          <Struck isOld={age !== undefined}>{pack.id}</Struck>
          {age !== undefined && <span class="soft"> {t('cells.old', { age })}</span>}
        </span>
        <Squares pack={pack} meanV={meanV} reachV={reachV} chosenCell={chosenCell} />
      </div>
    ),
    [pack, meanV, reachV, chosenCell, age],
  );
}

function pointed(target: EventTarget | null): Chosen | undefined {
  if (!(target instanceof HTMLElement)) return undefined;
  const pack = target.closest<HTMLElement>('[data-pack]')?.dataset.pack;
  const cell = Number(target.closest<HTMLElement>('[data-cell]')?.dataset.cell);
  return pack !== undefined && cell > 0 ? { pack, cell } : undefined;
}

const ROW = 16;
const heats = Array.from({ length: 2 * HEATS + 1 }, (_, i) => i - HEATS);

const Legend = ({ meanV, reachV }: { readonly meanV: number; readonly reachV: number }) => (
  <div class="heat-legend row small numbers">
    <span>{quantityText(meanV - reachV, 'V', 3)}</span>
    <span class="heat-scale" aria-hidden="true">
      {heats.map((heat) => (
        <span key={heat} class="heat-cell" data-heat={heat} />
      ))}
    </span>
    <span>{quantityText(meanV + reachV, 'V', 3)}</span>
    <span class="heat-key">
      <span class="heat-cell" data-heat={-HEATS}>
        <span class="cell-shape" data-mark="lowest" />
      </span>
      {t('cells.lowest')}
    </span>
    <span class="heat-key">
      <span class="heat-cell" data-heat={HEATS}>
        <span class="cell-shape" data-mark="highest" />
      </span>
      {t('cells.highest')}
    </span>
    <span class="heat-key">
      <span class="heat-cell" data-heat={0}>
        <span class="cell-dot" />
      </span>
      {t('cells.balancing')}
    </span>
  </div>
);

function walk(event: KeyboardEvent, packs: readonly PackCells[]): void {
  const by = strideOf(event.key, ROW);
  if (by === undefined) return;
  event.preventDefault();
  const now = chosen.value;
  chosen.value = cellAt(packs, (now ? placeOf(packs, now) : -1) + by);
}

/** A second tap lets a cell go. */
function tap(target: EventTarget | null): void {
  const [now, next] = [chosen.value, pointed(target)];
  if (next) chosen.value = next.pack === now?.pack && next.cell === now.cell ? undefined : next;
}

/** Where the cursor stands, counted from 0 over all cells, and what is read there. */
function cursorOf(packs: readonly PackCells[]) {
  const place = chosen.value ? placeOf(packs, chosen.value) : 0;
  const at = cellAt(packs, place);
  const pack = packs.find(({ id }) => id === at?.pack);
  const cell = pack?.cells[(at?.cell ?? 1) - 1];
  return { place, text: pack && cell && cellText(pack, cell) };
}

export function HeatMap({ packs }: { readonly packs: readonly PackCells[] }) {
  const { meanV, reachV } = reachOf(packs);
  // To the millivolt, so that a row is left alone as long as its own cells do not move.
  const [mean, reach] = [Math.round(meanV * 1000) / 1000, Math.round(reachV * 1000) / 1000];
  const now = chosen.value;
  const count = packs.reduce((sum, { cells }) => sum + cells.length, 0);
  const { place, text } = cursorOf(packs);
  return (
    <>
      <div
        class="heat-map"
        role="slider"
        tabIndex={0}
        data-no-swipe
        aria-label={t('cells.map')}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuenow={place + 1}
        aria-valuetext={text}
        onKeyDown={(event) => walk(event, packs)}
        onPointerDown={({ target }) => tap(target)}
      >
        {packs.map((p) => (
          <Row
            key={p.id}
            pack={p}
            meanV={mean}
            reachV={reach}
            chosenCell={now?.pack === p.id ? now.cell : undefined}
            age={oldAge(p)}
          />
        ))}
      </div>
      {packs.some(({ meanV: known }) => known !== undefined) && <Legend meanV={mean} reachV={reach} />}
    </>
  );
}
