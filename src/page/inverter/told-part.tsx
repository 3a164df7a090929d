// What is being told to an inverter now: a sentence why, limits, SoC, and what it is asked to do.
import type { LiveBank, LiveInverter, LiveWire, Telling } from '../../model/api/live.ts';
import { isLive } from '../live/connection.ts';
import { Icon } from '../parts/icon.tsx';
import { Reading } from '../parts/reading.tsx';
import type { WordKey } from '../words/shape.ts';
import { t } from '../words/words.ts';
import { Fact, Facts } from './fact.tsx';
import { isOffWire, isTold, isUnasked, requestNames, toldOf, toldTenths } from './told.ts';

const whyKey: { readonly [T in Telling]: WordKey } = {
  'nothing yet': 'inverter.whyNothingYet',
  'the truth': 'inverter.whyTruth',
  'last values': 'inverter.whyLast',
  stale: 'inverter.whyStale',
  'holds zero': 'inverter.whyZero',
  silence: 'inverter.whySilence',
  exception: 'inverter.whyException',
};

const limits = [
  ['charge_voltage_limit_V', 'V', 1],
  ['charge_current_limit_A', 'A', 1],
  ['discharge_current_limit_A', 'A', 1],
  ['discharge_voltage_limit_V', 'V', 1],
] as const;

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const Limits = ({
  told,
  at,
}: {
  readonly told: ReturnType<typeof toldOf>;
  readonly at: number | undefined;
}) => (
  <dl class="told-limits">
    {limits.map(([name, unit, digits]) => (
      <div key={name}>
        <dt>
          <abbr title={t(`limit.${name}`)}>{t(`limitShort.${name}`)}</abbr>
        </dt>
        <dd class="big">
          <Reading
            value={toldTenths(name, numberOf(told[name]))}
            unit={unit}
            digits={digits}
            at={at}
            hidesAge
          />
        </dd>
      </div>
    ))}
  </dl>
);

/** Only what the bank has an opinion of. */
const Requests = ({ told }: { readonly told: ReturnType<typeof toldOf> }) => (
  <ul class="told-requests">
    {requestNames
      .filter((name) => typeof told[name] === 'boolean')
      .map((name) => (
        <li key={name} data-on={told[name] === true}>
          <Icon name={told[name] === true ? 'well' : 'quiet'} size={18} />
          <span>
            {t(`inverter.${name}`)}: {t(told[name] === true ? 'inverter.yes' : 'inverter.no')}
          </span>
        </li>
      ))}
  </ul>
);

function whyText(health: LiveInverter, wire: LiveWire | undefined): string {
  if (!isLive.value) return t('inverter.notHeard');
  if (isOffWire(wire)) return t('inverter.whyWire');
  return t(isTold(health) && isUnasked(health, wire) ? 'inverter.whyNotAsked' : whyKey[health.telling]);
}

export function ToldPart({
  health,
  wire,
  bank,
}: {
  readonly health: LiveInverter | undefined;
  readonly wire: LiveWire | undefined;
  readonly bank: LiveBank | undefined;
}) {
  if (!health) return <p>{t('inverter.unservedText')}</p>;
  const why = <p>{whyText(health, wire)}</p>;
  if (!bank || !isTold(health) || isOffWire(wire)) return why;
  const told = toldOf(bank);
  // What is told is made anew at each evaluation, also of old data: it is as old as that.
  const at = bank.evaluated_at_ms;
  return (
    <>
      {why}
      <Limits told={told} at={at} />
      <Facts>
        <Fact name={t('inverter.socTold')}>
          <Reading
            value={toldTenths('soc_told_pct', numberOf(told.soc_told_pct))}
            unit="%"
            digits={1}
            at={bank.sample_at_ms}
          />
        </Fact>
        <Fact name={t('inverter.heartbeat')}>
          <Reading value={numberOf(told.heartbeat)} at={at} hidesAge />
        </Fact>
      </Facts>
      {isLive.value && <Requests told={told} />}
    </>
  );
}
