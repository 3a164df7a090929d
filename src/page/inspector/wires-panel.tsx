// The live list of frames and questions, grouped by what is said again and again.
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field, Select } from '../parts/field.tsx';
import { FiltersFold } from '../parts/fold.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import type { Heard } from './heard.ts';
import { HeardItem } from './heard-item.tsx';
import { wordsOf } from './heard-words.ts';
import { LineNotes } from './line-notes.tsx';
import { RecordBar } from './record-bar.tsx';
import { heardSince } from './strangers.ts';
import { StrangersCard } from './strangers-card.tsx';
import { StreamNote } from './stream-note.tsx';
import { book, buses, forget, talkState, watchedSinceMs, watchTalk } from './talk.ts';
import { fits, inOrder, type TalkFilter } from './talk-book.ts';

const everything: TalkFilter = { text: '', way: 'both', of: '' };

function FilterBar({
  filter,
  onFilter,
}: {
  readonly filter: TalkFilter;
  readonly onFilter: (f: TalkFilter) => void;
}) {
  const inverters = site.value?.inverters ?? [];
  const sources = [...new Set(inverters.flatMap(({ id, wire }) => [wire, id]))];
  return (
    <div class="filter-bar">
      <Field
        label={t('inspector.search')}
        value={filter.text}
        onValue={(text) => onFilter({ ...filter, text })}
        input={{ type: 'search', placeholder: '0x351, soc_pct, 4C00' }}
      />
      <Select
        label={t('inspector.source')}
        value={filter.of}
        options={[['', t('inspector.all')], ...sources.map((source) => [source, source] as const)]}
        onValue={(of) => onFilter({ ...filter, of })}
      />
      <Choices
        label={t('inspector.way')}
        value={filter.way}
        options={[
          ['both', t('inspector.both')],
          ['>', t('inspector.sent')],
          ['<', t('inspector.received')],
        ]}
        onValue={(way) => onFilter({ ...filter, way })}
      />
    </div>
  );
}

function Skipped() {
  const { skipped, beyond } = book.value;
  return (
    <>
      {skipped > 0 && <p class="small soft">{t('inspector.skipped', { n: skipped })}</p>}
      {beyond > 0 && <p class="small soft">{t('inspector.beyond', { n: beyond })}</p>}
    </>
  );
}

/** What is on the wires beside what is said with our inverters: it is received. */
function Others({ filter }: { readonly filter: TalkFilter }) {
  const sinceMs = watchedSinceMs.value ?? Number.NEGATIVE_INFINITY;
  const inverters = site.value?.inverters ?? [];
  const isOf = (wire: string): boolean =>
    ['', wire].includes(filter.of) || inverters.some((one) => one.id === filter.of && one.wire === wire);
  if (filter.way === '>') return null;
  return (
    <>
      <LineNotes isOf={isOf} />
      {buses.value
        .filter(({ wire }) => isOf(wire))
        .map((bus) => (
          <StrangersCard key={bus.wire} bus={heardSince(bus, sinceMs)} filter={filter} />
        ))}
    </>
  );
}

export function WiresPanel() {
  useEffect(watchTalk, []);
  const [filter, setFilter] = useState(everything);
  // A list that stands still, while the stream goes on.
  const [still, setStill] = useState<readonly Heard[] | undefined>(undefined);
  const now = [...book.value.heard.values()].sort(inOrder);
  const shown = (still ?? now).filter((heard) =>
    fits(heard, filter, filter.text === '' ? '' : wordsOf(heard)),
  );
  return (
    <div class="stack" data-no-swipe>
      <FiltersFold isFiltering={filter.text !== '' || filter.way !== 'both' || filter.of !== ''}>
        <FilterBar filter={filter} onFilter={setFilter} />
      </FiltersFold>
      <div class="row">
        <Button isLocal icon={still ? 'play' : 'pause'} onClick={() => setStill(still ? undefined : now)}>
          {t(still ? 'inspector.resume' : 'inspector.pause')}
        </Button>
        <Button isLocal onClick={forget}>
          {t('inspector.forget')}
        </Button>
        <RecordBar />
      </div>
      <StreamNote state={talkState.value} />
      <Skipped />
      <Others filter={filter} />
      {shown.length === 0 ? (
        <Empty icon="inspector">
          {t(now.length === 0 ? 'inspector.nothingYet' : 'inspector.nothingFits')}
        </Empty>
      ) : (
        <ul class="heard-list">
          {shown.map((heard) => (
            <HeardItem key={heard.key} heard={heard} />
          ))}
        </ul>
      )}
    </div>
  );
}
