// The proof of a profile that was written anew, in a thread of its own: however heavy it is, nobody else waits for it.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { sentence } from '../model/errors.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { Settings } from '../profile/options.ts';
import type { ReadProfile } from './profile-files.ts';

/** A profile to prove: id or path, and the settings that it must take. */
export interface ToProve {
  readonly named: string;
  readonly settings: Settings;
  /** What the bank has now. */
  readonly live: SignalValues;
}

export type Proof = ReadProfile | { readonly why: string };

/** A profile of ours is proven in a tenth of a second, on a small board in one. */
const LIMIT_MS = 20_000;
const MOST_MEMORY_MB = 256;

/** Whatever the bank has now must not make it fail; what the bank lacks is for the wires to judge. */
function dryRun({ can, modbus, serial }: CompiledProfile, live: SignalValues): void {
  can?.frames(live);
  modbus?.image(live);
  serial?.say(live);
}

const firstSentence = (error: unknown): string => sentence(error).split('\n')[0] ?? '';

/**
 * Reads it and puts it to every test; what is wrong is its first mistake, one sentence. What that takes is only loaded where it
 * is done: the office itself lives without it.
 */
export async function proveHere({ named, settings, live }: ToProve): Promise<Proof> {
  const { compileUnder } = await import('./compile-under.ts');
  const { readProfile } = await import('./profile-files.ts');
  try {
    const read = readProfile(named);
    dryRun(compileUnder(read.profile, settings), live);
    return read;
  } catch (error) {
    return { why: firstSentence(error) };
  }
}

/** The same in a thread that ends with it, or when it takes too long or too much. */
export function proveAside(asked: ToProve, limitMs = LIMIT_MS): Promise<Proof> {
  const { promise, resolve } = Promise.withResolvers<Proof>();
  const thread = new Worker(new URL(import.meta.url), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });
  const tooHeavy = { why: `${asked.named}: it is too heavy to be proven; take out what is not needed` };
  const timer = setTimeout(() => resolve(tooHeavy), limitMs);
  thread.on('message', resolve);
  thread.on('error', (error) =>
    resolve({ why: `${asked.named}: it cannot be proven: ${firstSentence(error)}` }),
  );
  thread.on('exit', () => resolve(tooHeavy));
  return promise.finally(() => {
    clearTimeout(timer);
    void thread.terminate();
  });
}

// `proveAside` hands over nothing else.
if (!isMainThread && parentPort && isToProve(workerData)) parentPort.postMessage(await proveHere(workerData));

/** A test runner may run us in a thread of its own. */
function isToProve(data: unknown): data is ToProve {
  return typeof data === 'object' && data !== null && 'named' in data && 'live' in data;
}
