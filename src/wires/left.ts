// What one output leaves to the next of the same inverter, under another profile or on a wire that was opened anew.
import type { Hearing } from '../can/hearing.ts';
import type { Stamped } from '../model/freshness.ts';
import type { Meaning } from '../profile/schema.ts';
import type { Talk as SerialTalk } from '../profile/serial/talk.ts';
import type { Talk, TalkRules } from '../profile/talk.ts';
import type { Written } from './modbus-voice.ts';

export interface CanLeft {
  readonly talk: Talk;
  readonly rules: TalkRules;
  /** What the inverter told. */
  readonly values: ReadonlyMap<Meaning, Stamped<number>>;
  readonly beatAtMs: number | undefined;
  readonly nextBeatAtMs: number;
}

/** Where the talk with the master of a codec stands, and when it asked last. */
export interface SerialLeft {
  readonly talk: SerialTalk;
  readonly askedAtMs: number;
}

export interface Left {
  readonly hearing: Hearing;
  readonly can?: CanLeft;
  readonly written?: Written;
  readonly serial?: SerialLeft;
}

/** By inverter. */
export type Leavings = ReadonlyMap<string, Left>;
