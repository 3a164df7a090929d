import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { t } from '../words/words.ts';

export const Screen = () => (
  <Frame title={t('inverter.title')}>
    <Empty icon="inverter">{t('shell.soon')}</Empty>
  </Frame>
);
