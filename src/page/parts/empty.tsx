// What stands where nothing is yet, and what comes next.
import type { ComponentChildren } from 'preact';
import { t } from '../words/words.ts';
import { Icon, type IconName } from './icon.tsx';

export const Empty = ({
  icon,
  children,
}: {
  readonly icon: IconName;
  readonly children: ComponentChildren;
}) => (
  <div class="empty">
    <Icon name={icon} />
    <div>{children}</div>
  </div>
);

export const Spinner = ({ children }: { readonly children?: ComponentChildren }) => (
  <p class="spinner">{children ?? t('parts.loading')}</p>
);
