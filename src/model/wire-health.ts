import type { Stamped } from './freshness.ts';
import type { HistogramMs } from './histogram.ts';

/** What can be counted on a wire, with the words that an operator reads. Counted since the wire was opened for its plans. */
export const wireCounters = {
  requests: 'Requests to a unit of ours',
  answers: 'Answers to them, refusals among them',
  exceptions: 'Answers that were refusals',
  crcErrors: 'Frames whose checksum was wrong',
  resyncBytes: 'Bytes that belonged to no frame',
  foreignFrames: 'Intact frames of others',
  echoBytes: 'Bytes of ours that the adapter gave back',
  lateAnswers: 'Answers that left more than 20 ms after they were due',
  droppedAnswers: 'Answers that nobody waited for any more and that were not sent',
  malformed: 'Masters that were let go because they did not speak Modbus TCP',
  sent: 'CAN frames that the send queue took',
  refused: 'CAN frames that were not taken: the queue is full or the interface away',
  held: 'Of them: held back because nothing left the controller',
  received: 'CAN frames of others that passed the filter',
  ignored: 'CAN frames of others that are no data frames of up to 8 bytes',
  opened: 'Times the CAN port was opened, the first included',
  stopped: 'CAN ports that died with their interface',
  busOff: 'Times the CAN controller said that it is bus-off',
  restarted: 'Times it said that it was restarted',
  errorPassive: 'Times it said that it is error-passive',
  errorActive: 'Times it said that it is error-active again',
  noAck: 'Times it said that nobody acknowledges',
} as const satisfies Record<string, string>;

export type WireCounter = keyof typeof wireCounters;

export type WireCounts = { readonly [C in WireCounter]?: number };

/** One thing that masters ask of a unit, and how often. */
export interface Asked {
  /** Unit id, or the address of the codec. */
  readonly unit: number;
  /** Function code of Modbus, or the command of the codec. */
  readonly code: number;
  /** The first register and how many; absent where a question has none. Of a function that also reads, what it reads. */
  readonly first?: number;
  readonly quantity?: number;
  readonly count: number;
  /** How often it was refused, and the last code. */
  readonly refused: number;
  readonly exception?: number;
}

/** What is being told to an inverter, and why it is not the truth where it is not. */
export type Telling =
  | 'nothing yet'
  | 'the truth'
  | 'last values'
  | 'stale'
  | 'holds zero'
  | 'silence'
  | 'exception';

/** Numbers that an inverter may be told, by the names of the catalogue. */
export const numbersRead = [
  'charge_voltage_limit_V',
  'discharge_voltage_limit_V',
  'charge_current_limit_A',
  'discharge_current_limit_A',
  'charge_power_limit_W',
  'discharge_power_limit_W',
  'soc_told_pct',
  'heartbeat',
] as const;

/** What it may be allowed or asked to do. */
export const flagsRead = [
  'charge_enable',
  'discharge_enable',
  'force_charge_1',
  'force_charge_2',
  'full_charge_request',
  'balance_request',
] as const;

/** As it stood on the wire, to the wire's own count. Absent: it was not told, its protocol has no place for it, or the bank does not know it. */
export type AsRead = { readonly [N in (typeof numbersRead)[number]]?: number } & {
  readonly [F in (typeof flagsRead)[number]]?: boolean;
};

/** When each of them was told last, monotonic ms. */
export type ReadAtMs = { readonly [N in keyof AsRead]?: number };

export interface InverterHealth {
  readonly id: string;
  /** Id and version of the profile in force, e.g. `pylontech-lv@1.2.0`. */
  readonly profile?: string;
  /** Whether it is heard; `back` is the first time after a silence. */
  readonly voice: 'never' | 'heard' | 'silent' | 'back';
  /** Polls or keep-alives since its profile is in force. */
  readonly heard: number;
  /** Monotonic moment of the last one. */
  readonly heardAtMs?: number;
  /** In the last whole minute; absent before there was one. */
  readonly heardPerMinute?: number;
  /** From the deadline of a beat to its first frame; where there is a beat. */
  readonly beatLateness?: HistogramMs;
  readonly telling: Telling;
  /** While it is told something: what it reads. */
  readonly told?: AsRead;
  /** Of one that is told only what it asks for: when it read each. */
  readonly toldAtMs?: ReadAtMs;
  /** It is told nothing but what it asks for. */
  readonly isPolled?: true;
  /** It speaks, and asks for neither limits nor SoC. */
  readonly asksNothing?: true;
  /** The battery's current as the inverter measured it itself, A, positive while charging; of those that tell it. */
  readonly sensedA?: Stamped<number>;
}

/** A battery that a person let rest, until a monotonic moment. */
export interface BatteryRest {
  /** `link`: the link is let go, so that another program may have it; `reading`: it is held, and nothing is asked. */
  readonly what: 'link' | 'reading';
  readonly untilMs: number;
  readonly by: string;
}

/** What is known of the way to a battery. */
export interface BatteryHealth {
  readonly id: string;
  readonly link?: { readonly state: string; readonly rssiDbm?: number; readonly why?: string };
  readonly rest?: BatteryRest;
}

export const wireStates = ['opening', 'open', 'unavailable', 'bus-off', 'no-ack', 'error-passive'] as const;
export type WireState = (typeof wireStates)[number];

/** One wire at a moment, as numbers. */
export interface WireHealth {
  /** As `gateway.yaml` calls it. */
  readonly name: string;
  readonly kind: 'rtu' | 'tcp' | 'ascii' | 'kostal' | 'can';
  readonly state: WireState;
  readonly counts: WireCounts;
  /** From the last byte of a request to the first of its answer. */
  readonly answerTime?: HistogramMs;
  readonly asked: readonly Asked[];
  /** Questions beyond those that are told apart. */
  readonly askedOthers: number;
  /** Masters that are connected. */
  readonly masters?: number;
  readonly inverters: readonly InverterHealth[];
}

/** A child process as its keeper sees it. */
export interface ChildHealth {
  readonly name: string;
  /** How often it ended without being asked to. */
  readonly replaced: number;
  /** Messages that it did not take. */
  readonly dropped: number;
}

export interface Health {
  /** Monotonic moment of all these numbers. */
  readonly atMs: number;
  readonly wires: readonly WireHealth[];
  readonly children: readonly ChildHealth[];
  readonly batteries: readonly BatteryHealth[];
}
