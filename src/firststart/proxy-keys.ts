// Encryption keys of proxies: typed here, or in a file already.
import type { GatewayFile } from '../config/schema.ts';
import type { SetupProxy, SetupState } from '../model/api/setup.ts';
import type { SecretBook } from './secret-book.ts';

export interface ProxyKeys {
  /** Takes what was typed, by the proxy; a sentence where one of them is no key, and then none is taken. */
  readonly take: (keys: Readonly<Record<string, string>>) => string | undefined;
  /** Others were taken out: what was typed for them is forgotten. */
  readonly keepOnly: (proxies: readonly SetupProxy[]) => void;
  /** The file with which a proxy is spoken to now; undefined where it is spoken to in the clear. */
  readonly fileOf: (proxy: string) => string | undefined;
  /** The file that a proxy will have; undefined where it stays as it is. */
  readonly keptFor: (proxy: string) => string | undefined;
  readonly states: (proxies: readonly SetupProxy[]) => SetupState['proxy_keys'];
}

const isKey = (text: string): boolean =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === 32;

export function proxyKeys(book: SecretBook, before: GatewayFile['bluetooth'] | undefined): ProxyKeys {
  const keyOf = (proxy: string) => `proxy ${proxy}`;
  const standing = (proxy: string) => before?.proxies?.find(({ id }) => id === proxy)?.key_file;
  const stateOf = (proxy: string) => {
    if (book.has(keyOf(proxy))) return 'typed';
    return standing(proxy) === undefined ? undefined : 'kept';
  };
  const given = new Set<string>();
  return {
    take(keys) {
      const typed = Object.entries(keys);
      if (!typed.every(([, key]) => isKey(key)))
        return 'this is no encryption key: copy the 44 characters behind `key:` in the YAML of the ESP32';
      for (const [proxy, key] of typed) {
        book.put(keyOf(proxy), key);
        given.add(proxy);
      }
      return undefined;
    },
    keepOnly(proxies) {
      for (const proxy of given) if (!proxies.some(({ id }) => id === proxy)) book.drop(keyOf(proxy));
    },
    fileOf: (proxy) => (book.has(keyOf(proxy)) ? book.pathOf(keyOf(proxy)) : standing(proxy)),
    keptFor: (proxy) => book.fileFor(keyOf(proxy), `${proxy}.key`, standing(proxy)),
    states: (proxies) =>
      Object.fromEntries(
        proxies.flatMap(({ id }) => {
          const state = stateOf(id);
          return state ? [[id, state] as const] : [];
        }),
      ),
  };
}
