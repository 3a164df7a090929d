// The spread of the bank over time, as three figures and a curve.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PastCourse } from '../../model/api/past.ts';
import { ask, isRefused } from '../ask.ts';
import { Chart } from '../chart/chart.tsx';
import type { ChartSpec } from '../chart/spec.ts';
import { durationText, quantityText } from '../format.ts';
import { browserNowMs, live, wallMs } from '../live/connection.ts';
import { numberOf } from '../live/values.ts';
import { Card } from '../parts/card.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { openedAtMs, type SpreadAt, STEP_MS, spreads } from './collected.ts';
import { figuresOf, type Spell, spellOf, spells } from './spread.ts';

const DAY_MS = 86_400_000;
const COLUMNS = ['cell_delta_V', 'current_A', 'voltage_V', 'charge_voltage_limit_V'];

/** Rows of the history as moments; the capacity is that of now. */
export function momentsOf({ at_ms, values }: PastCourse, capacityAh: number | undefined): SpreadAt[] {
  const of = (name: string, i: number) => values[name]?.[i] ?? undefined;
  return at_ms.flatMap((atMs, i) => {
    const deltaV = of('cell_delta_V', i);
    if (deltaV === undefined) return [];
    const spell = spellOf({
      currentA: of('current_A', i),
      voltageV: of('voltage_V', i),
      chargeLimitV: of('charge_voltage_limit_V', i),
      capacityAh,
    });
    return [{ atMs, deltaV, spell }];
  });
}

/** Of the last 24 hours; undefined where there is no history, or it has nothing. */
function usePast(): { readonly seen: readonly SpreadAt[]; readonly stepMs: number } | undefined {
  const [past, setPast] = useState<PastCourse>();
  const hasHistory = site.value?.has_history;
  useEffect(() => {
    if (!hasHistory) return;
    const left = new AbortController();
    const to = wallMs.peek() ?? Date.now();
    const query = new URLSearchParams({
      from_ms: String(to - DAY_MS),
      to_ms: String(to),
      columns: COLUMNS.join(','),
      points: '300',
    });
    void ask<PastCourse>(`/history?${query}`, { left: left.signal }).then((answer) => {
      if (!isRefused(answer) && answer.at_ms.length > 1) setPast(answer);
    });
    return () => left.abort();
  }, [hasHistory]);
  const capacityAh = numberOf(live.value?.bank?.signals, 'capacity_Ah');
  return useMemo(
    () => past && { seen: momentsOf(past, capacityAh), stepMs: past.step_ms },
    [past, capacityAh],
  );
}

const names = {
  rest: ['cells.spreadAtRest', 'cells.spreadAtRestText'],
  end: ['cells.spreadAtEnd', 'cells.spreadAtEndText'],
  load: ['cells.spreadUnderLoad', 'cells.spreadUnderLoadText'],
} as const;

const Figure = ({ spell, deltaV }: { readonly spell: Spell; readonly deltaV: number | undefined }) => (
  <div>
    <dt class="small soft">{t(names[spell][0])}</dt>
    <dd>
      <span class="lead numbers">{quantityText(deltaV === undefined ? undefined : deltaV * 1000, 'mV')}</span>
      <p class="small soft">{deltaV === undefined ? t('cells.spreadNotSeen') : t(names[spell][1])}</p>
    </dd>
  </div>
);

const specOf = (seen: readonly SpreadAt[], stepMs: number): ChartSpec => ({
  atMs: seen.map((s) => s.atMs),
  stepMs,
  whole: { fromMs: seen[0]?.atMs ?? 0, toMs: (seen.at(-1)?.atMs ?? 0) + stepMs },
  series: [
    {
      name: t('cells.spread'),
      unit: 'mV',
      digits: 0,
      ink: 'charge',
      values: seen.map((s) => s.deltaV * 1000),
    },
  ],
  range: { min: 0, max: 10 },
});

export function SpreadCard() {
  const past = usePast();
  const seen = past?.seen ?? spreads.value;
  const stepMs = past?.stepMs ?? STEP_MS;
  const figures = figuresOf(seen);
  const spec = useMemo(() => specOf(seen, stepMs), [seen, stepMs]);
  return (
    <Card title={t('cells.spreadTitle')}>
      <dl class="figures">
        {spells.map((spell) => (
          <Figure key={spell} spell={spell} deltaV={figures[spell]} />
        ))}
      </dl>
      <p class="small soft">
        {past
          ? t('cells.spreadFrom24h')
          : t('cells.spreadFromOpened', { age: durationText(browserNowMs.value - openedAtMs) })}
      </p>
      {seen.length > 1 && <Chart title={t('cells.spread')} spec={spec} />}
    </Card>
  );
}
