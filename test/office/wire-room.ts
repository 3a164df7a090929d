// One inverter on its real wire, and the raw bytes that it was told.
import type { Evaluation } from '../../src/bank/memory.ts';
import type { Output } from '../../src/wires/output.ts';
import type { Told } from '../profile/safety-readers.ts';
import type { theHouse } from '../wires/house.ts';

/** Answers and beats come once a second or slower; a frame of a beat leaves some milliseconds after the one before. */
export const GRACE_MS = 200;
export const POLL_MS = 1000;

export type House = ReturnType<typeof theHouse>;
type OnState = (state: Evaluation, before: Evaluation | undefined) => void;

/** One inverter at a house of two packs. */
export interface WireRoom {
  readonly house: House;
  readonly output: Output;
  readonly kind: 'can' | 'rtu' | 'ascii' | 'kostal';
  /** From one word of the battery to the next, at most. */
  readonly everyMs: number;
  /** The inverter lives: it polls and beats. It may stop. */
  readonly tick: (nowMs: number) => void;
  /** The bytes that it was told last, by place. */
  readonly told: Told;
  /** Of one that is told nothing but what it asks: so long after its last question it counts as silent. */
  readonly silentAfterMs: number;
  /** Something came since this was asked last. */
  readonly isNew: () => boolean;
  /** Something came within its period. */
  readonly isTold: (nowMs: number) => boolean;
}

export interface Premises {
  readonly bank: string;
  readonly onState: OnState;
}

/** Whether a number is another than when this was asked last. */
export function changes(read: () => number): () => boolean {
  let was = Number.NaN;
  return () => {
    const now = read();
    const isOther = now !== was;
    was = now;
    return isOther;
  };
}
