// What the inverter measures itself beside what the batteries measure and what it was told.
import type { LiveBank, LiveInverter } from '../../model/api/live.ts';
import { quantityText } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { ageStateNow, Reading } from '../parts/reading.tsx';
import { t } from '../words/words.ts';
import { Fact, Facts } from './fact.tsx';
import { compareSensed } from './sensed.ts';

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

interface SensedProps {
  readonly sensed: NonNullable<LiveInverter['sensed']>;
  readonly told: LiveInverter['told'];
  readonly bank: LiveBank | undefined;
}

/** Limits that it reads, or those of the bank where it reads none in A. */
function comparedWith({ sensed, told, bank }: SensedProps) {
  const bankA = numberOf(bank?.signals.current_A);
  const chargeLimitA = told?.charge_current_limit_A ?? numberOf(bank?.signals.charge_current_limit_A);
  const dischargeLimitA =
    told?.discharge_current_limit_A ?? numberOf(bank?.signals.discharge_current_limit_A);
  const compared = compareSensed({
    sensedA: sensed.current_A,
    ...(bankA !== undefined && { bankA }),
    ...(chargeLimitA !== undefined && { chargeLimitA }),
    ...(dischargeLimitA !== undefined && { dischargeLimitA }),
  });
  return { ...compared, bankA };
}

function Verdict({ isUnlikeBank, exceeds }: ReturnType<typeof compareSensed>) {
  return (
    <>
      {exceeds && <Badge tone="alarm">{t(`inverter.exceeds_${exceeds}`)}</Badge>}
      {isUnlikeBank && <Badge tone="warn">{t('inverter.unlikeBank')}</Badge>}
      {!exceeds && !isUnlikeBank && <Badge tone="well">{t('inverter.asTold')}</Badge>}
    </>
  );
}

export function SensedPart(props: SensedProps) {
  const { sensed, bank } = props;
  const { bankA, ...compared } = comparedWith(props);
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
        <Fact name={t('inverter.difference')}>
          {quantityText(isOld ? undefined : compared.differenceA, 'A', 1)}
        </Fact>
      </Facts>
      {!isOld && <Verdict {...compared} />}
    </>
  );
}
