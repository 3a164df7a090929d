// What happened: what lasts first, then day by day.
import { useState } from 'preact/hooks';
import { momentText } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Empty, Spinner } from '../parts/empty.tsx';
import { Check, Select } from '../parts/field.tsx';
import { FiltersFold } from '../parts/fold.tsx';
import { Problem } from '../parts/problem.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { EventItem } from './event-item.tsx';
import { type EventFilter, listOf, subjectsOf } from './event-list.ts';
import { type PastEvents, usePastEvents } from './past-events.ts';
import './events.css';

interface FilterProps {
  readonly filter: EventFilter;
  readonly subjects: readonly string[];
  readonly onFilter: (filter: EventFilter) => void;
}

const Filters = ({ filter, subjects, onFilter }: FilterProps) => (
  <div class="event-filters">
    <Select
      label={t('events.severity')}
      value={filter.severity}
      options={[
        ['all', t('events.all')],
        ['warning', t('events.from_warning')],
        ['alarm', t('events.from_alarm')],
      ]}
      onValue={(severity) => onFilter({ ...filter, severity })}
    />
    <Select
      label={t('events.subject')}
      value={filter.subject}
      options={[['', t('events.all')], ...subjects.map((subject) => [subject, subject] as const)]}
      onValue={(subject) => onFilter({ ...filter, subject })}
    />
    <Check
      label={t('events.openOnly')}
      isOn={filter.isOpenOnly}
      onChange={(isOpenOnly) => onFilter({ ...filter, isOpenOnly })}
    />
  </div>
);

function Lists({ past, filter }: { readonly past: PastEvents; readonly filter: EventFilter }) {
  const { open, days } = listOf(past.events, filter);
  const item = (event: (typeof open)[number]) => (
    <EventItem key={event.id} event={event} acknowledge={past.acknowledge} />
  );
  return (
    <>
      <Card title={t('events.open')}>
        {open.length === 0 ? (
          <p class="soft">{t('events.noneOpen')}</p>
        ) : (
          <ul class="event-list">{open.map(item)}</ul>
        )}
      </Card>
      {days.map(({ dayMs, events }) => (
        <Card key={dayMs} title={momentText(dayMs, { dateStyle: 'full' })}>
          <ul class="event-list">{events.map(item)}</ul>
        </Card>
      ))}
      {open.length === 0 && days.length === 0 && !past.isAsking && (
        <Empty icon="events">{t(past.events.length === 0 ? 'events.none' : 'events.noneFits')}</Empty>
      )}
    </>
  );
}

function Events() {
  const past = usePastEvents();
  const [filter, setFilter] = useState<EventFilter>({ severity: 'all', subject: '', isOpenOnly: false });
  return (
    <>
      <FiltersFold isFiltering={filter.severity !== 'all' || filter.subject !== '' || filter.isOpenOnly}>
        <Filters filter={filter} subjects={subjectsOf(past.events)} onFilter={setFilter} />
      </FiltersFold>
      {site.value?.has_history === false && <p class="small soft">{t('events.fromMemory')}</p>}
      {past.why && <Problem>{past.why}</Problem>}
      <Lists past={past} filter={filter} />
      {past.isAsking && <Spinner />}
      {past.hasMore && !past.isAsking && (
        <Button onClick={past.more} icon="down">
          {t('events.more')}
        </Button>
      )}
    </>
  );
}

export const Screen = () => (
  <Frame title={t('events.title')}>
    <Events />
  </Frame>
);
