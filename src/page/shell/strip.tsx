// Always in sight: how the bank stands, how old its data is, whether the inverter listens, how many alarms there are.
import type { ComponentChildren } from 'preact';
import type { Live, LiveWire } from '../../model/api/live.ts';
import type { Freshness } from '../../model/freshness.ts';
import { durationText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { isLive, live, nowMs } from '../live/connection.ts';
import { Badge, iconOfFreshness, type Tone, toneOfFreshness } from '../parts/badge.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { ageStateNow } from '../parts/reading.tsx';
import { Struck } from '../parts/struck.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { alarmCounts, type LinkStanding, linkStanding } from './standing.ts';

/** An evaluation that is out of date is told by nobody, whatever rung it had. */
function bankFreshness(bank: Live['bank'] | undefined): Freshness {
  if (!bank) return 'never';
  const now = nowMs.value;
  if (!isLive.value || (now !== undefined && now > bank.valid_until_ms)) return 'lost';
  return bank.freshness;
}

interface WithBank {
  readonly bank: Live['bank'] | undefined;
}

function BankItem({ bank }: WithBank) {
  const freshness = bankFreshness(bank);
  return (
    <Badge tone={toneOfFreshness[freshness]} icon={iconOfFreshness[freshness]}>
      {t(`freshness.${freshness}`)}
    </Badge>
  );
}

const toneOfAge: { readonly [S in ReturnType<typeof ageStateNow>]: Tone } = {
  fresh: 'well',
  late: 'warn',
  old: 'alarm',
  unknown: 'quiet',
};

function AgeItem({ bank }: WithBank) {
  const at = bank?.sample_at_ms;
  const state = ageStateNow(at);
  return (
    <Badge tone={toneOfAge[state]}>
      {at === undefined
        ? t('shell.ageUnknown')
        : t('shell.ageOf', { age: durationText(ageMs(at, nowMs.value)) })}
    </Badge>
  );
}

const toneOfLink: { readonly [S in LinkStanding]: Tone } = {
  none: 'quiet',
  never: 'quiet',
  heard: 'well',
  silent: 'alarm',
  wire: 'alarm',
  unserved: 'alarm',
};

function linkWord(standing: LinkStanding, wireState: LiveWire['state'] = 'unavailable'): string {
  if (standing === 'none') return t('shell.noInverter');
  return standing === 'wire' || standing === 'unserved'
    ? t('shell.wireIs', { state: t(`wireState.${wireState}`) })
    : t(`voice.${standing}`);
}

function LinkItem({ all }: { readonly all: Live }) {
  const { worst, heard, all: count, wireState } = linkStanding(all);
  if (!isLive.value) return <Badge tone="quiet">{t('parts.unknown')}</Badge>;
  const tone = toneOfLink[worst];
  const icon = tone === 'alarm' ? 'broken' : tone === 'well' ? 'link' : 'quiet';
  return (
    <Badge tone={tone} icon={icon}>
      {worst !== 'wire' && count > 1 && heard > 0 && heard < count
        ? `${heard}/${count} ${t('voice.heard')}`
        : linkWord(worst, wireState)}
    </Badge>
  );
}

function AlarmItem({ all }: { readonly all: Live }) {
  const { alarms, warnings } = alarmCounts(all);
  const isOld = !isLive.value;
  if (alarms > 0)
    return (
      <Badge tone="alarm">
        <Struck isOld={isOld}>{t('shell.alarmCount', { n: alarms })}</Struck>
      </Badge>
    );
  if (warnings > 0)
    return (
      <Badge tone="warn">
        <Struck isOld={isOld}>{t('shell.warningCount', { n: warnings })}</Struck>
      </Badge>
    );
  // That there are none is known while the gateway is heard.
  return isOld ? (
    <Badge tone="quiet">{t('parts.unknown')}</Badge>
  ) : (
    <Badge tone="well">{t('shell.noAlarms')}</Badge>
  );
}

interface ItemProps {
  readonly icon: IconName;
  readonly name: string;
  readonly children: ComponentChildren;
}

const Name = ({ icon, name }: Pick<ItemProps, 'icon' | 'name'>) => (
  <dt>
    <Icon name={icon} size={16} />
    <span>{name}</span>
  </dt>
);

const Item = ({ icon, name, isWords, children }: ItemProps & { readonly isWords?: boolean }) => (
  <div>
    <Name icon={icon} name={name} />
    <dd class={isWords ? 'told' : 'numbers'}>{children}</dd>
  </div>
);

/** Read out when it changes. */
const SpokenItem = ({ icon, name, children }: ItemProps) => (
  <div>
    <Name icon={icon} name={name} />
    <dd class="told" aria-live="polite">
      {children}
    </dd>
  </div>
);

export function Strip() {
  const all = live.value;
  if (!all)
    return (
      <header class="strip">
        <p>{t('shell.connecting')}</p>
      </header>
    );
  return (
    <header class="strip">
      <dl aria-label={t('shell.status')}>
        <Item icon="battery" name={t('shell.bank')}>
          <BankItem bank={all.bank} />
        </Item>
        <Item icon="clock" name={t('shell.age')}>
          <AgeItem bank={all.bank} />
        </Item>
        <Item icon="inverter" name={t('shell.link')} isWords>
          <LinkItem all={all} />
        </Item>
        <SpokenItem icon="events" name={t('shell.alarms')}>
          <AlarmItem all={all} />
        </SpokenItem>
      </dl>
      {site.value?.is_demo && <p class="demo-note">{t('shell.demo')}</p>}
    </header>
  );
}
