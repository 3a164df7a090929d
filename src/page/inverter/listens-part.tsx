// Whether an inverter listens: when it was heard, how often, and when its silence counts.
import type { LiveInverter, LiveWire } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import { durationText, numberText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { isLive, nowMs } from '../live/connection.ts';
import { t } from '../words/words.ts';
import { Fact, Facts } from './fact.tsx';
import { isHeardByKeepAlive, listensKey } from './listens.ts';
import { isOffWire } from './told.ts';

interface ListensProps {
  readonly inverter: SiteInverter;
  readonly health: LiveInverter | undefined;
  readonly wire: LiveWire | undefined;
}

function voiceText({ inverter, health, wire }: ListensProps): string {
  if (!isLive.value) return t('inverter.listensUnknown');
  if (isOffWire(wire)) return t('inverter.nothingHeard');
  return t(listensKey({ inverter, health, wire }));
}

export function ListensPart(p: ListensProps) {
  const { inverter, health, wire } = p;
  const age = ageMs(health?.heard_at_ms, nowMs.value);
  return (
    <>
      <p>{voiceText(p)}</p>
      <Facts>
        <Fact name={t(isHeardByKeepAlive(p) ? 'inverter.lastKeepAlive' : 'inverter.lastPoll')}>
          {age === undefined ? '–' : t('inverter.ago', { time: durationText(age) })}
        </Fact>
        <Fact name={t('inverter.perMinute')}>{numberText(health?.heard_per_minute)}</Fact>
        <Fact name={t('inverter.heardAll')}>{numberText(health?.heard)}</Fact>
        <Fact name={t('inverter.silentAfter')}>
          {inverter.silent_after_ms === undefined
            ? t('inverter.needNotSpeak')
            : durationText(inverter.silent_after_ms)}
        </Fact>
        {wire?.masters !== undefined && <Fact name={t('inverter.masters')}>{numberText(wire.masters)}</Fact>}
      </Facts>
    </>
  );
}
