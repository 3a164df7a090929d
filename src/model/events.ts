import type { AlarmName } from './alarms.ts';

/** `info` is good to know, `warning` wants a look soon, `alarm` wants one now. */
export const severities = ['info', 'warning', 'alarm'] as const;
export type Severity = (typeof severities)[number];

/** What an event is about; all but the bank and the gateway have an id, which is the event's `subject`. */
export type EventScope = 'bank' | 'battery' | 'inverter' | 'wire' | 'radio' | 'gateway';

interface KindSpec {
  readonly scope: EventScope;
  readonly severity: Severity;
  /** It begins and ends; else it is a moment. */
  readonly lasts: boolean;
  /** For a list of kinds, a few words. */
  readonly title: string;
  /** Kinds of one ladder take each other's place. */
  readonly ladder?: 'freshness' | 'alarm' | 'telling' | 'hearing' | 'wire' | 'radio';
}

const lasting = (
  scope: EventScope,
  severity: Severity,
  title: string,
  ladder?: NonNullable<KindSpec['ladder']>,
) => ({ scope, severity, lasts: true, title, ...(ladder && { ladder }) });
const moment = (scope: EventScope, severity: Severity, title: string) => ({
  scope,
  severity,
  lasts: false,
  title,
});

/** The one closed list of what can happen. Log lines, history, MQTT, alerts and the page are made of these. */
export const eventKinds = {
  gateway_started: moment('gateway', 'info', 'Gateway started'),
  gateway_stopped: moment('gateway', 'info', 'Gateway stopped'),
  good_copy_in_force: lasting('gateway', 'alarm', 'The last good copy of a file is in force'),
  remark: moment('gateway', 'warning', 'Something to read at the start'),
  clock_stepped: moment('gateway', 'info', 'Clock was set'),
  clock_wrong: lasting('gateway', 'warning', 'Clock not set'),
  child_replaced: moment('gateway', 'warning', 'A part of the gateway was started anew'),
  bank_incomplete: lasting('bank', 'info', 'Bank not complete yet', 'freshness'),
  bank_late: lasting('bank', 'info', 'Bank data late', 'freshness'),
  bank_stale: lasting('bank', 'warning', 'Bank data stale', 'freshness'),
  bank_lost: lasting('bank', 'alarm', 'Bank lost', 'freshness'),
  protection: lasting('bank', 'alarm', 'Protection', 'alarm'),
  warning: lasting('bank', 'warning', 'Warning', 'alarm'),
  charge_blocked: lasting('bank', 'info', 'Charging blocked'),
  discharge_blocked: lasting('bank', 'info', 'Discharging blocked'),
  notice: lasting('bank', 'info', 'Notice of the bank'),
  limit_cause: moment('bank', 'info', 'A limit has another cause'),
  battery_awaited: lasting('battery', 'info', 'Battery not heard yet', 'freshness'),
  battery_late: lasting('battery', 'info', 'Battery late', 'freshness'),
  battery_stale: lasting('battery', 'warning', 'Battery stale', 'freshness'),
  battery_lost: lasting('battery', 'alarm', 'Battery lost', 'freshness'),
  battery_fault: lasting('battery', 'alarm', 'Battery does not count'),
  battery_switched: moment('battery', 'warning', 'Bytes sent to a battery by hand'),
  battery_rests: lasting('battery', 'info', 'Battery let rest by hand'),
  link_recovery: moment('radio', 'info', 'Remedy for a link'),
  radio_down: lasting('radio', 'alarm', 'Radio down', 'radio'),
  radio_stand_in: lasting('radio', 'alarm', 'Batteries read by the stand-in radio'),
  inverter_unserved: lasting('inverter', 'alarm', 'Inverter not served'),
  inverter_served: moment('inverter', 'info', 'Inverter served from now on'),
  inverter_heard: moment('inverter', 'info', 'Inverter heard'),
  inverter_silent: lasting('inverter', 'warning', 'Inverter not heard', 'hearing'),
  inverter_asks_nothing: lasting('inverter', 'warning', 'Inverter asks for no limits', 'hearing'),
  inverter_waits: lasting('inverter', 'info', 'Inverter waits for the bank', 'telling'),
  inverter_told_nothing: lasting('inverter', 'alarm', 'Inverter is told nothing', 'telling'),
  inverter_told_exception: lasting('inverter', 'alarm', 'Inverter is answered with an exception', 'telling'),
  inverter_lacks_values: lasting('inverter', 'alarm', 'Profile requires what the bank does not have'),
  inverter_exceeds: lasting('inverter', 'warning', 'Inverter goes beyond the limit that it is told'),
  inverter_talk: moment('inverter', 'info', 'Talk with an inverter moves on'),
  inverter_frame_short: moment('inverter', 'warning', 'Inverter sends a frame that is too short'),
  profile_taken: moment('inverter', 'info', 'Changed profile in force'),
  profile_refused: moment('inverter', 'warning', 'Changed profile refused'),
  profile_dropped: moment('inverter', 'warning', 'Changed profile failed, the last good one is back'),
  wire_open: moment('wire', 'info', 'Wire open'),
  wire_down: lasting('wire', 'alarm', 'Wire down', 'wire'),
  wire_troubled: lasting('wire', 'warning', 'Trouble on a wire', 'wire'),
  answer_failed: moment('wire', 'alarm', 'An answer could not be made'),
  master_asks: moment('wire', 'info', 'What a master asks'),
  master_refused: moment('wire', 'warning', 'A master asks what its profile does not have'),
  broker_away: lasting('gateway', 'warning', 'MQTT broker not reached'),
  history_stopped: lasting('gateway', 'warning', 'History is not written'),
  history_begun_anew: moment('gateway', 'warning', 'Broken history moved aside, a new one begun'),
  alert_undelivered: lasting('gateway', 'warning', 'Alerts are not delivered'),
  black_box_kept: moment('gateway', 'info', 'Black box kept'),
} as const satisfies Record<string, KindSpec>;

export type EventKind = keyof typeof eventKinds;

// Object.keys forgets the literal type of the table above.
export const eventKindNames = Object.keys(eventKinds) as readonly EventKind[];

/** The worst that was measured while it lasted. */
export interface Peak {
  /** A name of the signal catalogue or of a pack's quantities, with its unit, e.g. `max_cell_voltage_V`. */
  readonly quantity: string;
  readonly value: number;
}

/** Something that happened: told when it begins, again when its peak rises, and when it is over. */
export interface BankEvent {
  /** Its own over all starts of the gateway, e.g. `1f3c9a2b-17`. */
  readonly id: string;
  readonly kind: EventKind;
  /** Id of the battery, inverter, wire or radio. */
  readonly subject?: string;
  /** Of a protection or warning: which. */
  readonly alarm?: AlarmName;
  /** Tells it from others of the same kind and subject: which notice, which trouble. */
  readonly about?: string;
  /** One sentence for a person, as it was at the beginning. */
  readonly text: string;
  /** The constant sentence of its line of the log, where `text` also says what stands in the line's fields. */
  readonly line?: string;
  /** What else belongs to it, for programs and for its line of the log, e.g. `ageS`, `why`, `code`. */
  readonly details?: Readonly<Record<string, string | number | undefined>>;
  /** Monotonic moments. A moment ends when it begins; what still lasts has no end. */
  readonly beganAtMs: number;
  readonly endedAtMs?: number;
  readonly peak?: Peak;
  /** It came and went so often that it is one event from then on, which ends when it has stayed away for ten minutes. */
  readonly flaps?: true;
  /** Of one that is over: how it ended, where that needs a sentence of its own. */
  readonly over?: string;
  /** Of one that is over: what took its place, e.g. of `battery_stale` `battery_lost`. Then nothing is well yet. */
  readonly became?: EventKind;
}

/** What lasted when the gateway ended, by the clock of this boot, and until when that is known. */
export interface EventsKept {
  readonly events: readonly BankEvent[];
  readonly untilMs: number;
}

/** What an office that begins must know of what happened before it. */
export interface EventsBefore {
  /** What lasts, oldest first. */
  readonly open: readonly BankEvent[];
  /** News that the office before it may not have done its work for. */
  readonly recent: readonly BankEvent[];
}

export const severityOf = ({ kind }: Pick<BankEvent, 'kind'>): Severity => eventKinds[kind].severity;
