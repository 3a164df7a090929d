// The picture of the energy: batteries, bank, inverters, and which way it goes between them.
import type { Live, LiveBank, LiveInverter, LiveWire } from '../../model/api/live.ts';
import { powerText } from '../format.ts';
import { isLive } from '../live/connection.ts';
import { numberOf } from '../live/values.ts';
import { Badge, iconOfFreshness, toneOfFreshness } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { Icon } from '../parts/icon.tsx';
import { ageStateNow, Reading } from '../parts/reading.tsx';
import { isWireGood } from '../shell/standing.ts';
import { t } from '../words/words.ts';
import { BankReading, isBankOld } from './bank-reading.tsx';
import { type BatteryFlow, batteryFlows, type Way, wayOf } from './flow-view.ts';

/** More than these are told as one. */
const MOST_SHOWN = 8;

/** A line with moving dashes and an arrow; it lies or stands as there is room. */
const Stream = ({ way }: { readonly way: Way }) => (
  <div class="stream" data-way={way} aria-hidden="true">
    <span class="bed">
      <span class="dashes" />
    </span>
    {(way === 'charging' || way === 'discharging') && <span class="arrow" />}
  </div>
);

function BatteryChip({
  flow,
  freshness,
}: {
  flow: BatteryFlow;
  freshness: Live['packs'][string]['freshness'];
}) {
  const isOld = ageStateNow(flow.atMs) === 'old';
  return (
    <li class="chip" data-way={isOld ? 'unknown' : wayOf(flow.powerW)}>
      <span class="row">
        <Icon name="battery" size={18} />
        <strong>{flow.id}</strong>
        <Reading value={flow.socPct} unit="%" at={flow.atMs} hidesAge />
      </span>
      {freshness === 'fresh' ? (
        <Reading value={flow.powerW} text={powerText(flow.powerW)} at={flow.atMs} hidesAge />
      ) : (
        <Badge tone={toneOfFreshness[freshness]} icon={iconOfFreshness[freshness]}>
          {t(`freshness.${freshness}`)}
        </Badge>
      )}
    </li>
  );
}

function Batteries({ all }: { readonly all: Live }) {
  const flows = batteryFlows(all);
  const fresh = Object.values(all.packs).filter(
    (p) => p.freshness === 'fresh' || p.freshness === 'late',
  ).length;
  return (
    <div class="node">
      <h3 class="small soft">{t('home.batteries')}</h3>
      {flows.length > MOST_SHOWN ? (
        <p class="chip">
          <strong>{t('home.packCount', { n: flows.length })}</strong>
          <span>{t('home.packsHeard', { n: fresh, all: flows.length })}</span>
        </p>
      ) : (
        <ul class="chips">
          {flows.map((flow) => (
            <BatteryChip key={flow.id} flow={flow} freshness={all.packs[flow.id]?.freshness ?? 'never'} />
          ))}
        </ul>
      )}
    </div>
  );
}

const Bank = ({ bank, way }: { readonly bank: LiveBank; readonly way: Way }) => (
  <div class="node bank" data-way={way}>
    <h3 class="small soft">{t('home.bank')}</h3>
    <p class="numbers lead">
      <BankReading
        bank={bank}
        value={numberOf(bank.signals, 'power_W')}
        text={powerText(absolute(numberOf(bank.signals, 'power_W')))}
      />
    </p>
    {way !== 'unknown' && (
      <Badge
        tone="quiet"
        icon={way === 'charging' ? 'charge' : way === 'discharging' ? 'discharge' : 'quiet'}
      >
        {t(`home.${way}`)}
      </Badge>
    )}
    <p class="numbers small soft">
      <BankReading bank={bank} value={numberOf(bank.signals, 'voltage_V')} unit="V" digits={1} />
    </p>
  </div>
);

const absolute = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.abs(value);

const toneOfVoice = { never: 'quiet', heard: 'well', back: 'well', silent: 'alarm' } as const;
const iconOfVoice = { never: 'quiet', heard: 'link', back: 'link', silent: 'broken' } as const;

/** Whether it listens; over a wire that is down nobody does. */
function Voice({ voice, wire }: { voice: LiveInverter['voice']; wire: LiveWire | undefined }) {
  if (!isLive.value) return <Badge tone="quiet">{t('parts.unknown')}</Badge>;
  if (wire && !isWireGood(wire))
    return (
      <Badge tone="alarm" icon="broken">
        {t(`wireState.${wire.state}`)}
      </Badge>
    );
  return (
    <Badge tone={toneOfVoice[voice]} icon={iconOfVoice[voice]}>
      {t(`voice.${voice}`)}
    </Badge>
  );
}

const Inverters = ({ all }: { readonly all: Live }) => (
  <div class="node">
    <h3 class="small soft">{t('home.inverters')}</h3>
    <ul class="chips">
      {Object.entries(all.inverters).map(([id, { voice, wire }]) => (
        <li key={id} class="chip">
          <span class="row">
            <Icon name="inverter" size={18} />
            <strong>{id}</strong>
          </span>
          <Voice voice={voice} wire={all.wires[wire]} />
        </li>
      ))}
    </ul>
  </div>
);

const sentences = {
  charging: 'home.flowCharging',
  discharging: 'home.flowDischarging',
  idle: 'home.flowIdle',
  unknown: 'home.flowUnknown',
} as const;

export function Flow({ all, bank }: { readonly all: Live; readonly bank: LiveBank }) {
  const powerW = numberOf(bank.signals, 'power_W');
  const way = isBankOld(bank) ? 'unknown' : wayOf(powerW);
  return (
    <Card title={t('home.flow')} class="flow">
      <p class="hidden-text">{t(sentences[way], { power: powerText(absolute(powerW)) })}</p>
      <div class="flow-picture">
        <Batteries all={all} />
        <Stream way={way} />
        <Bank bank={bank} way={way} />
        <Stream way={way} />
        <Inverters all={all} />
      </div>
    </Card>
  );
}
