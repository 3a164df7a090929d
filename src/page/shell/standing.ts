// How the whole stands, in four words: what the strip at the top of every screen says.
import type { Live, LiveEvent, LiveInverter, LiveWire } from '../../model/api/live.ts';
import { eventKinds } from '../../model/events.ts';
import { named } from '../live/values.ts';

export type LinkStanding = 'none' | 'never' | 'heard' | 'silent' | 'wire' | 'unserved';

/** Something of ours can go out on it. */
export const isWireGood = (wire: LiveWire | undefined): boolean =>
  wire === undefined || wire.state === 'open' || wire.state === 'opening';

/** The link to one inverter: what its wire lacks comes before what is heard on it. */
export function standingOf(inverter: Pick<LiveInverter, 'voice'>, wire: LiveWire | undefined): LinkStanding {
  if (!isWireGood(wire)) return 'wire';
  if (inverter.voice === 'silent') return 'silent';
  return inverter.voice === 'never' ? 'never' : 'heard';
}

/** Worst first. */
const order: readonly LinkStanding[] = ['wire', 'silent', 'never', 'heard'];

/** The worst of all inverters, and how many of them are heard. */
export function linkStanding({ inverters, wires }: Live): {
  readonly worst: LinkStanding;
  readonly heard: number;
  readonly all: number;
  /** What is wrong with the wire, where that is the worst. */
  readonly wireState?: LiveWire['state'];
} {
  const found = Object.values(inverters).map((i) => standingOf(i, named(wires, i.wire)));
  const wire = Object.values(inverters)
    .flatMap((i) => named(wires, i.wire) ?? [])
    .find((w) => !isWireGood(w));
  return {
    worst: order.find((standing) => found.includes(standing)) ?? 'none',
    ...(wire && { wireState: wire.state }),
    heard: found.filter((standing) => standing === 'heard').length,
    all: found.length,
  };
}

export const isActive = ({ kind, ended_ms }: LiveEvent): boolean =>
  ended_ms === undefined && eventKinds[kind]?.lasts !== false;

const list = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];

/** Events of that severity that last; where no event tells them, the alarms of the bank itself. */
export function alarmCounts({ events, bank }: Live): { readonly alarms: number; readonly warnings: number } {
  const lasting = Object.values(events).filter(isActive);
  const count = (severity: string) => lasting.filter((e) => e.severity === severity).length;
  const named = (signal: string) => list(bank?.signals[signal]).length;
  return {
    alarms: Math.max(count('alarm'), named('alarms')),
    warnings: Math.max(count('warning'), named('warnings')),
  };
}
