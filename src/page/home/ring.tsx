// The state of charge: how full, how much energy that is, and how long it lasts.
import type { LiveBank } from '../../model/api/live.ts';
import { durationText, quantityText, temperatureSpanText } from '../format.ts';
import { numberOf } from '../live/values.ts';
import { Card } from '../parts/card.tsx';
import { ageStateNow } from '../parts/reading.tsx';
import { t } from '../words/words.ts';
import { BankReading, bankAges } from './bank-reading.tsx';
import { smoothCurrentA } from './smooth-current.ts';
import { timeLeft } from './time-left.ts';

const RADIUS = 52;
const ROUND = 2 * Math.PI * RADIUS;

type RingWay = 'charge' | 'discharge' | 'old';

function Ring({ pct, way }: { readonly pct: number | undefined; readonly way: RingWay }) {
  const share = Math.min(1, Math.max(0, (pct ?? 0) / 100));
  return (
    <svg viewBox="0 0 120 120" class="ring" aria-hidden="true" data-way={way}>
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

/** From the coldest cell to the warmest. */
function Warmth({ bank }: { readonly bank: LiveBank }) {
  const low = numberOf(bank.signals, 'min_cell_temperature_C');
  const high = numberOf(bank.signals, 'max_cell_temperature_C');
  if (low === undefined || high === undefined) return null;
  return (
    <p class="soft small numbers">
      {t('home.temperature')}: <BankReading bank={bank} value={low} text={temperatureSpanText(low, high)} />
    </p>
  );
}

const wayOf = (bank: LiveBank): RingWay => {
  if (ageStateNow(bank.sample_at_ms, bankAges(bank)) === 'old') return 'old';
  return (numberOf(bank.signals, 'current_A') ?? 0) >= 0 ? 'charge' : 'discharge';
};

export function StateOfCharge({ bank }: { readonly bank: LiveBank }) {
  const { signals, stage } = bank;
  const pct = numberOf(signals, 'soc_pct');
  const way = wayOf(bank);
  // What is made of old values is no forecast.
  const left = way === 'old' ? undefined : leftText(bank);
  return (
    <Card title={t('home.soc')} class="soc">
      <div class="ring-box">
        <Ring pct={pct} way={way} />
        <p class="ring-number numbers">
          <BankReading bank={bank} value={pct} unit="%" />
        </p>
      </div>
      <div class="stack tight">
        <Stored bank={bank} />
        {left && <p class="numbers lead">{left}</p>}
        {stage && (
          <p class="soft small">
            {t('home.stage')}: {t(`stage.${stage}`)}
          </p>
        )}
        <Warmth bank={bank} />
      </div>
    </Card>
  );
}
