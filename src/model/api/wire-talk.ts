// What goes over the wires, for the inspector. Moments are monotonic ms, bytes are hex without spaces.

export type WireTalk =
  | {
      readonly kind: 'frame';
      readonly at_ms: number;
      readonly wire: string;
      /** `>` is ours, `<` another's. */
      readonly way: '>' | '<';
      readonly id: number;
      readonly extended?: true;
      readonly hex: string;
    }
  /** Function code and data of a question to a unit, and of our answer; null where there was none. */
  | {
      readonly kind: 'modbus';
      readonly at_ms: number;
      readonly inverter: string;
      readonly unit: number;
      readonly request: string;
      readonly reply: string | null;
    }
  /** A question in a serial codec and our answer, whole telegrams; null where there was none. */
  | {
      readonly kind: 'telegram';
      readonly at_ms: number;
      readonly inverter: string;
      readonly address: number;
      readonly request: string;
      readonly reply: string | null;
    };

/** `event: talk` of the stream. At most 200 a second; the others are counted. */
export interface TalkMessage {
  readonly now_ms: number;
  readonly wall_ms: number;
  readonly items: readonly WireTalk[];
  readonly skipped: number;
}

/** `event: line` of the log stream. */
export interface LogMessage {
  readonly wall_ms: number;
  readonly level: string;
  readonly room?: string;
  readonly battery?: string;
  /** The sentence and its fields. */
  readonly text: string;
}
