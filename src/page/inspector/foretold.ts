// What the gateway foretells of a battery at rest, in the reader's language: one sentence for each thing that follows.
import type { Foretold, ForetoldCourse, MissingCounts } from '../../model/api/foretold.ts';
import { durationText, quantityText } from '../format.ts';
import { locale } from '../preferences.ts';
import { t } from '../words/words.ts';

type Course<K extends ForetoldCourse['kind']> = Extract<ForetoldCourse, { kind: K }>;

const listed = (names: readonly string[]): string =>
  new Intl.ListFormat(locale.value, { type: 'conjunction' }).format(names);

const amps = (a: number): string => quantityText(a, 'A', a % 1 === 0 ? 0 : 1);

function countsText(counts: MissingCounts, string: readonly string[], lost_ms: number): string {
  const places = { string: listed(string), lost: durationText(lost_ms) };
  if (counts.kind === 'alarmed') return t('foretold.alarmed', { ...places, battery: counts.battery });
  if (counts.kind === 'half') return t('foretold.half', { ...places, later: amps(counts.later_A) });
  if (counts.kind !== 'share') return t(`foretold.${counts.kind}`, places);
  return t('foretold.share', { ...places, first: amps(counts.first_A), later: amps(counts.later_A) });
}

const staleTexts = ({
  because,
  late_ms,
  ramp_ms,
  lost_ms,
  discharge_ms,
  inverters,
}: Course<'stale'>): string[] => [
  t(`foretold.${because}`, { late: durationText(late_ms) }),
  ...inverters.map(({ id, profile, wire, lost }) =>
    t(`foretold.lost_${lost}`, {
      inverter: id,
      profile,
      wire,
      ramp: durationText(ramp_ms),
      lost: durationText(lost_ms),
    }),
  ),
  ...(discharge_ms === undefined ? [] : [t('foretold.discharge', { later: durationText(discharge_ms) })]),
  ...(inverters.length === 0 ? [t('foretold.nobody')] : []),
];

const partlyTexts = ({ late_ms, lost_ms, inverters, missing }: Course<'partly'>): string[] => [
  inverters.length === 0
    ? t('foretold.nobody')
    : t('foretold.partly', {
        n: inverters.length,
        inverters: listed(inverters),
        late: durationText(late_ms),
      }),
  ...missing.map(({ string, counts }) => countsText(counts, string, lost_ms)),
];

/** The first names the battery, the last says when it ends. */
export function foretoldTexts({ batteries, what, back_ms, course }: Foretold): string[] {
  const [battery = ''] = batteries;
  const begin =
    course.kind === 'nothing'
      ? t('foretold.nothing', { battery })
      : t(`foretold.begin_${what}`, { battery, late: durationText(course.late_ms) });
  return [
    ...(batteries.length > 1 ? [t('foretold.together', { batteries: listed(batteries) })] : []),
    begin,
    ...(course.kind === 'stale' ? staleTexts(course) : []),
    ...(course.kind === 'partly' ? partlyTexts(course) : []),
    t('foretold.end', { back: durationText(back_ms) }),
  ];
}
