// The live log of the gateway.
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { LogMessage } from '../../model/api/wire-talk.ts';
import { momentText } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { download } from '../parts/download.ts';
import { Empty } from '../parts/empty.tsx';
import { Field, Select } from '../parts/field.tsx';
import { t } from '../words/words.ts';
import {
  isWanted,
  type LogFilter,
  type LogLine,
  logFile,
  logLevels,
  stretches,
  withLine,
} from './log-lines.ts';
import { watchedStream } from './stream.ts';
import { StreamNote } from './stream-note.tsx';

const lines = signal<readonly LogLine[]>([]);
const stream = watchedStream('/api/v1/log', {
  event: 'line',
  hear(data) {
    // The stream carries these messages and no others.
    lines.value = withLine(lines.value, JSON.parse(data) as LogMessage);
  },
  // The gateway tells its newest lines again.
  begin() {
    lines.value = [];
  },
});

/** More than this in the list makes a phone slow; the file has them all. */
const MOST_SHOWN = 400;

const Found = ({ text, searched }: { readonly text: string; readonly searched: string }) => (
  <>
    {stretches(text, searched).map(({ text: part, isFound }, i) =>
      isFound ? <mark key={i}>{part}</mark> : part,
    )}
  </>
);

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

const Line = ({ line, searched }: { readonly line: LogLine; readonly searched: string }) => (
  <li data-level={line.level}>
    <time class="soft" dateTime={new Date(line.wall_ms).toISOString()}>
      {momentText(line.wall_ms, clock)}
    </time>{' '}
    <strong>{line.level}</strong> {line.room && <span class="soft">{line.room} </span>}
    {line.battery && <span class="soft">{line.battery} </span>}
    <Found text={line.text} searched={searched} />
  </li>
);

function FilterBar({
  filter,
  onFilter,
}: {
  readonly filter: LogFilter;
  readonly onFilter: (f: LogFilter) => void;
}) {
  return (
    <div class="filter-bar">
      <Field
        label={t('inspector.search')}
        value={filter.text}
        onValue={(text) => onFilter({ ...filter, text })}
        input={{ type: 'search' }}
      />
      <Select
        label={t('inspector.level')}
        value={filter.level}
        options={logLevels.map((level) => [level, level])}
        onValue={(level) => onFilter({ ...filter, level })}
      />
    </div>
  );
}

export function LogPanel() {
  useEffect(stream.watch, []);
  const [filter, setFilter] = useState<LogFilter>({ level: 'trace', text: '' });
  const [still, setStill] = useState<readonly LogLine[]>();
  const wanted = (still ?? lines.value).filter((line) => isWanted(line, filter));
  return (
    <div class="stack" data-no-swipe>
      <FilterBar filter={filter} onFilter={setFilter} />
      <div class="row">
        <Button
          isLocal
          icon={still ? 'play' : 'pause'}
          onClick={() => setStill(still ? undefined : lines.value)}
        >
          {t(still ? 'inspector.resume' : 'inspector.pause')}
        </Button>
        <Button isLocal icon="download" onClick={() => download('bmsgate.log', logFile(wanted))}>
          {t('parts.download')}
        </Button>
      </div>
      <StreamNote state={stream.state.value} />
      {wanted.length === 0 ? (
        <Empty icon="inspector">
          {t(lines.value.length === 0 ? 'inspector.noLines' : 'inspector.nothingFits')}
        </Empty>
      ) : (
        <ol class="log mono">
          {wanted
            .slice(-MOST_SHOWN)
            .toReversed()
            .map((line) => (
              <Line key={line.number} line={line} searched={filter.text} />
            ))}
        </ol>
      )}
    </div>
  );
}
