import { readFileSync } from 'node:fs';

/** Of this program; from `src/office` and `dist/office` alike. */
export function version(): string {
  const { version: found } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(found);
}
