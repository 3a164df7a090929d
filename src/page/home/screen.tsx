import { live } from '../live/connection.ts';
import { Card } from '../parts/card.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Reading } from '../parts/reading.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { t } from '../words/words.ts';

export function Screen() {
  const bank = live.value?.bank;
  const soc = bank?.signals.soc_pct;
  return (
    <Frame title={t('home.title')}>
      {!bank ? (
        <Spinner>{t('home.waiting')}</Spinner>
      ) : (
        <Card title={t('home.soc')}>
          <Reading value={typeof soc === 'number' ? soc : undefined} unit="%" at={bank.sample_at_ms} />
        </Card>
      )}
    </Frame>
  );
}
