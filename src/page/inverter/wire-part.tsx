// The wire to an inverter: its state, what went wrong on it, answer times or beats, and what is asked.
import type { LiveDurations, LiveInverter, LiveWire } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import { DASH, numberText } from '../format.ts';
import { isLive } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { t } from '../words/words.ts';
import { AskedTable } from './asked-table.tsx';
import { Fact, Facts } from './fact.tsx';
import { Periods } from './periods.tsx';
import { troubleOf } from './wire-trouble.ts';

interface WirePartProps {
  readonly inverter: SiteInverter;
  readonly wire: LiveWire;
  readonly health: LiveInverter | undefined;
}

/** Below a tenth of a millisecond the number says nothing. */
const msText = (ms: number | undefined): string =>
  ms === undefined ? DASH : `${numberText(ms, ms < 10 ? 1 : 0)}\u00a0ms`;

const Durations = ({ name, of }: { readonly name: string; readonly of: LiveDurations | undefined }) =>
  of && of.count > 0 ? (
    <Fact name={name} isWide>
      {t('inverter.quantiles', { p50: msText(of.p50), p99: msText(of.p99), max: msText(of.max) })}
    </Fact>
  ) : null;

function WireTrouble({ wire }: { readonly wire: LiveWire }) {
  const { now, counted } = troubleOf(wire);
  if (!isLive.value) return <Badge tone="quiet">{t('parts.unknown')}</Badge>;
  return (
    <>
      {now ? (
        <div class="stack tight">
          <Badge tone={now === 'opening' ? 'quiet' : 'alarm'}>{t(`wireState.${now}`)}</Badge>
          <p>{t(`inverter.wire_${now}`)}</p>
        </div>
      ) : (
        <Badge tone="well">{t('wireState.open')}</Badge>
      )}
      {counted.length > 0 && (
        <ul class="plain-list small">
          {counted.map(({ counter, count }) => (
            <li key={counter}>{t(`inverter.count_${counter}`, { n: count })}</li>
          ))}
        </ul>
      )}
    </>
  );
}

export const WirePart = ({ inverter, wire, health }: WirePartProps) => (
  <>
    <h4>{t('inverter.wire', { wire: inverter.wire })}</h4>
    <WireTrouble wire={wire} />
    <Facts>
      <Durations name={t('inverter.answerTime')} of={wire.answer_time} />
      <Durations name={t('inverter.beat')} of={health?.beat} />
      {wire.kind === 'can' && (
        <>
          <Fact name={t('inverter.sent')}>{numberText(wire.counts.sent)}</Fact>
          <Fact name={t('inverter.received')}>{numberText(wire.counts.received)}</Fact>
          <Fact name={t('inverter.restarted')}>{numberText(wire.counts.restarted)}</Fact>
        </>
      )}
    </Facts>
    {wire.asked.length > 0 && <AskedTable asked={wire.asked} kind={wire.kind} />}
    {wire.kind === 'can' && <Periods wire={inverter.wire} />}
  </>
);
