// What the web server stands on. It knows no bank, file or wire of its own: the office gives it these.
import type { Foretold } from '../model/api/foretold.ts';
import type { Live } from '../model/api/live.ts';
import type { PastCourse, PastEvent } from '../model/api/past.ts';
import type { Site } from '../model/api/site.ts';
import type { Trial } from '../model/api/trial.ts';
import type { LogMessage, TalkMessage } from '../model/api/wire-talk.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import type { ExplainedProfile } from '../profile/explained.ts';

/** Why something was not done: one sentence for the person who asked. */
export interface Refusal {
  readonly why: string;
}

export interface PastAsked {
  readonly battery?: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: readonly string[];
  readonly points: number;
}

export interface EventsAsked {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly isOpen?: boolean;
  readonly most: number;
}

/** What a person asks of a battery. `confirmed` is its id, typed again. */
export type BatteryWish =
  | { readonly kind: 'rest'; readonly what: 'link' | 'reading' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'raw'; readonly hex: string; readonly confirmed: string }
  | {
      readonly kind: 'fet';
      readonly direction: 'charge' | 'discharge';
      readonly on: boolean;
      readonly confirmed: string;
    };

/** The gateway as the page sees it. Nothing here throws; a promise that is refused resolves with why. */
export interface Gateway {
  readonly site: () => Site;
  readonly live: () => Live;
  /** Without a history both say so. */
  readonly course: (asked: PastAsked) => Promise<PastCourse | Refusal>;
  readonly events: (asked: EventsAsked) => Promise<readonly PastEvent[] | Refusal>;
  readonly acknowledge: (event: string, by: string) => Promise<Refusal | undefined>;
  readonly explain: (inverter: string) => Promise<ExplainedProfile | Refusal>;
  readonly trial: (inverter: string, text: string) => Promise<Trial | Refusal>;
  /** What the inverters will see if this battery rests. */
  readonly foretell: (battery: string, what: 'link' | 'reading') => Foretold | Refusal;
  /** Carries it out for `by`; `tell` hears each step. Who has `left` sees none any more. */
  readonly wish: (
    battery: string,
    wish: BatteryWish,
    by: string,
    tell: (sentence: string) => void,
    left: AbortSignal,
  ) => Promise<Refusal | undefined>;
  /** Calling the result ends it. */
  readonly watchTalk: (hear: (message: TalkMessage) => void) => () => void;
  readonly watchLog: (hear: (message: LogMessage) => void) => () => void;
}

export interface WebGround {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly wallClock: () => number;
  readonly after: After;
  readonly say: (line: { readonly level: 'notice' | 'warn' | 'error'; readonly text: string }) => void;
}
