// The newest of what the office is told, while it can be believed.
import type { BankState } from '../model/bank-state.ts';
import type { Clock } from '../model/freshness.ts';
import type { Health } from '../model/wire-health.ts';
import type { Known } from './entities.ts';
import type { Machine } from './machine.ts';

/** An older snapshot is not believed any more: the wires process hangs, or is being replaced. */
const BELIEVED_MS = 15_000;

interface Fixed {
  readonly clock: Clock;
  readonly wallMs: (atMs: number) => number;
  readonly startedAtMs: number;
}

export class Newest {
  bank: BankState | undefined;
  health: Health | undefined;
  machine: Machine | undefined;
  readonly #fixed: Fixed;

  constructor(fixed: Fixed) {
    this.#fixed = fixed;
  }

  known(): Known {
    const { clock, wallMs, startedAtMs } = this.#fixed;
    const nowMs = clock();
    const isYoung = (atMs: number) => nowMs - atMs <= BELIEVED_MS;
    const { bank, health, machine } = this;
    return {
      nowMs,
      wallMs,
      startedAtMs,
      machine,
      bank: bank && isYoung(bank.evaluatedAtMs) ? bank : undefined,
      health: health && isYoung(health.atMs) ? health : undefined,
    };
  }
}
