// What a page shows that changes by itself: one document, sent whole now and then and between by what changed in it (merge patches,
// RFC 7386). Names are those of the catalogue; what is unknown is absent. Moments `…_at_ms` are monotonic, those of `nowMs`.
import type { EventKind, Severity } from '../events.ts';
import type { Freshness } from '../freshness.ts';
import type { Asked, AsRead, ReadAtMs, Telling, WireState } from '../wire-health.ts';

export type { Telling } from '../wire-health.ts';

/** Why a limit is what it is; the first of a list decided. */
export interface LiveReason {
  readonly rule: string;
  readonly value: number;
  readonly pack?: string;
  readonly cell?: number;
  readonly measured?: number;
  readonly since_ms?: number;
}

export type LimitSignal =
  | 'charge_voltage_limit_V'
  | 'discharge_voltage_limit_V'
  | 'charge_current_limit_A'
  | 'discharge_current_limit_A';

/** A link that a person let rest; it is taken up again by itself at `until_ms`. */
export interface LiveRest {
  /** `link`: the link is let go, so that another program may have it; `reading`: it is held, and nothing is asked. */
  readonly what: 'link' | 'reading';
  readonly until_ms: number;
  readonly by: string;
}

/** One pack: what it last said, under the names of the catalogue (`voltage_V`, `cell_voltages_V`, …), and how it stands. */
export interface LivePack {
  readonly freshness: Freshness;
  readonly sample_at_ms?: number;
  /** Why it does not count. */
  readonly fault?: string;
  readonly is_partial?: true;
  readonly charge_current_limit_A?: number;
  readonly discharge_current_limit_A?: number;
  /** As it was let rest by a person. */
  readonly rest?: LiveRest;
  readonly link?: { readonly state: string; readonly rssi_dBm?: number; readonly why?: string };
  /** `readingToNames`; a broken sensor is null in its row. */
  readonly reading?: Readonly<Record<string, unknown>>;
}

export interface LiveBank {
  readonly sequence: number;
  readonly evaluated_at_ms: number;
  readonly valid_until_ms: number;
  readonly freshness: Freshness;
  readonly sample_at_ms?: number;
  readonly stage?: 'bulk' | 'absorption' | 'float' | 'stop';
  /** By the names of the catalogue. */
  readonly signals: Readonly<Record<string, unknown>>;
  readonly reasons: Readonly<Record<LimitSignal, readonly LiveReason[]>>;
  readonly notices: readonly string[];
}

/** Durations in ms. */
export interface LiveDurations {
  readonly count: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly max: number;
}

export interface LiveWire {
  readonly kind: 'rtu' | 'tcp' | 'ascii' | 'kostal' | 'can';
  readonly state: WireState;
  readonly counts: Readonly<Record<string, number>>;
  readonly answer_time?: LiveDurations;
  readonly asked: readonly Asked[];
  readonly masters?: number;
}

export interface LiveInverter {
  readonly wire: string;
  readonly profile?: string;
  readonly voice: 'never' | 'heard' | 'silent' | 'back';
  readonly heard: number;
  readonly heard_at_ms?: number;
  readonly heard_per_minute?: number;
  /** How late beats left. */
  readonly beat?: LiveDurations;
  readonly telling: Telling;
  /** What it was told last, as it reads it; absent while it is told nothing. */
  readonly told?: AsRead;
  /** It is told nothing but what it asks for. */
  readonly is_polled?: true;
  /** Of such a one: when it read each of them. */
  readonly told_at_ms?: ReadAtMs;
  /** It speaks, and asks for neither limits nor SoC. */
  readonly asks_nothing?: true;
  /** What it measured itself and told us. */
  readonly sensed?: { readonly current_A: number; readonly at_ms: number };
}

/** An event that lasts, or one of the newest. Moments of the wall clock, ms since 1970. */
export interface LiveEvent {
  readonly kind: EventKind;
  readonly severity: Severity;
  readonly subject?: string;
  readonly alarm?: string;
  readonly text: string;
  readonly began_ms: number;
  readonly ended_ms?: number;
  readonly over?: string;
  readonly peak?: { readonly quantity: string; readonly value: number };
  readonly flaps?: true;
}

/** Batteries, wires, inverters and events by id. */
export interface Live {
  readonly bank?: LiveBank;
  readonly packs: Readonly<Record<string, LivePack>>;
  readonly wires: Readonly<Record<string, LiveWire>>;
  readonly inverters: Readonly<Record<string, LiveInverter>>;
  /** What lasts, and the newest that are over. */
  readonly events: Readonly<Record<string, LiveEvent>>;
  /** The last times that the bank was late, stale or lost, newest first. */
  readonly trips: readonly LiveEvent[];
  readonly processes: Readonly<Record<string, { readonly replaced: number; readonly dropped: number }>>;
}

/** `event: live` of the stream. A `number` that does not follow the one before is a gap: wait for the next whole one. */
export type LiveMessage = {
  readonly number: number;
  /** Monotonic, as it was sent: ages are counted on from here by the reader's own clock. */
  readonly now_ms: number;
  /** The wall clock of the gateway, ms since 1970. */
  readonly wall_ms: number;
} & ({ readonly whole: Live } | { readonly patch: unknown });
