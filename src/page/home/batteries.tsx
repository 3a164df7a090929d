// Each battery in a row, the one with the most trouble first. One that is missing is shown as missing.

import type { Live, LivePack } from '../../model/api/live.ts';
import { durationText, quantityText, temperatureSpanText, wholePct } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { isLive, nowMs } from '../live/connection.ts';
import { endsOf, numberOf, numbersOf, wordsOf } from '../live/values.ts';
import { Badge, iconOfFreshness, toneOfFreshness } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { Reading } from '../parts/reading.tsx';
import { site } from '../session/session.ts';
import { GatewaySaid } from '../words/gateway-words.tsx';
import { alarmText } from '../words/names.ts';
import { t } from '../words/words.ts';
import { byTrouble, isMissing, lossWord, spreadOf } from './trouble.ts';

const Alarms = ({ pack }: { readonly pack: LivePack }) => (
  <>
    {wordsOf(pack.reading, 'alarms').map((name) => (
      <Badge key={name} tone="alarm">
        {alarmText(name)}
      </Badge>
    ))}
    {wordsOf(pack.reading, 'warnings').map((name) => (
      <Badge key={name} tone="warn">
        {alarmText(name)}
      </Badge>
    ))}
  </>
);

/** Why it is not there, and what the bank does meanwhile. */
function Missing({ pack }: { readonly pack: LivePack }) {
  const made = site.value;
  const seen = pack.sample_at_ms;
  return (
    <div class="stack tight small">
      {pack.fault !== undefined && (
        <GatewaySaid as="p" within={(why) => t('home.doesNotCount', { why })}>
          {pack.fault}
        </GatewaySaid>
      )}
      <p>
        {seen === undefined
          ? t('home.neverSeen')
          : t('home.seen', { age: durationText(ageMs(seen, nowMs.value)) })}{' '}
        {made && t(`home.${lossWord(made.on_partial_loss, made.strings.length)}`)}
      </p>
      {pack.link?.why !== undefined && (
        <GatewaySaid as="p" class="soft">
          {pack.link.why}
        </GatewaySaid>
      )}
    </div>
  );
}

function Rest({ rest }: { readonly rest: NonNullable<LivePack['rest']> }) {
  const time = durationText(Math.max(0, rest.until_ms - (nowMs.value ?? rest.until_ms)));
  const word = rest.what === 'link' ? 'home.restingLink' : 'home.restingReading';
  return <p class="small">{t(word, { by: rest.by, time })}</p>;
}

function Values({ pack }: { readonly pack: LivePack }) {
  const { reading, sample_at_ms: at } = pack;
  const temperatures = endsOf(numbersOf(reading, 'temperatures_C'));
  const spread = spreadOf(pack);
  const text = temperatures && temperatureSpanText(...temperatures);
  const entries = [
    [
      t('home.socShort'),
      <Reading key="soc" value={wholePct(numberOf(reading, 'soc_pct'))} unit="%" at={at} hidesAge />,
    ],
    [
      t('home.voltage'),
      <Reading key="v" value={numberOf(reading, 'voltage_V')} unit="V" digits={2} at={at} hidesAge />,
    ],
    [
      t('home.current'),
      <Reading key="a" value={numberOf(reading, 'current_A')} unit="A" digits={1} at={at} hidesAge />,
    ],
    [
      t('home.temperature'),
      <Reading key="t" value={temperatures?.[1]} {...(text && { text })} at={at} hidesAge />,
    ],
    [
      t('home.cellsDelta'),
      <Reading
        key="d"
        value={spread}
        text={quantityText(spread === undefined ? undefined : spread * 1000, 'mV')}
        at={at}
        hidesAge
      />,
    ],
  ] as const;
  return (
    <dl class="values numbers">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt class="small soft">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Standing({ pack }: { readonly pack: LivePack }) {
  const { freshness, fault } = pack;
  if (fault !== undefined) return <Badge tone="alarm">{t('home.faulty')}</Badge>;
  const age = ageMs(pack.sample_at_ms, nowMs.value);
  if (!isLive.value)
    return (
      <Badge tone="quiet">
        {age === undefined ? t('parts.unknown') : t('shell.ageOf', { age: durationText(age) })}
      </Badge>
    );
  const words = [
    isMissing(pack) && t('home.missing'),
    t(`freshness.${freshness}`),
    age !== undefined && durationText(age),
  ];
  return (
    <Badge tone={toneOfFreshness[freshness]} icon={iconOfFreshness[freshness]}>
      {words.filter(Boolean).join(', ')}
    </Badge>
  );
}

function Battery({ id, pack }: { readonly id: string; readonly pack: LivePack }) {
  const rssi = pack.link?.rssi_dBm;
  return (
    <li class="battery" data-missing={isMissing(pack) ? '' : undefined}>
      <div class="row apart">
        <h3>{id}</h3>
        <span class="row small">
          <Alarms pack={pack} />
          {rssi !== undefined && (
            <span class="soft">{t('home.rssi', { value: quantityText(rssi, 'dBm') })}</span>
          )}
          <Standing pack={pack} />
        </span>
      </div>
      {pack.reading && <Values pack={pack} />}
      {isMissing(pack) && <Missing pack={pack} />}
      {pack.rest && <Rest rest={pack.rest} />}
    </li>
  );
}

export const Batteries = ({ all }: { readonly all: Live }) => (
  <Card title={t('home.batteries')}>
    <ul class="battery-list">
      {byTrouble(all.packs).map(([id, pack]) => (
        <Battery key={id} id={id} pack={pack} />
      ))}
    </ul>
  </Card>
);
