import { readFileSync, statSync } from 'node:fs';
import { GatewayError } from '../model/errors.ts';

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; correct the path',
  EACCES: 'it may not be read; give this user the right to read it (`ls -l` shows whose it is)',
  EISDIR: 'this is a folder; name the file in it',
  ELOOP: 'the links lead back to themselves; name the file itself',
};

/** Nothing that somebody writes comes near; what is larger would fill the memory before it is refused. */
const LONGEST_BYTES = 64 * 1024 * 1024;

const refuse = (path: string, why: string): GatewayError =>
  new GatewayError('REFUSED', { message: `${path}: ${why}` });

/** A pipe or a device may never end, and then everything waits for it. */
function unfit(path: string): string | undefined {
  const file = statSync(path);
  if (file.size > LONGEST_BYTES) return 'it is larger than 64 MB; name another file';
  return file.isFile() || file.isDirectory()
    ? undefined
    : 'this is a pipe or a device; name a file that lies on a disk';
}

/** What is in a file that may be read, or one sentence about what kept us from reading it. */
export function readText(path: string): string {
  let why: string | undefined;
  try {
    why = unfit(path);
    if (why === undefined) return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    why = causes[code] ?? `it cannot be read (${code})`;
  }
  throw refuse(path, why);
}
