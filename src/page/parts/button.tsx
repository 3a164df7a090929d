// A button; what it does may change something, so it rests while the gateway is not heard.
import type { ComponentChildren } from 'preact';
import { isLive } from '../live/connection.ts';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  readonly onClick?: () => void;
  readonly look?: 'plain' | 'main' | 'danger';
  readonly icon?: IconName;
  /** It changes nothing but the view: it works without the gateway too. */
  readonly isLocal?: boolean;
  readonly isDisabled?: boolean;
  readonly type?: 'button' | 'submit';
  /** Where the picture stands alone. */
  readonly label?: string;
  readonly children?: ComponentChildren;
}

export const Button = (p: ButtonProps) => (
  <button
    class={`button ${p.look ?? 'plain'}`}
    type={p.type ?? 'button'}
    disabled={p.isDisabled || !(p.isLocal || isLive.value)}
    aria-label={p.label}
    title={p.label}
    onClick={p.onClick}
  >
    {p.icon && <Icon name={p.icon} />}
    {p.children}
  </button>
);
