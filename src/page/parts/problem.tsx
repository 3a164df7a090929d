// What is wrong, in one sentence; read out at once.
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

export const Problem = ({ id, children }: { readonly id?: string; readonly children: ComponentChildren }) => (
  <p class="problem" role="alert" id={id}>
    <Icon name="alarm" />
    <span>{children}</span>
  </p>
);
