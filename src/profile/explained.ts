// A profile as its reader shows it beside the bytes: where each of them lies, and which line of which file made it.
import type { Path } from './document.ts';
import type { FrameLayout, WindowLayout } from './layout.ts';

/** Plain data. Layouts decode with `rowsOf`; a slot's `path` leads to its line by `lineKey`. */
export interface ExplainedProfile {
  readonly inverter: string;
  /** `pylontech-lv@1.2.0` */
  readonly profile: string;
  readonly files: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** Position in `files` and line from 1, by `lineKey` of a path. */
  readonly lines: Readonly<Record<string, readonly [file: number, line: number]>>;
  readonly frames: readonly FrameLayout[];
  readonly windows: readonly WindowLayout[];
  /** What cannot be shown, in a sentence. */
  readonly remark?: string;
  /** Registers that the inverter writes. */
  readonly writable: readonly { readonly address: number; readonly length: number; readonly means: string }[];
}

export const lineKey = (path: Path): string => path.join('.');
