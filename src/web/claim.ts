// The code that proves that who makes the first account sits before the gateway: it is told to the terminal and the journal alone.
import { randomInt } from 'node:crypto';
import type { Clock } from '../model/freshness.ts';
import { isSame } from './passwords.ts';

export const CODE_MS = 30 * 60_000;
const MOST_WRONG = 5;

export interface Claim {
  /** Makes a code and tells it, where there is none that counts. */
  readonly offer: () => void;
  /** Whether this is the code. A wrong one counts; after five there is a new code. */
  readonly fits: (code: string) => boolean;
}

export interface ClaimOptions {
  readonly clock: Clock;
  readonly tell: (text: string) => void;
  /** A number below; tests choose it. */
  readonly random?: (below: number) => number;
}

export function newClaim({ clock, tell, random = randomInt }: ClaimOptions): Claim {
  let code: { readonly text: string; readonly madeMs: number; wrong: number } | undefined;
  const isGood = () => code !== undefined && clock() - code.madeMs <= CODE_MS && code.wrong < MOST_WRONG;

  function offer(): void {
    if (isGood()) return;
    const text = String(random(1_000_000)).padStart(6, '0');
    code = { text, madeMs: clock(), wrong: 0 };
    tell(
      `this gateway has no account yet: open the page and claim it with the code ${text}, within 30 minutes`,
    );
  }
  return {
    offer,
    fits(typed) {
      if (!isGood() || !code) {
        offer();
        return false;
      }
      if (isSame(typed, code.text)) return true;
      code.wrong++;
      offer();
      return false;
    },
  };
}
