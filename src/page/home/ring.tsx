// The state of charge: how full, how much energy that is, and how long it lasts.
import type { LiveBank } from '../../model/api/live.ts';
import { durationText, quantityText, temperatureSpanText } from '../format.ts';
import { numberOf } from '../live/values.ts';
import { Card } from '../parts/card.tsx';
import { t } from '../words/words.ts';
import { BankReading, isBankOld } from './bank-reading.tsx';
import { smoothCurrentA } from './smooth-current.ts';
import { timeLeft } from './time-left.ts';

const RADIUS = 52;
const ROUND = 2 * Math.PI * RADIUS;

function Ring({ pct, isCharging }: { readonly pct: number | undefined; readonly isCharging: boolean }) {
  const share = Math.min(1, Math.max(0, (pct ?? 0) / 100));
  return (
    <svg viewBox="0 0 120 120" class="ring" aria-hidden="true" data-way={isCharging ? 'charge' : 'discharge'}>
      <circle class="track" cx="60" cy="60" r={RADIUS} />
      {pct !== undefined && (
        <circle
          class="fill"
          cx="60"
          cy="60"
          r={RADIUS}
          stroke-dasharray={`${ROUND * share} ${ROUND}`}
          transform="rotate(-90 60 60)"
        />
      )}
    </svg>
  );
}

function leftText(bank: LiveBank): string | undefined {
  const left = timeLeft({
    remainingAh: numberOf(bank.signals, 'remaining_capacity_Ah'),
    capacityAh: numberOf(bank.signals, 'capacity_Ah'),
    currentA: smoothCurrentA.value,
  });
  if (!left) return undefined;
  return t(left.to === 'full' ? 'home.toFull' : 'home.toEmpty', { time: durationText(left.ms) });
}

function Stored({ bank }: { readonly bank: LiveBank }) {
  const { signals } = bank;
  const [stored, full] = [numberOf(signals, 'remaining_kWh'), numberOf(signals, 'capacity_kWh')];
  const isEnergy = stored !== undefined;
  const unit = isEnergy ? 'kWh' : 'Ah';
  const value = stored ?? numberOf(signals, 'remaining_capacity_Ah');
  const whole = isEnergy ? full : numberOf(signals, 'capacity_Ah');
  return (
    <p class="numbers">
      <BankReading bank={bank} value={value} unit={unit} digits={1} />{' '}
      <span class="soft">
        {t('home.of', { value: '', full: quantityText(whole, unit, 1) })} {t('home.stored')}
      </span>
    </p>
  );
}

export function StateOfCharge({ bank }: { readonly bank: LiveBank }) {
  const { signals, stage } = bank;
  const pct = numberOf(signals, 'soc_pct');
  const isOld = isBankOld(bank);
  const left = isOld ? undefined : leftText(bank);
  const [low, high] = [
    numberOf(signals, 'min_cell_temperature_C'),
    numberOf(signals, 'max_cell_temperature_C'),
  ];
  return (
    <Card title={t('home.soc')} class="soc">
      <div class="ring-box">
        <Ring pct={isOld ? undefined : pct} isCharging={(numberOf(signals, 'current_A') ?? 0) >= 0} />
        <p class="ring-number numbers">
          <BankReading bank={bank} value={pct} unit="%" />
        </p>
      </div>
      <div class="stack tight">
        <Stored bank={bank} />
        {left && <p class="numbers lead">{left}</p>}
        {!isOld && stage && (
          <p class="soft small">
            {t('home.stage')}: {t(`stage.${stage}`)}
          </p>
        )}
        {!isOld && low !== undefined && high !== undefined && (
          <p class="soft small numbers">
            {t('home.temperature')}: {temperatureSpanText(low, high)}
          </p>
        )}
      </div>
    </Card>
  );
}
