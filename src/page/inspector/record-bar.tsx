// Records what is heard, and hands it over as files that other programs read.
import { numberText } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { download } from '../parts/download.ts';
import { t } from '../words/words.ts';
import { candumpLog, talkCsv, talkJson } from './export-talk.ts';
import { isRecording, record, recordedCount, recording } from './talk.ts';

const fileName = (ending: string): string =>
  `bmsgate-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${ending}`;

function Exports() {
  const items = () => recording.value.items();
  const isThere = (kind: 'frame' | 'other') =>
    items().some(({ talk }) => (talk.kind === 'frame') === (kind === 'frame'));
  return (
    <>
      {isThere('frame') && (
        <Button isLocal icon="download" onClick={() => download(fileName('log'), candumpLog(items()))}>
          candump
        </Button>
      )}
      {isThere('other') && (
        <Button
          isLocal
          icon="download"
          onClick={() => download(fileName('csv'), talkCsv(items()), 'text/csv')}
        >
          CSV
        </Button>
      )}
      <Button
        isLocal
        icon="download"
        onClick={() => download(fileName('json'), talkJson(items()), 'application/json')}
      >
        JSON
      </Button>
    </>
  );
}

function Lost() {
  const { oldest, skipped } = recording.value.lost();
  if (oldest + skipped === 0) return null;
  return <span class="small soft">{t('inspector.recordLost', { oldest, skipped })}</span>;
}

export const RecordBar = () => (
  <>
    <Button
      isLocal
      icon={isRecording.value ? 'pause' : 'record'}
      look={isRecording.value ? 'danger' : 'plain'}
      onClick={() => record(!isRecording.value)}
    >
      {isRecording.value
        ? t('inspector.stopRecording', { n: numberText(recordedCount.value) })
        : t('inspector.record')}
    </Button>
    {!isRecording.value && recordedCount.value > 0 && <Exports />}
    {recordedCount.value > 0 && <Lost />}
  </>
);
