// Whether the files of a profile were written, told without reading them again.
import { statSync } from 'node:fs';
import { readText } from './files.ts';
import { basePath, profilePath } from './profile-paths.ts';

/** One line of text at the left edge; whether it is right is for the parser to say. */
const baseIn = (text: string): string | undefined => /^base\s*:\s*['"]?([a-z0-9-]+)/m.exec(text)?.[1];

/** A file as it lies there; `-` while it does not. */
function lies(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${path} ${ino} ${size} ${mtimeMs}`;
  } catch {
    return '-';
  }
}

/** Undefined when it cannot be had now. */
function had<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

/** A text that is another one whenever the file of this profile or of its base was written, came or went. */
export function profileStamp(named: string): () => string {
  let own = '';
  let base: string | undefined;
  return () => {
    const path = had(() => profilePath(named));
    const now = path === undefined ? '-' : lies(path);
    if (now !== own) base = had(() => (path === undefined ? undefined : baseIn(readText(path))));
    own = now;
    const under = path !== undefined && base !== undefined ? basePath(base, path) : undefined;
    return under === undefined ? own : `${own} on ${lies(under)}`;
  };
}
