// One battery: its cells as bars, and what they say together.
import type { Site } from '../../model/api/site.ts';
import { durationText, quantityText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { ageStateNow } from '../parts/reading.tsx';
import { Struck } from '../parts/struck.tsx';
import { GatewaySaid } from '../words/gateway-words.tsx';
import { t } from '../words/words.ts';
import { Bars, LineKey, type Scale } from './bars.tsx';
import type { CellMark, PackCells } from './cells-view.ts';

function Age({ pack }: { readonly pack: PackCells }) {
  const state = ageStateNow(pack.atMs);
  if (state === 'fresh') return null;
  const age = durationText(ageMs(pack.atMs, nowMs.value));
  return (
    <Badge tone={state === 'late' ? 'warn' : 'alarm'} icon="clock">
      {t('cells.old', { age })}
    </Badge>
  );
}

function End({ pack, mark }: { readonly pack: PackCells; readonly mark: CellMark }) {
  const cell = pack.cells.find((c) => c.mark === mark);
  if (!cell) return null;
  return (
    <span class="numbers">
      <span class="cell-shape" data-mark={mark} aria-hidden="true" /> {t(`cells.${mark}`)}{' '}
      <strong>{quantityText(cell.voltageV, 'V', 3)}</strong> ({cell.no})
    </span>
  );
}

export function PackCard({ pack, scale, site }: { pack: PackCells; scale: Scale; site: Site }) {
  const { lowV, highV, meanV, cells, fault } = pack;
  const isOld = ageStateNow(pack.atMs) === 'old';
  const balancing = cells.filter((c) => c.isBalancing).length;
  const delta = lowV === undefined || highV === undefined ? undefined : (highV - lowV) * 1000;
  return (
    <Card
      title={t('cells.battery', { id: pack.id })}
      class="pack-cells"
      aside={
        <span class="row">
          <Age pack={pack} />
          <strong class="lead numbers">
            <Struck isOld={isOld}>{t('cells.delta', { value: quantityText(delta, 'mV') })}</Struck>
          </strong>
        </span>
      }
    >
      {fault !== undefined && (
        <GatewaySaid as="p" class="small" within={(why) => t('cells.partial', { why })}>
          {fault}
        </GatewaySaid>
      )}
      <div class="cell-box" data-age={ageStateNow(pack.atMs)}>
        <Bars pack={pack} scale={scale} site={site} />
      </div>
      {scale === 'whole' && <LineKey site={site} />}
      <p class="row small soft">
        <Struck isOld={isOld}>
          <End pack={pack} mark="highest" />
          <End pack={pack} mark="lowest" />
          <span class="numbers">
            <span class="cell-mean" aria-hidden="true" />{' '}
            {t('cells.mean', { value: quantityText(meanV, 'V', 3) })}
          </span>
          <span>
            {balancing === 0 ? t('cells.notBalancing') : t('cells.balancingCount', { n: balancing })}
          </span>
        </Struck>
      </p>
    </Card>
  );
}
