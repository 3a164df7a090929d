// A link within the page: the address changes, nothing is loaded. With a modifier it is the browser's own.
import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { go } from '../router.ts';

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

function follow(event: TargetedMouseEvent<HTMLAnchorElement>, to: string): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(to);
}

export const Link = ({ to, class: name, isCurrent, children }: LinkProps) => (
  <a
    href={to}
    class={name}
    aria-current={isCurrent ? 'page' : undefined}
    onClick={(event) => follow(event, to)}
  >
    {children}
  </a>
);
