// Which component shows which tab. The first two come with the page, the others when they are looked at.
import type { ComponentType } from 'preact';
import { Screen as Cells } from '../cells/screen.tsx';
import { Screen as Home } from '../home/screen.tsx';
import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import type { Tab } from '../router.ts';
import { t } from '../words/words.ts';
import { lazy } from './lazy.tsx';
import { Link } from './link.tsx';

export const screens: { readonly [T in Tab]: ComponentType } = {
  home: Home,
  cells: Cells,
  inverter: lazy(() => import('../inverter/screen.tsx')),
  inspector: lazy(() => import('../inspector/screen.tsx')),
  history: lazy(() => import('../history/screen.tsx')),
  events: lazy(() => import('../events/screen.tsx')),
  settings: lazy(() => import('../settings/screen.tsx')),
};

export const Setup = lazy(() => import('../setup/screen.tsx'));

export const NotFound = () => (
  <Frame title={t('shell.notFound')}>
    <Empty icon="info">
      <p>{t('shell.notFoundText')}</p>
      <Link to="/">{t('shell.toHome')}</Link>
    </Empty>
  </Frame>
);
