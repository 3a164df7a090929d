// What the inverter measures itself beside what the batteries measure and what it was told.
import type { LiveBank, LiveInverter } from '../../model/api/live.ts';
import { quantityText } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { ageStateNow, Reading } from '../parts/reading.tsx';
import { t } from '../words/words.ts';
import { Fact, Facts } from './fact.tsx';
import { compareSensed } from './sensed.ts';

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

export function SensedPart({
  sensed,
  told,
  bank,
}: {
  readonly sensed: NonNullable<LiveInverter['sensed']>;
  readonly told: LiveInverter['told'];
  readonly bank: LiveBank | undefined;
}) {
  const bankA = numberOf(bank?.signals.current_A);
  const [chargeLimitA, dischargeLimitA] = [
    told?.charge_current_limit_A ?? numberOf(bank?.signals.charge_current_limit_A),
    told?.discharge_current_limit_A ?? numberOf(bank?.signals.discharge_current_limit_A),
  ];
  const { isUnlikeBank, exceeds, differenceA } = compareSensed({
    sensedA: sensed.current_A,
    ...(bankA !== undefined && { bankA }),
    ...(chargeLimitA !== undefined && { chargeLimitA }),
    ...(dischargeLimitA !== undefined && { dischargeLimitA }),
  });
  // Two that were not measured now cannot be held against each other.
  const isOld = [sensed.at_ms, bank?.sample_at_ms].some((at) => ageStateNow(at) === 'old');
  return (
    <>
      <h4>{t('inverter.sensed')}</h4>
      <Facts>
        <Fact name={t('inverter.sensedCurrent')}>
          <Reading value={sensed.current_A} unit="A" digits={1} at={sensed.at_ms} />
        </Fact>
        <Fact name={t('inverter.bankCurrent')}>
          <Reading value={bankA} unit="A" digits={1} at={bank?.sample_at_ms} />
        </Fact>
        <Fact name={t('inverter.difference')}>{quantityText(isOld ? undefined : differenceA, 'A', 1)}</Fact>
      </Facts>
      {!isOld && exceeds && <Badge tone="alarm">{t(`inverter.exceeds_${exceeds}`)}</Badge>}
      {!isOld && isUnlikeBank && <Badge tone="warn">{t('inverter.unlikeBank')}</Badge>}
      {!isOld && !exceeds && !isUnlikeBank && <Badge tone="well">{t('inverter.asTold')}</Badge>}
    </>
  );
}
