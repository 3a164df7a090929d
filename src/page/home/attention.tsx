// What a person should look at: events that last, what the gateway itself finds wrong, and the notices of the bank.
import type { Live } from '../../model/api/live.ts';
import { eventKinds } from '../../model/events.ts';
import { Badge, toneOfSeverity } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { Link } from '../shell/link.tsx';
import { isActive } from '../shell/standing.ts';
import { GatewaySaid } from '../words/gateway-words.tsx';
import { alarmText } from '../words/names.ts';
import { t } from '../words/words.ts';

const weight = { alarm: 0, warning: 1, info: 2 } as const;

/** Those that last and want a look, the gravest first. */
const urgent = ({ events }: Live) =>
  Object.entries(events)
    .filter(([, event]) => isActive(event) && event.severity !== 'info' && event.kind in eventKinds)
    .toSorted(([, a], [, b]) => weight[a.severity] - weight[b.severity] || b.began_ms - a.began_ms);

const isCalm = (all: Live): boolean => urgent(all).length + (all.bank?.notices.length ?? 0) === 0;

export const Calm = ({ all }: { readonly all: Live }) =>
  isCalm(all) ? <Badge tone="well">{t('home.noTrouble')}</Badge> : null;

export function Attention({ all }: { readonly all: Live }) {
  const events = urgent(all);
  const notices = all.bank?.notices ?? [];
  if (isCalm(all)) return null;
  return (
    <Card title={t('home.trouble')} class="attention">
      <ul class="stack">
        {events.map(([id, { kind, severity, subject, alarm, text }]) => (
          <li key={id} class="stack tight">
            <Link to={`/events?id=${encodeURIComponent(id)}`}>
              <Badge tone={toneOfSeverity[severity]}>
                {t(`eventKind.${kind}`)}
                {subject === undefined ? '' : `: ${subject}`}
                {alarm !== undefined && ` – ${alarmText(alarm)}`}
              </Badge>
            </Link>
            <GatewaySaid class="small soft">{text}</GatewaySaid>
          </li>
        ))}
        {notices.map((notice) => (
          <li key={notice}>
            <Badge tone="info">
              <GatewaySaid>{notice}</GatewaySaid>
            </Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
