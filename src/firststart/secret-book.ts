// Secrets that were typed here. They are told to nobody but those whom they are for, and each gets a file of its own beside the
// gateway file when that is written.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { GatewayConfig } from '../config/gateway-file.ts';
import { type ReadSecret, readSecret, secretPlaces } from '../config/secrets.ts';
import { keepSecret } from './keep-file.ts';

export interface SecretBook {
  /** Takes a secret in place of the last one of the same thing; without the spaces around it, which are not read from a file. */
  readonly put: (of: string, text: string) => void;
  readonly drop: (of: string) => void;
  readonly has: (of: string) => boolean;
  /** The file that it will be kept in, the same at each call; `own` is the one that it has now. Undefined where nothing was typed. */
  readonly fileFor: (of: string, name: string, own?: string) => string | undefined;
  /** A path that only this book can read, for a try. */
  readonly pathOf: (of: string) => string;
  /** Reads as if everything had been written. */
  readonly read: ReadSecret;
  /** Writes those that a gateway file names. Throws when the disk does not take them. */
  readonly keep: (config: GatewayConfig) => void;
}

const TRIES = '/typed/';

export function secretBook(gatewayPath: string, before: GatewayConfig | undefined): SecretBook {
  const folder = dirname(resolve(gatewayPath));
  const texts = new Map<string, string>();
  /** What each file is of. */
  const files = new Map<string, string>();
  const named = before ? secretPlaces(before.file).map(({ file }) => file) : [];

  /** Nobody else's file is written over: neither one that another part of the gateway reads, nor one that nobody knows. */
  const isFree = (path: string, own: string | undefined): boolean => {
    if (files.has(path)) return false;
    const isShared = named.filter((other) => other === path).length > (path === own ? 1 : 0);
    return !isShared && (path === own || !existsSync(path));
  };

  function fileFor(of: string, name: string, own?: string): string | undefined {
    if (!texts.has(of)) return undefined;
    for (let n = 1; ; n++) {
      const path = join(folder, n === 1 ? name : `${name}-${n}`);
      if (files.get(path) !== of && !isFree(path, own)) continue;
      files.set(path, of);
      return path;
    }
  }

  const textAt = (path: string): string | undefined =>
    texts.get(path.startsWith(TRIES) ? path.slice(TRIES.length) : (files.get(path) ?? ''));

  return {
    put: (of, text) => void texts.set(of, text.trim()),
    drop: (of) => void texts.delete(of),
    has: (of) => texts.has(of),
    fileFor,
    pathOf: (of) => `${TRIES}${of}`,
    read(path) {
      const text = textAt(path);
      return text === undefined ? readSecret(path) : { text };
    },
    keep({ file }) {
      for (const path of new Set(secretPlaces(file).map((place) => place.file))) {
        const text = textAt(path);
        if (text !== undefined) keepSecret(path, text);
      }
    },
  };
}
