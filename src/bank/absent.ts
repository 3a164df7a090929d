import type { Reason } from '../model/bank-state.ts';
import type { BankConfig } from './config.ts';
import { type Direction, packLimit } from './limits.ts';
import { isCounted, type Pack, type PackString, type ReadPack } from './strings.ts';

/** A string that does not count now, and for how long its worst pack has been silent (bank reference, section 6.2). */
export interface AbsentString {
  readonly packs: readonly Pack[];
  readonly isLost: boolean;
  readonly silentMs: number;
  /** Ah; absent while no capacity is known: then nothing may be asked of the bank at all. */
  readonly capacityAh?: number;
  readonly share: number;
}

const STALE_C = 0.2;
const LOST_C = 0.1;
const HOLD_SHARE = 0.5;
const HOLD_MS = 60_000;

const isRead = (pack: Pack): pack is ReadPack => pack.reading !== undefined;

/** The strings that are stale, lost or were never heard. `beganMs`: a pack never heard is silent since the start. */
export function absentStrings(
  strings: readonly PackString[],
  beganMs: number,
  nowMs: number,
): AbsentString[] {
  return strings
    .filter((s) => !isCounted(s))
    .map(({ packs, rung, share, capacityAh }) => ({
      packs,
      isLost: rung !== 'stale',
      silentMs: Math.max(...packs.map((p) => nowMs - (p.sampleAtMs ?? beganMs))),
      share,
      ...(capacityAh !== undefined && { capacityAh }),
    }));
}

/** Last seen near a limit or with a protection: nothing may be asked of it in that direction any more. */
function wasNearEnd({ reading }: ReadPack, { chemistry }: BankConfig, direction: Direction): boolean {
  if (reading.alarms?.length) return true;
  return direction === 'charge'
    ? Math.max(...reading.cellVoltagesV) > chemistry.nearFullV
    : Math.min(...reading.cellVoltagesV) < chemistry.nearEmptyV;
}

/** The weakest pack's limit by its last reading, A; infinite while none was ever read. */
const lastLimitA = (
  packs: readonly ReadPack[],
  share: number,
  config: BankConfig,
  direction: Direction,
): number =>
  Math.min(Number.POSITIVE_INFINITY, ...packs.map((p) => packLimit(p, config, share, direction)[0].value));

/** What the string still counts as, A, and why: it most likely conducts. */
export function absentAllowance(absent: AbsentString, config: BankConfig, direction: Direction): Reason {
  const { packs, share, isLost, silentMs, capacityAh } = absent;
  const pack = packs.find((p) => p.rung !== 'fresh' && p.rung !== 'late')?.config.id ?? packs[0]?.config.id;
  const because = (rule: string, value: number): Reason => ({
    rule,
    value,
    ...(pack !== undefined && { pack }),
  });
  const read = packs.filter(isRead);
  if (read.some((p) => wasNearEnd(p, config, direction))) return because('missing pack was near its end', 0);
  if (capacityAh === undefined) return because('missing pack of unknown capacity', 0);
  const last = lastLimitA(read, share, config, direction);
  if (config.loss === 'hold' && read.length && silentMs <= config.ages.lateMs + HOLD_MS)
    return because('missing pack: hold', last * HOLD_SHARE);
  return because('missing pack: reduce', Math.min(last, capacityAh * (isLost ? LOST_C : STALE_C)));
}

/** `reduce`: charging ends when a pack has been missing for too long. */
export const missingTooLong = (absent: readonly AbsentString[], { reduceForMs }: BankConfig): boolean =>
  absent.some(({ silentMs }) => silentMs > reduceForMs);
