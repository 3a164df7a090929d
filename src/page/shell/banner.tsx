// The gateway is not heard, or judges nothing any more: said over the whole page, with what to do.
import { durationText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { browserNowMs, connectNow, heardAtMs, link, live, nowMs, past } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { t } from '../words/words.ts';

const pastWords = {
  /** What serves the inverters says nothing new: they are answered nothing either. */
  still: ['shell.still', 'shell.stillText', 'shell.stillSince'],
  slow: ['shell.slow', 'shell.slowText', 'shell.slowBy'],
} as const;

/** The page is served, and what it tells is past its moment. */
function PastBanner({ because }: { readonly because: keyof typeof pastWords }) {
  const [title, text, how] = pastWords[because];
  const age = ageMs(live.value?.bank?.evaluated_at_ms, nowMs.value);
  return (
    <div class="banner">
      <div role="alert">
        <h2>
          <Badge tone="alarm" icon="broken">
            {t(title)}
          </Badge>
        </h2>
        <p>{t(text)}</p>
        <p class="soft" aria-live="off">
          {t(how, { age: durationText(age) })}
        </p>
      </div>
    </div>
  );
}

export function LostBanner() {
  if (past.value) return <PastBanner because={past.value} />;
  if (link.value !== 'lost') return null;
  const heard = heardAtMs.value;
  return (
    <div class="banner">
      <div role="alert">
        <h2>
          <Badge tone="alarm" icon="broken">
            {t('shell.lost')}
          </Badge>
        </h2>
        <p>{heard === undefined ? t('shell.lostNever') : t('shell.lostText')}</p>
        {heard !== undefined && (
          <p class="soft" aria-live="off">
            {t('shell.lostSince', { age: durationText(browserNowMs.value - heard) })}
          </p>
        )}
        <div class="row">
          <Button look="main" icon="again" isLocal onClick={connectNow}>
            {t('shell.retry')}
          </Button>
        </div>
      </div>
    </div>
  );
}
