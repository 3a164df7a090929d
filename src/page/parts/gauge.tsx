// A number on the range it may move in, with the limits marked on it.
import type { ComponentChildren } from 'preact';
import { numberText, quantityText } from '../format.ts';
import type { AgeLimits } from '../live/age.ts';
import { t } from '../words/words.ts';
import { ageStateNow, Reading } from './reading.tsx';

export interface GaugeMark {
  readonly value: number;
  /** E.g. `CCL`. */
  readonly name: string;
}

interface GaugeProps {
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  readonly value: number | undefined;
  readonly at: number | undefined;
  readonly ages?: AgeLimits;
  readonly min: number;
  readonly max: number;
  readonly marks?: readonly GaugeMark[];
  /** Beside the number, small. */
  readonly note?: ComponentChildren;
}

const WIDE = 300;
const BAR_Y = 12;
const BAR_HIGH = 8;

/** Where a value lies on the bar, held at its ends. */
export const placeOn = (value: number, min: number, max: number, wide: number): number =>
  max <= min ? 0 : (wide * (Math.min(max, Math.max(min, value)) - min)) / (max - min);

function Bar({ value, min, max, marks = [] }: Pick<GaugeProps, 'value' | 'min' | 'max' | 'marks'>) {
  const x = (v: number) => placeOn(v, min, max, WIDE);
  const zero = x(Math.max(min, Math.min(0, max)));
  const end = value === undefined ? zero : x(value);
  return (
    <svg viewBox={`0 0 ${WIDE} 24`} preserveAspectRatio="none" aria-hidden="true" class="bar">
      <rect class="track" x="0" y={BAR_Y} width={WIDE} height={BAR_HIGH} rx="4" />
      {value !== undefined && (
        <rect
          class={value < 0 ? 'fill below' : 'fill'}
          x={Math.min(zero, end)}
          y={BAR_Y}
          width={Math.max(3, Math.abs(end - zero))}
          height={BAR_HIGH}
          rx="4"
        />
      )}
      {min < 0 && max > 0 && (
        <line class="zero" x1={zero} x2={zero} y1={BAR_Y - 3} y2={BAR_Y + BAR_HIGH + 3} />
      )}
      {marks.map((m) => (
        <path key={m.name} class="mark" d={`M${x(m.value)} ${BAR_Y + 1}l-5 -9h10z`} />
      ))}
    </svg>
  );
}

export function Gauge(p: GaugeProps) {
  const { label, unit, digits, value, min, max } = p;
  // What is old has no place on the bar, and what it was held against is as old.
  const isOld = ageStateNow(p.at, p.ages) === 'old';
  const marks = isOld ? [] : (p.marks ?? []);
  const place = isOld ? undefined : value;
  return (
    <div class="gauge">
      <div class="row">
        <h3 class="soft small">{label}</h3>
        {p.note && !isOld && <span class="soft small numbers">{p.note}</span>}
      </div>
      <p class="big numbers">
        <Reading value={value} unit={unit} digits={digits} at={p.at} {...(p.ages && { ages: p.ages })} />
      </p>
      <Bar value={place} min={min} max={max} marks={marks} />
      <p class="ends numbers" aria-hidden="true">
        <span>{numberText(min, Number.isInteger(min) ? 0 : 1)}</span>
        {marks.map((m) => (
          <span key={m.name}>
            ▾ {m.name} {numberText(m.value, digits)}
          </span>
        ))}
        <span>{numberText(max, Number.isInteger(max) ? 0 : 1)}</span>
      </p>
      <p class="hidden-text">
        {t('parts.gauge', {
          label,
          value: quantityText(place, unit, digits),
          min: numberText(min, digits),
          max: quantityText(max, unit, digits),
        })}
        {marks.map((m) => `, ${m.name} ${quantityText(m.value, unit, digits)}`).join('')}
      </p>
    </div>
  );
}
