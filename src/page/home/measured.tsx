// Voltage, current, power and temperature on the ranges of the site, with the limits marked.
import type { LimitSignal, LiveBank } from '../../model/api/live.ts';
import type { Site } from '../../model/api/site.ts';
import { chosenTemperatureUnit, temperatureSpanText, toChosenTemperature } from '../format.ts';
import { safeTenths } from '../limits/safe-tenths.ts';
import { numberOf } from '../live/values.ts';
import { Card } from '../parts/card.tsx';
import { Gauge, type GaugeMark } from '../parts/gauge.tsx';
import { t } from '../words/words.ts';
import { BankReading, bankAges } from './bank-reading.tsx';
import { rangesOf } from './ranges.ts';

/** A limit as it is told; `sign` -1 where it limits what is negative. */
function mark(name: string, bank: LiveBank, limit: LimitSignal, sign: 1 | -1 = 1): readonly GaugeMark[] {
  const value = numberOf(bank.signals, limit);
  return value === undefined ? [] : [{ name, value: sign * safeTenths(limit, value) }];
}

const times = (a: number | undefined, b: number): number | undefined => (a === undefined ? undefined : a * b);

interface MeasuredProps {
  readonly bank: LiveBank;
  readonly site: Site;
}

function Temperature({ bank, site }: MeasuredProps) {
  const of = (name: string) => numberOf(bank.signals, name);
  const { min, max } = rangesOf(site).temperatureC;
  const [low, mean, high] = [of('min_cell_temperature_C'), of('temperature_C'), of('max_cell_temperature_C')];
  const ages = bankAges(bank);
  return (
    <Gauge
      at={bank.sample_at_ms}
      {...(ages && { ages })}
      label={t('home.temperature')}
      unit={chosenTemperatureUnit()}
      digits={1}
      value={mean === undefined ? undefined : toChosenTemperature(mean)}
      min={toChosenTemperature(min)}
      max={toChosenTemperature(max)}
      note={
        low !== undefined &&
        high !== undefined && <BankReading bank={bank} value={low} text={temperatureSpanText(low, high)} />
      }
    />
  );
}

export function Measured({ bank, site }: MeasuredProps) {
  const { signals } = bank;
  const of = (name: string) => numberOf(signals, name);
  const ranges = rangesOf(site);
  const ages = bankAges(bank);
  const own = { at: bank.sample_at_ms, ...(ages && { ages }) };
  return (
    <Card title={t('home.measured')}>
      <div class="gauges">
        <Gauge
          {...own}
          label={t('home.voltage')}
          unit="V"
          digits={1}
          value={of('voltage_V')}
          {...ranges.voltageV}
          marks={[
            ...mark('DVL', bank, 'discharge_voltage_limit_V'),
            ...mark('CVL', bank, 'charge_voltage_limit_V'),
          ]}
        />
        <Gauge
          {...own}
          label={t('home.current')}
          unit="A"
          digits={1}
          value={of('current_A')}
          {...ranges.currentA}
          marks={[
            ...mark('DCL', bank, 'discharge_current_limit_A', -1),
            ...mark('CCL', bank, 'charge_current_limit_A'),
          ]}
        />
        <Gauge
          {...own}
          label={t('home.power')}
          unit="kW"
          digits={2}
          value={times(of('power_W'), 1 / 1000)}
          {...ranges.powerKW}
        />
        <Temperature bank={bank} site={site} />
      </div>
    </Card>
  );
}
