// One event: what, of what, when and how long; opened, what the bank was like when it began.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PastEvent } from '../../model/api/past.ts';
import { durationText, momentText } from '../format.ts';
import { Fact, Facts } from '../inverter/fact.tsx';
import { wallMs } from '../live/connection.ts';
import { Badge, toneOfSeverity } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { go, parameter } from '../router.ts';
import { can } from '../session/session.ts';
import { GatewaySaid, gatewayText } from '../words/gateway-words.tsx';
import { t } from '../words/words.ts';
import { durationMs, isOpen } from './event-list.ts';
import { kindText, nameText, peakText, saysMore } from './event-words.ts';
import { snapshotView } from './snapshot.ts';
import { SnapshotPart } from './snapshot-part.tsx';

interface EventItemProps {
  readonly event: PastEvent;
  readonly acknowledge: (id: string) => Promise<string | undefined>;
}

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const dated = { dateStyle: 'short', timeStyle: 'medium' } as const;

function lastedText(event: PastEvent): string | undefined {
  const ms = durationMs(event, wallMs.value ?? event.began_ms);
  if (ms === undefined) return undefined;
  if (isOpen(event)) return t('events.lasts', { time: durationText(ms) });
  return ms < 1000 ? '< 1\u00a0s' : durationText(ms);
}

const endText = ({ ended_ms, ended_by, over }: PastEvent): string => {
  if (ended_ms === undefined) return t('events.notOver');
  const when = momentText(ended_ms, dated);
  if (ended_by === 'restart') return t('events.endedByRestart', { when });
  return over === undefined ? when : `${when} · ${gatewayText(over)}`;
};

function Acknowledge({ event, acknowledge }: EventItemProps) {
  const [why, setWhy] = useState<string>();
  const { acknowledged } = event;
  if (acknowledged)
    return (
      <p class="small soft">
        {t('events.acknowledgedBy', { by: acknowledged.by, when: momentText(acknowledged.at_ms, dated) })}
      </p>
    );
  if (!can('operator')) return null;
  return (
    <div class="row">
      <Button icon="well" onClick={async () => setWhy(await acknowledge(event.id))}>
        {t('events.acknowledge')}
      </Button>
      {why && <Problem>{why}</Problem>}
    </div>
  );
}

function Inside(p: EventItemProps) {
  const { event } = p;
  const view = snapshotView(event.snapshot);
  return (
    <div class="stack event-inside">
      <GatewaySaid as="p">{event.text}</GatewaySaid>
      <Facts>
        <Fact name={t('events.began')}>{momentText(event.began_ms, dated)}</Fact>
        <Fact name={t('events.ended')}>{endText(event)}</Fact>
        {event.peak && (
          <Fact name={t('events.peak')}>
            {peakText(event)} <span class="small soft">{nameText(event.peak.quantity)}</span>
          </Fact>
        )}
      </Facts>
      {view && <SnapshotPart view={view} />}
      <Acknowledge {...p} />
    </div>
  );
}

/** An address that names an event opens it and goes there, once. */
function useLinked(id: string) {
  const item = useRef<HTMLLIElement>(null);
  const isLinked = parameter('id') === id;
  const [isShown, setShown] = useState(isLinked);
  useEffect(() => {
    if (!isLinked) return;
    setShown(true);
    item.current?.scrollIntoView({ block: 'start' });
  }, []);
  const toggle = (isNow: boolean) => {
    setShown(isNow);
    if (isNow) go(`/events?id=${encodeURIComponent(id)}`, 'replace');
    else if (parameter('id') === id) go('/events', 'replace');
  };
  return { item, isShown, toggle };
}

export function EventItem(p: EventItemProps) {
  const { event } = p;
  const { item, isShown, toggle } = useLinked(event.id);
  const lasted = lastedText(event);
  return (
    <li ref={item} class="event" data-severity={event.severity}>
      <details
        open={isShown}
        onToggle={({ currentTarget }) => currentTarget.open !== isShown && toggle(currentTarget.open)}
      >
        <summary>
          <Badge tone={toneOfSeverity[event.severity]}>{t(`severity.${event.severity}`)}</Badge>
          <span class="event-what">
            <strong>{kindText(event)}</strong>
            {event.subject && <span class="soft event-subject">{event.subject}</span>}
            {!isShown && saysMore(event) && (
              <GatewaySaid class="event-text small soft">{event.text}</GatewaySaid>
            )}
          </span>
          <span class="event-when small soft numbers">
            {momentText(event.began_ms, isOpen(event) ? dated : clock)}
            {lasted && ` · ${lasted}`}
            {event.peak && ` · ${peakText(event)}`}
            {event.acknowledged && ` · ${t('events.seen')}`}
          </span>
        </summary>
        {isShown && <Inside {...p} />}
      </details>
    </li>
  );
}
