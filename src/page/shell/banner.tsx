// The gateway is not heard, or judges nothing any more: said over the whole page, with what to do.
import { durationText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { browserNowMs, connectNow, heardAtMs, isStill, link, live, nowMs } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { t } from '../words/words.ts';

/** The page is served, and what serves the inverters says nothing new: they are answered nothing either. */
function StillBanner() {
  const age = ageMs(live.value?.bank?.evaluated_at_ms, nowMs.value);
  return (
    <div class="banner">
      <div role="alert">
        <h2>
          <Badge tone="alarm" icon="broken">
            {t('shell.still')}
          </Badge>
        </h2>
        <p>{t('shell.stillText')}</p>
        <p class="soft" aria-live="off">
          {t('shell.stillSince', { age: durationText(age) })}
        </p>
      </div>
    </div>
  );
}

export function LostBanner() {
  if (isStill.value) return <StillBanner />;
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
