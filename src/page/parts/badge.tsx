// How something stands: colour, picture and word together.
import type { ComponentChildren } from 'preact';
import type { Severity } from '../../model/events.ts';
import type { Freshness } from '../../model/freshness.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'well' | 'info' | 'quiet' | 'warn' | 'alarm';

interface BadgeProps {
  readonly tone: Tone;
  /** Where the tone's own picture does not say it best. */
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}

export const Badge = ({ tone, icon, children }: BadgeProps) => (
  <span class="badge" data-tone={tone}>
    <Icon name={icon ?? tone} />
    <span>{children}</span>
  </span>
);

export const toneOfSeverity: { readonly [S in Severity]: Tone } = {
  info: 'info',
  warning: 'warn',
  alarm: 'alarm',
};

export const toneOfFreshness: { readonly [F in Freshness]: Tone } = {
  never: 'quiet',
  fresh: 'well',
  late: 'warn',
  stale: 'alarm',
  lost: 'alarm',
};

export const iconOfFreshness: { readonly [F in Freshness]: IconName } = {
  never: 'quiet',
  fresh: 'well',
  late: 'clock',
  stale: 'clock',
  lost: 'broken',
};
