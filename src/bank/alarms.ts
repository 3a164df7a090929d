import type { AlarmName } from '../model/alarms.ts';
import type { AlarmRule } from './config.ts';
import type { BankMemory } from './memory.ts';
import type { ReadPack, StringValues } from './strings.ts';

// Faults that concern the whole bank whichever pack has them (bank reference, section 7).
const unrecoverable: readonly AlarmName[] = ['internal', 'short_circuit', 'contactor'];
const fullAlarms: readonly AlarmName[] = ['cell_high_voltage', 'high_voltage'];
const FULL_SOC_PCT = 95;
/** An alarm stays at least this long, so that a receiver that looks once a second sees it (bank reference, section 7). */
const LATCH_MS = 5000;

/** A full pack that opened its charge FET trips over-voltage every day: that is "full", not an alarm. */
function alarmsOf({ reading }: ReadPack): readonly AlarmName[] {
  const isFull = reading.socPct >= FULL_SOC_PCT && reading.chargeFet === false;
  return (reading.alarms ?? []).filter((name) => !(isFull && fullAlarms.includes(name)));
}

const unique = (names: readonly AlarmName[]): AlarmName[] => [...new Set(names)].toSorted();

/** When each alarm was last there; those that are over and were told long enough are left out. */
const latched = (
  there: readonly AlarmName[],
  seen: BankMemory['alarms'],
  nowMs: number,
): BankMemory['alarms'] => ({
  ...Object.fromEntries(Object.entries(seen).filter(([, atMs]) => nowMs - atMs < LATCH_MS)),
  ...Object.fromEntries(there.map((name) => [name, nowMs])),
});

/** Whether an alarm of some strings is the bank's (bank reference, section 7). */
function isBankAlarm(name: AlarmName, perString: readonly AlarmName[][], rule: AlarmRule): boolean {
  const everywhere = perString.every((names) => names.includes(name));
  return rule === 'any' || everywhere || (rule === 'bank' && unrecoverable.includes(name));
}

/**
 * Alarms: unrecoverable ones of any pack, others only when every string has them. Warnings: whatever any pack says. A string
 * that fell silent keeps the word it last said: nobody knows that its alarm is over.
 */
export function bankAlarms(
  strings: readonly StringValues[],
  rule: AlarmRule,
  seen: BankMemory['alarms'],
  nowMs: number,
) {
  const perString = strings.map((s) => unique(s.packs.flatMap(alarmsOf)));
  const any = unique(perString.flat());
  const there = any.filter((name) => isBankAlarm(name, perString, rule));
  const early = strings.flatMap((s) => s.packs.flatMap((p) => p.reading.warnings ?? []));
  const kept = latched(there, seen, nowMs);
  // The keys are alarm names, by the type of the table.
  const alarms = unique(Object.keys(kept) as AlarmName[]);
  return { alarms, warnings: unique([...alarms, ...any, ...early]), seen: kept };
}
