import type { BankConfig } from '../bank/config.ts';
import { evaluate } from '../bank/evaluate.ts';
import type { Lifetime } from '../bank/lifetime.ts';
import type { Evaluation, Snapshot } from '../bank/memory.ts';
import type { PackSample } from '../model/battery.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';

const PERIOD_MS = 1000;

/** Why a sample was not taken. */
export type Refusal = 'from the future' | 'not newer than the last' | 'of no battery of this bank';

export interface EvaluationOptions {
  readonly bank: BankConfig;
  readonly clock: Clock;
  readonly after: After;
  /** What the wires themselves know at this moment. */
  readonly surroundings: (nowMs: number) => Omit<Snapshot, 'samples'>;
  /** A sample was taken; what is evaluated next has it. */
  readonly heard?: ((battery: string, sample: PackSample) => void) | undefined;
  readonly publish: (state: Evaluation, before: Evaluation | undefined) => void;
  /** What an earlier process of this boot left behind. */
  readonly stored?: Evaluation;
  /** What outlived the last boot; matters only without `stored`. */
  readonly lifetime?: Lifetime | undefined;
}

export interface Evaluating {
  /** Takes a sample and evaluates at once. Of no battery of ours, stamped in our future or not newer than the last, it is refused. */
  readonly hear: (battery: string, sample: PackSample) => Refusal | undefined;
  readonly state: () => Evaluation | undefined;
  /** The newest of each battery. */
  readonly samples: () => Snapshot['samples'];
  readonly stop: () => void;
}

/** Evaluates the bank every second on absolute deadlines and at each sample, and publishes what it finds. */
export function startEvaluation(options: EvaluationOptions): Evaluating {
  const { bank, clock, after, surroundings, publish } = options;
  const batteries = new Set(bank.strings.flat().map(({ id }) => id));
  const samples: Record<string, PackSample> = {};
  let state = options.stored;
  let deadlineMs = clock();
  let cancel = () => {};

  const newestMs = (battery: string): number =>
    (samples[battery] ?? options.stored?.memory.packs[battery]?.held)?.atMs ?? Number.NEGATIVE_INFINITY;

  function look(): void {
    const nowMs = clock();
    const before = state;
    state = evaluate({ samples, ...surroundings(nowMs) }, before, bank, nowMs, options.lifetime);
    publish(state, before);
  }

  /** The next deadline after now; those that a stall swallowed are not made up for. */
  function beat(): void {
    const missed = Math.max(1, Math.ceil((clock() - deadlineMs) / PERIOD_MS));
    deadlineMs += missed * PERIOD_MS;
    cancel = after(deadlineMs - clock(), beat);
    look();
  }

  beat();
  return {
    hear(battery, sample) {
      if (!batteries.has(battery)) return 'of no battery of this bank';
      if (sample.atMs > clock()) return 'from the future';
      if (sample.atMs <= newestMs(battery)) return 'not newer than the last';
      samples[battery] = sample;
      options.heard?.(battery, sample);
      look();
      return undefined;
    },
    state: () => state,
    samples: () => ({ ...samples }),
    stop: () => cancel(),
  };
}
