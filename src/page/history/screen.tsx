// What was: a day to a year, of the bank or of one battery.
import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { momentText } from '../format.ts';
import { wallMs } from '../live/connection.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Empty, Spinner } from '../parts/empty.tsx';
import { Select } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { go, parameter } from '../router.ts';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { HistoryCharts } from './history-charts.tsx';
import { courseQuery, type PastWanted, usePast } from './past.ts';
import { neighbour, type Span, spans, type TimeWindow, windowEnding } from './spans.ts';
import './history.css';

const AGAIN_MS = 60_000;

const clockNow = (): number => wallMs.peek() ?? Date.now();

/** The gateway's now, once a minute, and at once where its clock was set: a window that ends now moves on with it. */
function useNow(): number {
  const [now, setNow] = useState(clockNow);
  useEffect(
    () =>
      effect(() => {
        const ms = wallMs.value ?? Date.now();
        setNow((before) => (Math.abs(ms - before) >= AGAIN_MS ? ms : before));
      }),
    [],
  );
  return now;
}

interface Chosen {
  readonly span: Span;
  readonly battery: string;
  /** Absent: now. */
  readonly toMs?: number;
}

/** A demo has just begun. */
const usualSpan = (): Span => (site.value?.is_demo ? 'hour' : 'day');

function chosenNow(): Chosen {
  const toMs = Number(parameter('to'));
  return {
    span: spans.find((span) => span === parameter('span')) ?? usualSpan(),
    battery: parameter('battery') ?? '',
    ...(Number.isFinite(toMs) && toMs > 0 && { toMs }),
  };
}

function choose({ span, battery, toMs }: Chosen): void {
  const query = new URLSearchParams({
    span,
    ...(battery !== '' && { battery }),
    ...(toMs !== undefined && { to: String(Math.round(toMs)) }),
  });
  go(`/history?${query}`, 'replace');
}

const HistoryOff = () => (
  <Empty icon="history">
    <p>{t('history.off')}</p>
    <pre class="yaml">history: {'{}'}</pre>
  </Empty>
);

/** Back and forward through time; forward ends at now. */
function Walk({
  chosen,
  window,
  nowMs,
}: {
  readonly chosen: Chosen;
  readonly window: TimeWindow;
  readonly nowMs: number;
}) {
  const walk = (count: 1 | -1) => {
    const { toMs } = neighbour(chosen.span, window, count, nowMs);
    choose({ span: chosen.span, battery: chosen.battery, ...(toMs < nowMs && { toMs }) });
  };
  const form = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return (
    <div class="history-walk">
      <Button isLocal icon="left" label={t('history.back')} onClick={() => walk(-1)} />
      <p class="numbers" aria-live="polite">
        {momentText(window.fromMs, form)} –{' '}
        {chosen.toMs === undefined ? t('history.now') : momentText(window.toMs, form)}
      </p>
      <Button
        isLocal
        icon="right"
        label={t('history.forward')}
        isDisabled={chosen.toMs === undefined}
        onClick={() => walk(1)}
      />
    </div>
  );
}

function Bar({ chosen, wanted }: { readonly chosen: Chosen; readonly wanted: PastWanted }) {
  const batteries = site.value?.batteries ?? [];
  return (
    <div class="history-bar">
      <Choices
        label={t('history.span')}
        value={chosen.span}
        options={spans.map((span) => [span, t(`history.span_${span}`)] as const)}
        onValue={(span) => choose({ ...chosen, span })}
      />
      <Select
        label={t('history.of')}
        value={chosen.battery}
        options={[
          ['', t('home.bank')],
          ...batteries.map(({ id }) => [id, t('cells.battery', { id })] as const),
        ]}
        onValue={(battery) => choose({ ...chosen, battery })}
      />
      <a class="button plain" href={`/api/v1/history.csv?${courseQuery(wanted)}`} download>
        <Icon name="download" />
        {t('parts.csv')}
      </a>
    </div>
  );
}

function History() {
  const nowMs = useNow();
  const chosen = chosenNow();
  const window = windowEnding(chosen.span, chosen.toMs ?? nowMs);
  const wanted = { ...window, battery: chosen.battery };
  const { past: read, isAsking } = usePast(wanted);
  // What was read of another battery is not shown under the name of this one, however slow the answer is.
  const past = read?.battery === chosen.battery ? read : undefined;
  return (
    <>
      <Bar chosen={chosen} wanted={wanted} />
      <Walk chosen={chosen} window={window} nowMs={nowMs} />
      {past?.why && <Problem>{past.why}</Problem>}
      {!past && isAsking && <Spinner />}
      {past?.course && (
        <HistoryCharts
          course={past.course}
          events={past.events}
          window={past.window}
          battery={past.battery}
        />
      )}
    </>
  );
}

export const Screen = () => (
  <Frame title={t('history.title')}>{site.value?.has_history === false ? <HistoryOff /> : <History />}</Frame>
);
