// How the bank stands, at one glance.
import { isLive, live } from '../live/connection.ts';
import { Empty, Spinner } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { Attention, Calm } from './attention.tsx';
import { Batteries } from './batteries.tsx';
import { Flow } from './flow.tsx';
import { Limits } from './limits.tsx';
import { Measured } from './measured.tsx';
import { StateOfCharge } from './ring.tsx';

function Content() {
  const all = live.value;
  const made = site.value;
  if (!all || !made) return <Spinner>{t('home.waiting')}</Spinner>;
  if (made.batteries.length === 0) return <Empty icon="battery">{t('home.noBattery')}</Empty>;
  const { bank } = all;
  return (
    <>
      <Attention all={all} />
      {bank ? (
        <>
          <div class="hero">
            <StateOfCharge bank={bank} />
            <Flow all={all} bank={bank} />
          </div>
          <div class="halves">
            <Measured bank={bank} site={made} />
            <Limits bank={bank} />
          </div>
        </>
      ) : (
        <Spinner>{t('home.waiting')}</Spinner>
      )}
      <Batteries all={all} />
    </>
  );
}

export const Screen = () => (
  <Frame title={t('home.title')} aside={isLive.value && live.value?.bank && <Calm all={live.value} />}>
    <Content />
  </Frame>
);
