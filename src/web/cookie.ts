// The cookie that carries the secret of a login.
import { LONGEST_MS } from './logins.ts';

/** Under HTTPS browsers hold the prefix to its word: only this very host can have set it. */
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-bmsgate' : 'bmsgate');

export function secretIn(header: string | undefined, isSecure: boolean): string | undefined {
  const prefix = `${nameOf(isSecure)}=`;
  return (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
    ?.slice(prefix.length);
}

/** Without a secret it is taken back. */
export function cookieHeader(secret: string | undefined, isSecure: boolean): string {
  const age = secret === undefined ? 0 : LONGEST_MS / 1000;
  const attributes = `Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return `${nameOf(isSecure)}=${secret ?? ''}; ${attributes}`;
}
