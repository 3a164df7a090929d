// What arrives on the serial lines and is no question to us: counted while somebody looks, with what to try.
import { useRef } from 'preact/hooks';
import type { LiveWire } from '../../model/api/live.ts';
import { numberText } from '../format.ts';
import { isLive, live, nowMs } from '../live/connection.ts';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { findingOf, growthOf } from './line-findings.ts';

/** Masters ask once a second or two; the slowest each half minute. */
const SILENT_AFTER_MS = 30_000;

const isSerial = ({ kind }: LiveWire): boolean => kind === 'rtu' || kind === 'ascii' || kind === 'kostal';

const unitsOn = (wire: string): string =>
  (site.value?.inverters ?? [])
    .flatMap((inverter) => (inverter.wire === wire ? inverter.units : []))
    .join(', ');

interface Began {
  readonly counts: LiveWire['counts'];
  readonly atMs: number;
}

function LineNote({ wire, line }: { readonly wire: string; readonly line: LiveWire }) {
  const began = useRef<Began | undefined>(undefined);
  const now = nowMs.value ?? 0;
  began.current ??= { counts: line.counts, atMs: now };
  const growth = growthOf(began.current.counts, line.counts);
  const finding = findingOf(growth);
  const { questions, foreign, damaged, noise } = growth;
  if (foreign + damaged + noise === 0 && finding !== 'silent') return null;
  if (finding === 'silent' && now - began.current.atMs < SILENT_AFTER_MS) return null;
  return (
    <div class="line-note small" data-finding={finding}>
      <p class="soft numbers">
        {t('inspector.onLine', {
          wire,
          questions: numberText(questions),
          foreign: numberText(foreign),
          damaged: numberText(damaged),
          noise: numberText(noise),
        })}
      </p>
      {finding && <p>{t(`inspector.line_${finding}`, { wire, units: unitsOn(wire) })}</p>}
    </div>
  );
}

/** Only of lines that are open: what keeps one shut is said in the strip. */
export function LineNotes({ isOf }: { readonly isOf: (wire: string) => boolean }) {
  if (!isLive.value) return null;
  const lines = Object.entries(live.value?.wires ?? {}).filter(
    ([wire, line]) => isSerial(line) && line.state === 'open' && isOf(wire),
  );
  return (
    <>
      {lines.map(([wire, line]) => (
        <LineNote key={wire} wire={wire} line={line} />
      ))}
    </>
  );
}
