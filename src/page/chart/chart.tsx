// A chart over time with a readout, a cursor for the keyboard, and the same as a table.
import { useEffect, useRef, useState } from 'preact/hooks';
import { momentText, quantityText } from '../format.ts';
import { Choices } from '../parts/choices.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Table } from '../parts/table.tsx';
import { language, shade } from '../preferences.ts';
import { t } from '../words/words.ts';
import type { Plot } from './plot.ts';
import type { ChartSpec, Series } from './spec.ts';

interface ChartProps {
  readonly title: string;
  readonly spec: ChartSpec;
}

/** How far a key goes. */
const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageDown: -20,
  PageUp: 20,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const Swatch = ({ ink, dash }: Series) => (
  <svg class="swatch" viewBox="0 0 24 8" width="24" height="8" aria-hidden="true" data-ink={ink}>
    <path d="M0 4h24" stroke-dasharray={dash?.join(' ')} />
  </svg>
);

const readout = (series: readonly Series[], values: readonly (number | null | undefined)[]) =>
  series.map(({ name, unit, digits }, i) => ({ name, text: quantityText(values[i], unit, digits) }));

function Readout({ spec, at, drawn }: { spec: ChartSpec; at: number | undefined; drawn: Plot | undefined }) {
  const i = at ?? (drawn ? drawn.xs.length - 1 : 0);
  const values = readout(spec.series, drawn?.valuesAt(i) ?? []);
  const ms = (drawn?.xs[i] ?? 0) * 1000;
  const near = spec.marks?.filter((m) => Math.abs(m.atMs - ms) <= spec.stepMs) ?? [];
  return (
    <ul class="readout numbers">
      <li>
        {drawn?.xs.length ? momentText(ms, { dateStyle: 'short', timeStyle: 'short' }) : t('parts.gap')}
      </li>
      {spec.series.map((one, n) => (
        <li key={one.name}>
          <Swatch {...one} /> {one.name} <strong>{values[n]?.text}</strong>
        </li>
      ))}
      {near.map((m) => (
        <li key={`${m.atMs} ${m.name}`}>▾ {m.name}</li>
      ))}
    </ul>
  );
}

/** Draws a spec into `host`, anew when it is another or the page looks different. */
function usePlot(spec: ChartSpec) {
  const host = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Plot>();
  const [at, setAt] = useState<number>();
  const looks = `${shade.value} ${language.value}`;
  // Another theme or language draws it anew.
  useEffect(() => {
    let made: Plot | undefined;
    let isGone = false;
    const watch = new ResizeObserver(() => made?.resize());
    void import('./plot.ts').then(({ plot }) => {
      if (isGone || !host.current) return;
      made = plot(host.current, spec, setAt);
      setDrawn(made);
      watch.observe(host.current);
    });
    return () => {
      isGone = true;
      watch.disconnect();
      made?.end();
    };
  }, [spec, looks]);
  return { host, drawn, at };
}

/** The sample under the cursor, for who reads by ear. */
const spoken = ({ series }: ChartSpec, drawn: Plot | undefined, at: number): string =>
  `${momentText((drawn?.xs[at] ?? 0) * 1000)}: ${readout(series, drawn?.valuesAt(at) ?? [])
    .map(({ name, text }) => `${name} ${text}`)
    .join(', ')}`;

function Drawn({ title, spec }: ChartProps) {
  const { host, drawn, at } = usePlot(spec);
  const last = (drawn?.xs.length ?? 0) - 1;
  const move = (event: KeyboardEvent) => {
    const by = steps[event.key];
    if (by === undefined || !drawn || last < 0) return;
    event.preventDefault();
    drawn.point(Math.min(last, Math.max(0, (at ?? last) + by)));
  };
  const now = at ?? Math.max(0, last);
  return (
    <>
      <div
        class="plot"
        ref={host}
        role="slider"
        tabIndex={0}
        aria-label={`${title}. ${t('parts.chartHelp')}`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={now}
        aria-valuetext={spoken(spec, drawn, now)}
        onKeyDown={move}
        data-no-swipe
      >
        {!drawn && <Spinner />}
      </div>
      <Readout spec={spec} at={at} drawn={drawn} />
    </>
  );
}

const MOST_ROWS = 500;

function Twin({ title, spec }: ChartProps) {
  const rows = spec.atMs.map((ms, i) => ({ ms, i })).slice(-MOST_ROWS);
  return (
    <Table
      caption={title}
      hidesCaption
      rows={rows}
      keyOf={({ ms }) => ms}
      columns={[
        {
          name: t('parts.time'),
          isHead: true,
          cell: ({ ms }) => momentText(ms, { dateStyle: 'short', timeStyle: 'short' }),
        },
        ...spec.series.map(({ name, unit, digits, values }) => ({
          name,
          isNumber: true,
          cell: ({ i }: { i: number }) => quantityText(values[i], unit, digits),
        })),
      ]}
    />
  );
}

/** `spec` is drawn anew when it is another object: keep it in a `useMemo`. */
export function Chart(props: ChartProps) {
  const [view, setView] = useState<'chart' | 'table'>('chart');
  return (
    <figure class="chart">
      <figcaption class="row apart">
        <h3>{props.title}</h3>
        <Choices
          label={props.title}
          value={view}
          options={[
            ['chart', t('parts.chart')],
            ['table', t('parts.table')],
          ]}
          onValue={setView}
        />
      </figcaption>
      {view === 'chart' ? <Drawn {...props} /> : <Twin {...props} />}
    </figure>
  );
}
