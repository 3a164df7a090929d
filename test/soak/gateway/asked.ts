// One question of the master, and when the gateway may leave it unanswered by its own rules.
import { isHiddenByChance } from './bad-bytes.ts';

/** After a stall of its own the gateway leaves a question unanswered that is older than 250 ms (modbus/turn.ts). */
export const STALL_MS = 200;
/** A question in pieces is given up after a pause of 50 ms (`idle`). */
const PAUSE_MS = 45;

export interface Asked {
  readonly frame: Buffer;
  /** What was on the line right before it. */
  readonly noise: Buffer;
  /** The longest pause between two of its bytes, 0 where it was said at once. */
  readonly pauseMs: number;
  readonly askedMs: number;
  readonly atMs: number;
  readonly isAnswered: boolean;
  readonly heard: Buffer;
}

export const isLost = ({ noise, frame, pauseMs }: Asked, stillMs: number): boolean =>
  stillMs > STALL_MS || (pauseMs > 0 && pauseMs + stillMs > PAUSE_MS) || isHiddenByChance(noise, frame);
