// A fact with its name, in a list of them.
import type { ComponentChildren } from 'preact';
import './fact.css';

export const Facts = ({ children }: { readonly children: ComponentChildren }) => (
  <dl class="facts">{children}</dl>
);

interface FactProps {
  readonly name: string;
  /** It takes the whole line. */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

export const Fact = ({ name, isWide, children }: FactProps) => (
  <div class={isWide ? 'wide' : undefined}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
