// What is being told to an inverter now: a sentence why, limits, SoC, and what it is asked to do.
import type { LiveBank, LiveInverter, LiveWire, Telling } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import { type AsRead, flagsRead } from '../../model/wire-health.ts';
import { safeTenths } from '../limits/safe-tenths.ts';
import { isLive } from '../live/connection.ts';
import { Icon } from '../parts/icon.tsx';
import { Reading } from '../parts/reading.tsx';
import type { WordKey } from '../words/shape.ts';
import { t } from '../words/words.ts';
import { Fact, Facts } from './fact.tsx';
import { isOffWire, isTold, isUnasked, type Limit, limitsTold, toldAt } from './told.ts';

const whyKey: { readonly [T in Telling]: WordKey } = {
  'nothing yet': 'inverter.whyNothingYet',
  'the truth': 'inverter.whyTruth',
  'last values': 'inverter.whyLast',
  stale: 'inverter.whyStale',
  'holds zero': 'inverter.whyZero',
  silence: 'inverter.whySilence',
  exception: 'inverter.whyException',
};

const units = { V: ['V', 1], A: ['A', 1], W: ['W', 0] } as const;

type Flag = (typeof flagsRead)[number];

interface WhatAndWhen {
  readonly told: AsRead;
  readonly at: (name: keyof AsRead) => number | undefined;
}

const LimitItem = ({ name, unit, value, at }: Limit & Pick<WhatAndWhen, 'at'>) => (
  <div>
    <dt>
      <abbr title={t(`limit.${name}`)}>{t(`limitShort.${name}`)}</abbr>
    </dt>
    <dd class="big">
      <Reading
        value={safeTenths(name, value)}
        unit={units[unit][0]}
        digits={units[unit][1]}
        at={at(name)}
        hidesAge
      />
    </dd>
  </div>
);

/** Only what its protocol has a place for, and what it asked for. */
function Limits({ told, at }: WhatAndWhen) {
  const limits = limitsTold(told);
  if (limits.length === 0) return <p>{t('inverter.noLimitTold')}</p>;
  return (
    <dl class="told-limits">
      {limits.map((limit) => (
        <LimitItem key={limit.name} {...limit} at={at} />
      ))}
    </dl>
  );
}

const RequestItem = ({ name, isOn }: { readonly name: Flag; readonly isOn: boolean }) => (
  <li data-on={isOn}>
    <Icon name={isOn ? 'well' : 'quiet'} size={18} />
    <span>
      {t(`inverter.${name}`)}: {t(isOn ? 'inverter.yes' : 'inverter.no')}
    </span>
  </li>
);

/** Only what its protocol has a place for; a list of nothing would be read out. */
function Requests({ told }: { readonly told: AsRead }) {
  const known = flagsRead.filter((name) => told[name] !== undefined);
  if (known.length === 0) return null;
  return (
    <ul class="told-requests">
      {known.map((name) => (
        <RequestItem key={name} name={name} isOn={told[name] === true} />
      ))}
    </ul>
  );
}

/** The older of two moments. */
const older = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** Not every protocol has a counter that beats. */
const Measured = ({ told, at, sampleAt }: WhatAndWhen & { readonly sampleAt: number | undefined }) => (
  <Facts>
    <Fact name={t('inverter.socTold')}>
      <Reading
        value={told.soc_told_pct === undefined ? undefined : safeTenths('soc_told_pct', told.soc_told_pct)}
        unit="%"
        digits={1}
        at={older(sampleAt, at('soc_told_pct'))}
      />
    </Fact>
    {told.heartbeat !== undefined && (
      <Fact name={t('inverter.heartbeat')}>
        <Reading value={told.heartbeat} at={at('heartbeat')} hidesAge />
      </Fact>
    )}
  </Facts>
);

function whyText(health: LiveInverter, wire: LiveWire | undefined): string {
  if (!isLive.value) return t('inverter.notHeard');
  if (isOffWire(wire)) return t('inverter.whyWire');
  if (health.asks_nothing && health.voice === 'never') return t('inverter.whyAsksNothing');
  return t(isTold(health) && isUnasked(health) ? 'inverter.whyNotAsked' : whyKey[health.telling]);
}

export function ToldPart({
  inverter,
  health,
  wire,
  bank,
}: {
  readonly inverter: SiteInverter;
  readonly health: LiveInverter | undefined;
  readonly wire: LiveWire | undefined;
  readonly bank: LiveBank | undefined;
}) {
  if (!health) return <p>{t('inverter.unservedText')}</p>;
  const why = <p>{whyText(health, wire)}</p>;
  const { told } = health;
  if (!bank || !told || !isTold(health) || isOffWire(wire)) return why;
  const at = (name: keyof AsRead) => toldAt({ inverter, health, evaluatedAtMs: bank.evaluated_at_ms }, name);
  return (
    <>
      {why}
      <Limits told={told} at={at} />
      <Measured told={told} at={at} sampleAt={bank.sample_at_ms} />
      {isLive.value && <Requests told={told} />}
    </>
  );
}
