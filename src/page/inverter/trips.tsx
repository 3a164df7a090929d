// The last times that the bank was late, stale or lost.
import type { LiveEvent } from '../../model/api/live.ts';
import { durationText, momentText } from '../format.ts';
import { wallMs } from '../live/connection.ts';
import { Badge, toneOfSeverity } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { t } from '../words/words.ts';

const lastedText = ({ began_ms, ended_ms }: LiveEvent): string =>
  ended_ms === undefined
    ? t('events.lasts', { time: durationText(Math.max(0, (wallMs.value ?? began_ms) - began_ms)) })
    : durationText(ended_ms - began_ms);

const columns = (): readonly Column<LiveEvent>[] => [
  { name: t('events.began'), cell: ({ began_ms }) => momentText(began_ms), isHead: true },
  {
    name: t('events.what'),
    cell: ({ severity, kind }) => <Badge tone={toneOfSeverity[severity]}>{t(`eventKind.${kind}`)}</Badge>,
  },
  { name: t('events.lasted'), cell: lastedText, isNumber: true },
];

interface TripsProps {
  readonly trips: readonly LiveEvent[];
  /** The bank was complete once: before that it cannot be late. */
  readonly hasBegun: boolean;
}

export const Trips = ({ trips, hasBegun }: TripsProps) => (
  <Card title={t('inverter.trips')}>
    {trips.length === 0 ? (
      <p class="soft">{t(hasBegun ? 'inverter.noTrips' : 'inverter.notOnLadder')}</p>
    ) : (
      <Table
        caption={t('inverter.tripsTable')}
        hidesCaption
        columns={columns()}
        rows={trips}
        keyOf={({ began_ms, kind }) => `${began_ms} ${kind}`}
      />
    )}
  </Card>
);
