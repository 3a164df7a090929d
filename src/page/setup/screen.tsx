import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { t } from '../words/words.ts';

/** The whole page while `run --setup` makes a gateway file: it brings its own frame. */
export const Screen = () => (
  <main id="content">
    <Frame title={t('setup.title')}>
      <Empty icon="settings">{t('shell.soon')}</Empty>
    </Frame>
  </main>
);
