import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { t } from '../words/words.ts';

export const Screen = () => (
  <Frame title={t('settings.title')}>
    <Empty icon="settings">{t('shell.soon')}</Empty>
  </Frame>
);
