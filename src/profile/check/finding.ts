import type { Path } from '../document.ts';

/** A mistake that only the meaning shows, and the place in the document. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

export const found = (path: Path, message: string): Finding => ({ path, message });
