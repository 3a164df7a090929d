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
  /** A question in a serial codec and our answer, whole telegrams; null where there was none. A question may be damaged. */
  | {
      readonly kind: 'telegram';
      readonly at_ms: number;
      readonly inverter: string;
      readonly address: number | null;
      readonly request: string;
      readonly reply: string | null;
    };

/** What the controller of a bus says of errors. `damaged`: frames whose bits do not fit the rules of CAN. */
export const busErrorKinds = [
  'bus-off',
  'restarted',
  'no-ack',
  'error-passive',
  'error-active',
  'error-warning',
  'overflow',
  'damaged',
  'transceiver',
  'arbitration',
  'timeout',
  'other',
] as const;
export type BusErrorKind = (typeof busErrorKinds)[number];

/** An id on a CAN bus that neither we send nor a profile on this bus hears. */
export interface StrangeId {
  readonly id: number;
  readonly extended?: true;
  readonly remote?: true;
  /** Of the last one. */
  readonly hex: string;
  readonly count: number;
  /** Over the last five seconds. */
  readonly per_s: number;
  readonly first_at_ms: number;
  readonly last_at_ms: number;
  /** Profiles that came with the gateway and hear it: an inverter of theirs sends it, and what the first of them calls it. */
  readonly inverter_of?: readonly string[];
  readonly title?: string;
  /** Profiles that came with the gateway and send it: it is the id of a battery. */
  readonly battery_of?: readonly string[];
}

/** All that is on a CAN bus and no frame of ours or of our inverters, since somebody looks. */
export interface BusHeard {
  readonly wire: string;
  /** Why nobody listens there now: one sentence. */
  readonly why?: string;
  /** The bus is one in memory: a demo without an interface. */
  readonly is_memory?: true;
  readonly ids: readonly StrangeId[];
  /** Frames of further ids, which are not told apart. */
  readonly beyond: number;
  readonly errors: readonly {
    readonly kind: BusErrorKind;
    readonly count: number;
    readonly last_at_ms: number;
  }[];
  /** Ids of ours with bytes that we did not send: another battery speaks on this bus. */
  readonly doubles: readonly {
    readonly id: number;
    readonly extended?: true;
    readonly hex: string;
    readonly count: number;
    readonly last_at_ms: number;
  }[];
}

/** `event: talk` of the stream, once a second. At most 200 items; the others are counted. */
export interface TalkMessage {
  readonly now_ms: number;
  readonly wall_ms: number;
  readonly items: readonly WireTalk[];
  readonly skipped: number;
  readonly buses: readonly BusHeard[];
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
