import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { t } from '../words/words.ts';

export const Screen = () => (
  <Frame title={t('history.title')}>
    <Empty icon="history">{t('shell.soon')}</Empty>
  </Frame>
);
