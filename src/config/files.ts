import { readFileSync } from 'node:fs';
import { GatewayError } from '../model/errors.ts';

const causes: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; correct the path',
  EACCES: 'it may not be read; give this user the right to read it (`ls -l` shows whose it is)',
  EISDIR: 'this is a folder; name the file in it',
};

/** The text of a file, or one sentence about what kept us from reading it. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new GatewayError('REFUSED', {
      message: `${path}: ${causes[code] ?? `it cannot be read (${code})`}`,
    });
  }
}
