// Every cell of every battery.
import { computed, signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Live, LivePack } from '../../model/api/live.ts';
import { live } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { Choices } from '../parts/choices.tsx';
import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import type { Scale } from './bars.tsx';
import { CellTable } from './cell-table.tsx';
import { MOST_BARS, type PackCells, packCells } from './cells-view.ts';
import { HeatMap } from './heat-map.tsx';
import { PackCard } from './pack-card.tsx';
import { Readout } from './readout.tsx';
import { SpreadCard } from './spread-card.tsx';

type View = 'bars' | 'map' | 'table';

const chosenView = signal<View | undefined>(undefined);
const scale = signal<Scale>('near');
const cellCount = computed(() => site.value?.batteries.reduce((sum, { cells }) => sum + cells, 0) ?? 0);
const view = computed((): View => chosenView.value ?? (cellCount.value > MOST_BARS ? 'map' : 'bars'));

/** What did not change stays the same object, so that its bars are left alone. */
function usePackCells(all: Live): readonly PackCells[] {
  const known = useRef(new Map<string, readonly [LivePack, PackCells]>());
  return Object.entries(all.packs).flatMap(([id, pack]) => {
    const was = known.current.get(id);
    const made = was?.[0] === pack ? was[1] : packCells(id, pack);
    known.current.set(id, [pack, made]);
    return made.cells.length > 0 ? [made] : [];
  });
}

const Switches = () => (
  <div class="row">
    <Choices
      label={t('cells.view')}
      value={view.value}
      options={[
        ['bars', t('cells.bars')],
        ['map', t('cells.map')],
        ['table', t('cells.table')],
      ]}
      onValue={(chosen) => {
        chosenView.value = chosen;
      }}
    />
    {view.value === 'bars' && (
      <Choices
        label={t('cells.scale')}
        value={scale.value}
        options={[
          ['near', t('cells.near')],
          ['whole', t('cells.whole')],
        ]}
        onValue={(chosen) => {
          scale.value = chosen;
        }}
      />
    )}
  </div>
);

function Shown({ packs }: { readonly packs: readonly PackCells[] }) {
  const made = site.value;
  if (!made) return null;
  if (view.value === 'table')
    return (
      <Card title={t('cells.table')}>
        <CellTable packs={packs} />
      </Card>
    );
  if (view.value === 'map')
    return (
      <Card title={t('cells.map')}>
        <HeatMap packs={packs} />
      </Card>
    );
  return (
    <div class="pack-grid">
      {packs.map((pack) => (
        <PackCard key={pack.id} pack={pack} scale={scale.value} site={made} />
      ))}
    </div>
  );
}

/** Batteries that have told no cell yet: not there is not the same as not set up. */
function Silent({ all, packs }: { readonly all: Live; readonly packs: readonly PackCells[] }) {
  const silent = Object.keys(all.packs).filter((id) => !packs.some((pack) => pack.id === id));
  if (silent.length === 0) return null;
  return (
    <p>
      <Badge tone="alarm" icon="broken">
        {t('cells.silent', { ids: silent.join(', ') })}
      </Badge>
    </p>
  );
}

function Content({ all }: { readonly all: Live }) {
  const packs = usePackCells(all);
  if (packs.length === 0) return <Empty icon="cells">{t('cells.none')}</Empty>;
  return (
    <>
      <Switches />
      {view.value !== 'table' && <Readout packs={packs} />}
      <Silent all={all} packs={packs} />
      <Shown packs={packs} />
      <SpreadCard />
    </>
  );
}

export const Screen = () => (
  <Frame title={t('cells.title')}>
    {live.value ? <Content all={live.value} /> : <Empty icon="cells">{t('cells.none')}</Empty>}
  </Frame>
);
