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
}

const lasting = (scope: EventScope, severity: Severity, title: string) => ({
  scope,
  severity,
  lasts: true,
  title,
});
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
  bank_incomplete: lasting('bank', 'info', 'Bank not complete yet'),
  bank_late: lasting('bank', 'info', 'Bank data late'),
  bank_stale: lasting('bank', 'warning', 'Bank data stale'),
  bank_lost: lasting('bank', 'alarm', 'Bank lost'),
  protection: lasting('bank', 'alarm', 'Protection'),
  warning: lasting('bank', 'warning', 'Warning'),
  charge_blocked: lasting('bank', 'info', 'Charging blocked'),
  discharge_blocked: lasting('bank', 'info', 'Discharging blocked'),
  notice: lasting('bank', 'info', 'Notice of the bank'),
  limit_cause: moment('bank', 'info', 'A limit has another cause'),
  battery_late: lasting('battery', 'info', 'Battery late'),
  battery_stale: lasting('battery', 'warning', 'Battery stale'),
  battery_lost: lasting('battery', 'alarm', 'Battery lost'),
  battery_fault: lasting('battery', 'alarm', 'Battery does not count'),
  battery_switched: moment('battery', 'warning', 'Battery switched by hand'),
  link_recovery: moment('radio', 'info', 'Remedy for a link'),
  radio_down: lasting('radio', 'alarm', 'Radio down'),
  inverter_silent: lasting('inverter', 'warning', 'Inverter not heard'),
  inverter_told_nothing: lasting('inverter', 'alarm', 'Inverter is told nothing'),
  inverter_told_exception: lasting('inverter', 'alarm', 'Inverter is answered with an exception'),
  profile_taken: moment('inverter', 'info', 'Changed profile in force'),
  profile_refused: moment('inverter', 'warning', 'Changed profile refused'),
  wire_down: lasting('wire', 'alarm', 'Wire down'),
  wire_troubled: lasting('wire', 'warning', 'Trouble on a wire'),
  broker_away: lasting('gateway', 'warning', 'MQTT broker not reached'),
  history_stopped: lasting('gateway', 'warning', 'History is not written'),
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
  /** One sentence for a person, as it was at the beginning. */
  readonly text: string;
  /** What else belongs to it, for programs and for its line of the log, e.g. `ageS`, `why`, `code`. */
  readonly details?: Readonly<Record<string, string | number | undefined>>;
  /** Monotonic moments. A moment ends when it begins; what still lasts has no end. */
  readonly beganAtMs: number;
  readonly endedAtMs?: number;
  readonly peak?: Peak;
}

/** What an office that begins must know of what happened before it. */
export interface EventsBefore {
  /** What lasts, oldest first. */
  readonly open: readonly BankEvent[];
  /** News that the office before it may not have done its work for. */
  readonly recent: readonly BankEvent[];
}

export const severityOf = ({ kind }: Pick<BankEvent, 'kind'>): Severity => eventKinds[kind].severity;
