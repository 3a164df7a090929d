// What is wrong, in one sentence; read out at once. It may be the gateway's own: then it is said in the reader's language.
import type { ComponentChildren } from 'preact';
import { gatewayText } from '../words/gateway-words.tsx';
import { Icon } from './icon.tsx';

interface ProblemProps {
  readonly id?: string;
  /** It may be about a file that it does not name. */
  readonly isOfFile?: boolean;
  readonly children: ComponentChildren;
}

export const Problem = ({ id, isOfFile = false, children }: ProblemProps) => (
  <p class="problem" role="alert" id={id}>
    <Icon name="alarm" />
    <span>{typeof children === 'string' ? gatewayText(children, isOfFile) : children}</span>
  </p>
);
