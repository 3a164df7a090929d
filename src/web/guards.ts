// What is refused before anybody is asked who they are: foreign names, foreign pages, and bodies that no page of ours sends.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Refused } from './route.ts';

export interface Names {
  /** The name of this machine. */
  readonly hostname: string;
  /** Further names, from the gateway file. */
  readonly hosts: readonly string[];
  readonly isSecure: boolean;
}

/** What routers and multicast DNS append to the name of a machine. */
const homeDomains = ['local', 'lan', 'home', 'home.arpa', 'internal', 'localdomain', 'fritz.box', 'intranet'];

const withoutPort = (host: string): string => host.replace(/:\d*$/, '');

function isOurs(host: string, { hostname, hosts }: Names): boolean {
  const name = withoutPort(host).toLowerCase().replace(/\.$/, '');
  const bare = name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
  if (isIP(bare) !== 0 || name === 'localhost') return true;
  const own = hostname.toLowerCase();
  const [label = own] = own.split('.');
  return (
    name === own ||
    name === label ||
    homeDomains.some((domain) => name === `${label}.${domain}`) ||
    isConfigured(name, hosts)
  );
}

const isConfigured = (name: string, hosts: readonly string[]): boolean =>
  hosts.some((host) => host.toLowerCase() === name);

/**
 * A page elsewhere can let its own name lead to this machine's address (DNS rebinding) and would then be of one origin with
 * ours: only names that nobody else can give us are answered.
 */
export function hostRefusal(
  host: string | undefined,
  names: Names,
): { status: 400 | 421; why: string } | undefined {
  if (host === undefined || !/^[a-z0-9.:[\]_-]+$/i.test(host))
    return { status: 400, why: 'the request names no host' };
  if (isOurs(host, names)) return undefined;
  return {
    status: 421,
    why: `${withoutPort(host)} is not a name of this gateway; call it by its address, or add the name to \`web: { hosts: [...] }\` in gateway.yaml`,
  };
}

/** Behind a proxy that speaks HTTPS the page's origin is `https://`, though we are spoken to without: of configured names alone. */
function isOwnOrigin(origin: string, host: string, { hosts, isSecure }: Names): boolean {
  const wanted = host.toLowerCase();
  const given = origin.toLowerCase();
  if (given === `${isSecure ? 'https' : 'http'}://${wanted}`) return true;
  return given === `https://${wanted}` && isConfigured(withoutPort(wanted), hosts);
}

const foreign: Refused = {
  why: 'another page asks for this; open the page of the gateway itself',
  status: 403,
};

const isChange = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Whether another site's page is behind it (CSRF). A link to us may be followed. */
export function originRefusal(
  method: string,
  headers: IncomingHttpHeaders,
  names: Names,
): Refused | undefined {
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  if (isElsewhere && (isChange(method) || headers['sec-fetch-mode'] !== 'navigate')) return foreign;
  if (isChange(method) && origin !== undefined && !isOwnOrigin(origin, host, names)) return foreign;
  return undefined;
}

/** A form of another page can send text, but not JSON. */
export const isJson = (type: string | undefined): boolean =>
  /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type ?? '');
