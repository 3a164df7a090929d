// What may be charged and discharged now, and the one sentence why.
import type { LimitSignal, LiveBank, LiveReason } from '../../model/api/live.ts';
import { durationText } from '../format.ts';
import { causeText, limitText, whyText } from '../limits/why.ts';
import { ageMs } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { numberOf } from '../live/values.ts';
import { Card } from '../parts/card.tsx';
import { ageStateNow } from '../parts/reading.tsx';
import { t } from '../words/words.ts';
import { BankReading, judgedAges } from './bank-reading.tsx';

const order: readonly LimitSignal[] = [
  'charge_current_limit_A',
  'discharge_current_limit_A',
  'charge_voltage_limit_V',
  'discharge_voltage_limit_V',
];

const Since = ({ reason }: { readonly reason: LiveReason }) =>
  reason.since_ms === undefined ? null : (
    <span class="soft"> ({t('home.since', { age: durationText(ageMs(reason.since_ms, nowMs.value)) })})</span>
  );

const Others = ({
  limit,
  reasons,
}: {
  readonly limit: LimitSignal;
  readonly reasons: readonly LiveReason[];
}) => (
  <details>
    <summary>{t('home.alsoWhy')}</summary>
    <ul class="stack tight small">
      {reasons.map((reason) => (
        <li key={`${reason.rule} ${reason.pack}`}>
          <strong class="numbers">{limitText(limit, reason.value)}</strong>: {causeText(reason)}
          <Since reason={reason} />
        </li>
      ))}
    </ul>
  </details>
);

function Limit({ bank, limit }: { readonly bank: LiveBank; readonly limit: LimitSignal }) {
  const value = numberOf(bank.signals, limit);
  const [first, ...others] = bank.reasons[limit];
  const isOld = ageStateNow(bank.evaluated_at_ms, judgedAges(bank)) === 'old';
  const why = value === undefined ? t('home.notLimited') : whyText(limit, value, bank.reasons[limit]);
  return (
    <li class="limit" data-zero={value === 0 ? '' : undefined}>
      <p class="limit-value numbers">
        <abbr class="soft small" title={t(`limit.${limit}`)}>
          {t(`limitShort.${limit}`)}
        </abbr>
        <BankReading bank={bank} value={value} text={limitText(limit, value)} isJudged />
      </p>
      <div class="stack tight">
        <p class="small">
          {isOld ? <s>{why}</s> : why}
          {first && !isOld && <Since reason={first} />}
        </p>
        {others.length > 0 && !isOld && <Others limit={limit} reasons={others} />}
      </div>
    </li>
  );
}

const hasNone = ({ signals }: LiveBank): boolean =>
  order.every((limit) => numberOf(signals, limit) === undefined);

export const Limits = ({ bank }: { readonly bank: LiveBank }) => (
  <Card title={t('home.limits')}>
    {hasNone(bank) ? (
      <p>{t('home.noLimits')}</p>
    ) : (
      <ul class="limit-list">
        {order.map((limit) => (
          <Limit key={limit} bank={bank} limit={limit} />
        ))}
      </ul>
    )}
  </Card>
);
