// What is wrong, in one sentence; read out at once. It may be the gateway's own: then it is said in the reader's language.
import type { ComponentChildren } from 'preact';
import { gatewayText } from '../words/gateway-words.tsx';
import { Icon } from './icon.tsx';

export const Problem = ({ id, children }: { readonly id?: string; readonly children: ComponentChildren }) => (
  <p class="problem" role="alert" id={id}>
    <Icon name="alarm" />
    <span>{typeof children === 'string' ? gatewayText(children) : children}</span>
  </p>
);
