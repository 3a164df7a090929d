// The charts of one window, below each other on one axis of time, and its sums.
import { useMemo } from 'preact/hooks';
import type { PastCourse, PastEvent } from '../../model/api/past.ts';
import { Chart } from '../chart/chart.tsx';
import type { EventMark } from '../chart/spec.ts';
import { kindText } from '../events/event-words.ts';
import { quantityText } from '../format.ts';
import { Fact, Facts } from '../inverter/fact.tsx';
import { Empty } from '../parts/empty.tsx';
import { language, temperatureUnit } from '../preferences.ts';
import { t } from '../words/words.ts';
import { chartOf } from './chart-spec.ts';
import { type ChartSpec, charts, sumOf } from './charts.ts';
import type { TimeWindow } from './spans.ts';

interface HistoryChartsProps {
  readonly course: PastCourse;
  readonly events: readonly PastEvent[];
  readonly window: TimeWindow;
  /** Empty: the bank. */
  readonly battery: string;
}

/** What is good to know only would hide what wants a look. Of one battery: its own, and those of the whole bank. */
const marksOf = (events: readonly PastEvent[], battery: string): EventMark[] =>
  events
    .filter(({ severity }) => severity !== 'info')
    .filter(({ subject }) => battery === '' || subject === undefined || subject === battery)
    .map((event) => ({
      atMs: event.began_ms,
      name: [kindText(event), event.subject].filter(Boolean).join(' '),
      ink: event.severity === 'alarm' ? 'alarm' : 'discharge',
    }));

interface OneProps extends Pick<HistoryChartsProps, 'course' | 'window'> {
  readonly chart: ChartSpec;
  readonly marks: readonly EventMark[];
}

function One({ chart, course, window, marks }: OneProps) {
  const looks = `${language.value} ${temperatureUnit.value}`;
  const spec = useMemo(() => chartOf(chart, course, window, marks), [chart, course, window, marks, looks]);
  return spec ? (
    <div class="card">
      <Chart title={t(`history.chart_${chart.id}`)} spec={spec} />
    </div>
  ) : null;
}

const Sums = ({ course: { values } }: { readonly course: PastCourse }) => (
  <Facts>
    <Fact name={t('history.charged')}>{quantityText(sumOf(values.energy_charged_kWh), 'kWh', 2)}</Fact>
    <Fact name={t('history.discharged')}>{quantityText(sumOf(values.energy_discharged_kWh), 'kWh', 2)}</Fact>
  </Facts>
);

export function HistoryCharts({ course, events, window, battery }: HistoryChartsProps) {
  const marks = useMemo(() => marksOf(events, battery), [events, battery, language.value]);
  if (course.at_ms.length === 0) return <Empty icon="history">{t('history.nothing')}</Empty>;
  return (
    <div class="stack">
      <Sums course={course} />
      <h2 class="hidden-text">{t('history.charts')}</h2>
      <div class="history-charts">
        {charts.map((chart) => (
          <One key={chart.id} chart={chart} course={course} window={window} marks={marks} />
        ))}
      </div>
      <p class="small soft">{t('history.legend')}</p>
    </div>
  );
}
