// One inverter: what it is, what it is told, and whether it listens.
import type { LiveBank, LiveInverter, LiveWire } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import { isLive } from '../live/connection.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { t } from '../words/words.ts';
import { LadderPart } from './ladder-part.tsx';
import { ListensPart } from './listens-part.tsx';
import { SensedPart } from './sensed-part.tsx';
import { isOffWire, isTold, isUnasked } from './told.ts';
import { ToldPart } from './told-part.tsx';
import { WirePart } from './wire-part.tsx';

interface InverterCardProps {
  readonly inverter: SiteInverter;
  readonly health: LiveInverter | undefined;
  readonly wire: LiveWire | undefined;
  readonly bank: LiveBank | undefined;
}

const toneOfTelling: { readonly [T in LiveInverter['telling']]: Tone } = {
  'nothing yet': 'quiet',
  'the truth': 'well',
  'last values': 'warn',
  stale: 'alarm',
  'holds zero': 'alarm',
  silence: 'alarm',
  exception: 'alarm',
};

const toneOfVoice: { readonly [V in LiveInverter['voice']]: Tone } = {
  never: 'quiet',
  heard: 'well',
  silent: 'alarm',
  back: 'well',
};

const Identity = ({ inverter, health }: Pick<InverterCardProps, 'inverter' | 'health'>) => (
  <p class="soft small">
    {inverter.title} · <code>{health?.profile ?? inverter.profile}</code> · <code>{inverter.wire}</code>
    {inverter.units.length > 0 && ` · ${t('inverter.units', { units: inverter.units.join(', ') })}`} ·{' '}
    {t('inverter.evidence', { evidence: evidenceText(inverter.evidence) })}
  </p>
);

/** A kind of evidence that this page does not know stands as it is. */
function evidenceText(evidence: string): string {
  switch (evidence) {
    case 'vendor':
    case 'capture':
    case 'field':
    case 'inferred':
      return t(`inverter.evidence_${evidence}`);
    default:
      return evidence;
  }
}

interface StandingProps {
  readonly health: LiveInverter;
  readonly wire: LiveWire | undefined;
}

/** One that does not ask is told nothing, whatever it would be told. */
function Told({ health, wire }: StandingProps) {
  if (isOffWire(wire)) return <Badge tone="alarm">{t('inverter.offWire')}</Badge>;
  if (isTold(health) && isUnasked(health)) return null;
  return (
    <Badge tone={toneOfTelling[health.telling]}>
      {t('inverter.isTold', { what: t(`telling.${health.telling}`) })}
    </Badge>
  );
}

const Heard = ({ voice, asks_nothing }: LiveInverter) =>
  asks_nothing ? (
    <Badge tone="alarm">{t('inverter.asksForNothing')}</Badge>
  ) : (
    <Badge tone={toneOfVoice[voice]}>{t(`voice.${voice}`)}</Badge>
  );

const Badges = ({ health, wire }: StandingProps) => (
  <div class="row">
    <Told health={health} wire={wire} />
    {!isOffWire(wire) && <Heard {...health} />}
  </div>
);

/** Of a gateway that is not heard nobody knows what it tells now. */
function Standing({ health, wire }: Pick<InverterCardProps, 'health' | 'wire'>) {
  if (!isLive.value) return <Badge tone="quiet">{t('parts.unknown')}</Badge>;
  return health ? (
    <Badges health={health} wire={wire} />
  ) : (
    <Badge tone="quiet">{t('inverter.unserved')}</Badge>
  );
}

export const InverterCard = ({ inverter, health, wire, bank }: InverterCardProps) => (
  <Card title={inverter.id} class="inverter-card" aside={<Standing health={health} wire={wire} />}>
    <Identity inverter={inverter} health={health} />
    <div class="inverter-halves">
      <div class="stack">
        <h3>{t('inverter.told')}</h3>
        <ToldPart inverter={inverter} health={health} wire={wire} bank={bank} />
      </div>
      <div class="stack">
        <h3>{t('inverter.listens')}</h3>
        <ListensPart inverter={inverter} health={health} wire={wire} />
        {health?.sensed && <SensedPart sensed={health.sensed} told={health.told} bank={bank} />}
        {wire && <WirePart inverter={inverter} wire={wire} health={health} />}
      </div>
    </div>
    <LadderPart bank={bank} told={health?.told} lost={inverter.lost} />
  </Card>
);
