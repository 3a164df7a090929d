// What is known of the chosen cell.
import { durationText, quantityText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { Icon } from '../parts/icon.tsx';
import { ageStateNow, Reading } from '../parts/reading.tsx';
import { t } from '../words/words.ts';
import type { Cell, PackCells } from './cells-view.ts';
import { chosen } from './chosen.ts';
import { pastOf } from './collected.ts';

const WIDE = 160;
const HIGH = 36;

/** Its course since the page was opened, in steps of 15 s. */
function Sparkline({ course }: { readonly course: readonly number[] }) {
  if (course.length < 2) return null;
  const [low, high] = [Math.min(...course), Math.max(...course)];
  const x = (i: number) => (WIDE * i) / (course.length - 1);
  const y = (v: number) => HIGH - 3 - ((HIGH - 6) * (v - low)) / Math.max(high - low, 0.001);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDE} ${HIGH}`} width={WIDE} height={HIGH} aria-hidden="true">
      <path d={`M${course.map((v, i) => `${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join('L')}`} />
    </svg>
  );
}

/** `Cell 7 of battery a: 3.345 V, highest` */
export function cellText(pack: PackCells, { no, voltageV, mark, isBalancing }: Cell): string {
  const parts = [
    `${t('cells.cellOf', { n: no, id: pack.id })}: ${quantityText(voltageV, 'V', 3)}`,
    mark && t(`cells.${mark}`),
    isBalancing && t('cells.balancing'),
    ageStateNow(pack.atMs) === 'old' && t('cells.old', { age: durationText(ageMs(pack.atMs, nowMs.value)) }),
  ];
  return parts.filter(Boolean).join(', ');
}

/** The lowest and highest since the page was opened. */
const Past = ({ past }: { readonly past: NonNullable<ReturnType<typeof pastOf>> }) => (
  <>
    <span class="small soft numbers">
      {t('cells.sinceOpened', {
        min: quantityText(past.lowV, 'V', 3),
        max: quantityText(past.highV, 'V', 3),
      })}
    </span>
    <Sparkline course={past.course} />
  </>
);

export function Readout({ packs }: { readonly packs: readonly PackCells[] }) {
  const now = chosen.value;
  const pack = packs.find(({ id }) => id === now?.pack);
  const cell = pack?.cells[(now?.cell ?? 0) - 1];
  if (!now || !pack || !cell) return <p class="small soft">{t('cells.tap')}</p>;
  const isOld = ageStateNow(pack.atMs) === 'old';
  const past = pastOf(now.pack, now.cell);
  return (
    <div class="cell-readout row">
      <strong>{t('cells.cellOf', { n: cell.no, id: pack.id })}</strong>
      <span class="lead">
        <Reading value={cell.voltageV} unit="V" digits={3} at={pack.atMs} />
      </span>
      {!isOld && cell.mark && <span>{t(`cells.${cell.mark}`)}</span>}
      {!isOld && cell.isBalancing && (
        <span class="badge">
          <Icon name="balance" /> {t('cells.balancing')}
        </span>
      )}
      {past && <Past past={past} />}
    </div>
  );
}
