// The gateway is not heard: said over the whole page, with what to do.
import { durationText } from '../format.ts';
import { browserNowMs, connectNow, heardAtMs, link } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { t } from '../words/words.ts';

export function LostBanner() {
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
