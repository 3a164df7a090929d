// What this gateway is, what it speaks, and how this page came here.

import { DASH } from '../format.ts';
import { Fact, Facts } from '../inverter/fact.tsx';
import { Card } from '../parts/card.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';

export function AboutCard() {
  const made = site.value;
  return (
    <Card title={t('settings.about')}>
      <Facts>
        <Fact name={t('settings.gateway')}>{made?.gateway || DASH}</Fact>
        <Fact name={t('settings.version')}>{made?.version || DASH}</Fact>
        <Fact name={t('settings.chemistry')}>{made?.chemistry ?? DASH}</Fact>
        <Fact name={t('settings.batteries')}>
          {[...new Set(made?.batteries.map(({ bms }) => bms))].join(', ') || DASH}
        </Fact>
      </Facts>
      <h3>{t('settings.protocols')}</h3>
      <ul class="plain-list">
        {made?.inverters.map(({ id, title, profile }) => (
          <li key={id}>
            {id}: {title} <code class="soft">{profile}</code>
          </li>
        ))}
      </ul>
      <p>
        <a href="/api/v1/openapi.json">{t('settings.api')}</a>
      </p>
      <p class="small soft">{t(location.protocol === 'https:' ? 'settings.https' : 'settings.plainHttp')}</p>
    </Card>
  );
}
