// What outlives a boot, in one small file.
import { readFileSync } from 'node:fs';
import { isLifetime, type Lifetime } from '../bank/lifetime.ts';
import { type WholeFile, wholeFile } from './whole-file.ts';

/** What the file holds; undefined when there is none, or none that can be believed. */
export function readLifetime(path: string): Lifetime | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isLifetime(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

export interface LifetimeFile extends Pick<WholeFile, 'settled'> {
  readonly keep: (lifetime: Lifetime) => void;
}

export function lifetimeFile(path: string, report: (sentence: string) => void): LifetimeFile {
  const { keep, settled } = wholeFile(path, { loss: 'a boot would forget the charge stage', report });
  return { settled, keep: (lifetime) => keep(`${JSON.stringify(lifetime)}\n`) };
}
