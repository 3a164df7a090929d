// What is past its age is struck through, wherever it stands.
import type { ComponentChildren } from 'preact';

export const Struck = ({
  isOld,
  children,
}: {
  readonly isOld: boolean;
  readonly children: ComponentChildren;
}) => (isOld ? <s>{children}</s> : children);
