import type { Moment } from '../events/ledger.ts';
import type { CanFrame } from '../model/can-frame.ts';
import type { Stamped } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import { idText } from '../profile/describe.ts';
import type { Meaning } from '../profile/schema.ts';
import { type Heard, heard, type TalkRules } from '../profile/talk.ts';
import type { TalkHolder } from './can-voice.ts';
import type { EventGround } from './event-ground.ts';

/** Frames from the bus, counted for one inverter. */
export interface ReceivedCounts {
  /** Understood. */
  readonly meant: number;
  /** Of a known id, but shorter than the profile needs. */
  readonly malformed: number;
  /** Of no entry of the profile; on a shared bus those of others. */
  readonly unknown: number;
}

/** What one inverter says on a CAN bus. */
export interface CanEar {
  /** Takes a frame and what it tells; the talk stands as the frame found or made it. */
  readonly hear: (frame: CanFrame, atMs: number) => Heard;
  /** The latest value of a meaning, stamped when it came. */
  readonly value: (means: Meaning) => Stamped<number> | undefined;
  readonly values: ReadonlyMap<Meaning, Stamped<number>>;
  /** What the frames may answer to. */
  readonly signals: () => SignalValues;
  readonly counts: () => ReceivedCounts;
}

const malformed = (inverter: string, frame: CanFrame): Moment => ({
  kind: 'inverter_frame_short',
  subject: inverter,
  text: 'inverter sends a frame that is too short: it changes nothing',
  details: { frame: idText(frame), bytes: frame.data.length },
});

/** `before`: what it told already. */
export function canEar(
  inverter: string,
  rules: TalkRules,
  { talk, become }: TalkHolder,
  { clock, ledger }: EventGround,
  before: ReadonlyMap<Meaning, Stamped<number>> = new Map(),
): CanEar {
  const count = { meant: 0, malformed: 0, unknown: 0 };
  const values = new Map(before);
  /** Ids whose first malformed frame was told; only ids that the profile knows come here. */
  const complained = new Set<string>();

  function complain(frame: CanFrame): void {
    const id = idText(frame);
    if (!complained.has(id)) ledger.moment(malformed(inverter, frame), clock());
    complained.add(id);
  }

  return {
    hear(frame, atMs) {
      const now = heard(rules, talk(), frame, atMs);
      count[now.kind]++;
      if (now.kind === 'malformed') complain(frame);
      if (now.kind !== 'meant') return now;
      for (const { means, value } of now.values) values.set(means, { value, atMs });
      become(now.talk);
      return now;
    },
    value: (means) => values.get(means),
    values,
    signals() {
      const mode = values.get('inverter_mode')?.value;
      return mode === undefined ? {} : { inverterMode: mode };
    },
    counts: () => ({ ...count }),
  };
}
