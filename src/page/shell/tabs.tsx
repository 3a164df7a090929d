// The screens: at the bottom of a phone, at the side where there is room.
import { Icon } from '../parts/icon.tsx';
import { pathOf, tabNow, tabs } from '../router.ts';
import { t } from '../words/words.ts';
import { Link } from './link.tsx';
import { Logo } from './logo.tsx';

export const Tabs = () => (
  <nav class="tabs" aria-label={t('shell.navigation')}>
    <p class="brand">
      <Logo /> {t('shell.name')}
    </p>
    <ul>
      {tabs.map((tab) => (
        <li key={tab}>
          <Link to={pathOf(tab)} isCurrent={tabNow.value === tab}>
            <Icon name={tab} size={22} />
            <span>{t(`shell.${tab}`)}</span>
          </Link>
        </li>
      ))}
    </ul>
  </nav>
);
