// A profile as its reader shows it beside the bytes: where each of them lies, and which line of which file made it.
import type { Path } from './document.ts';
import type { Spoken } from './spoken.ts';

/** Plain data. What it speaks decodes bytes into pieces; a piece's paths lead to their lines by `lineKey`. */
export interface ExplainedProfile extends Spoken {
  readonly inverter: string;
  /** `pylontech-lv@1.2.0` */
  readonly profile: string;
  readonly files: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** Position in `files` and line from 1, by `lineKey` of a path. */
  readonly lines: Readonly<Record<string, readonly [file: number, line: number]>>;
}

export const lineKey = (path: Path): string => path.join('.');
