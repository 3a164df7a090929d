// The frame around every screen.
import { computed } from '@preact/signals';
import { isLive, live } from '../live/connection.ts';
import { tabNow } from '../router.ts';
import { t } from '../words/words.ts';
import { LostBanner } from './banner.tsx';
import { NotFound, screens } from './screens.tsx';
import { Strip } from './strip.tsx';
import { useSwipe } from './swipe.ts';
import { Tabs } from './tabs.tsx';

/** What is seen is of before. */
const isLost = computed(() => live.value !== undefined && !isLive.value);

export function Shell() {
  useSwipe();
  const tab = tabNow.value;
  const Shown = tab ? screens[tab] : NotFound;
  return (
    <div class="frame" data-lost={isLost.value ? '' : undefined}>
      <a class="skip" href="#content">
        {t('shell.skip')}
      </a>
      <LostBanner />
      <Strip />
      <Tabs />
      <main id="content" tabIndex={-1} key={tab ?? 'none'}>
        <Shown />
      </main>
    </div>
  );
}
