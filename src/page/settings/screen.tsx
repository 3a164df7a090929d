// How the page looks in this browser, who may use it, and what this gateway is.
import { Screen as Frame } from '../parts/screen.tsx';
import { can } from '../session/session.ts';
import { t } from '../words/words.ts';
import { AboutCard } from './about-card.tsx';
import { AccountCard } from './account-card.tsx';
import { AccountsCard } from './accounts-card.tsx';
import { LookCard } from './look-card.tsx';
import { TokensCard } from './tokens-card.tsx';
import './settings.css';

export const Screen = () => (
  <Frame title={t('settings.title')}>
    <div class="settings">
      <LookCard />
      <AccountCard />
      {can('installer') && (
        <>
          <AccountsCard />
          <TokensCard />
        </>
      )}
      <AboutCard />
    </div>
  </Frame>
);
