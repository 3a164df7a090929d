// The black box: the last minutes of all that was heard and said, kept as a file around what must be looked into afterwards.
import type { BoxOrders } from '../blackbox/head.ts';
import { keepBox } from '../blackbox/keep.ts';
import { newRing } from '../blackbox/ring.ts';
import { sentence } from '../model/errors.ts';
import type { BankEvent, EventKind } from '../model/events.ts';
import type { After } from '../model/timers.ts';
import { after } from '../timers.ts';
import { type OfficeGround, wallMsOf } from './ground.ts';
import type { OfficePart } from './part.ts';

const KINDS: readonly EventKind[] = ['protection', 'bank_lost', 'battery_fault'];
const BEFORE_MS = 600_000;
const AFTER_MS = 120_000;
/** An alarm that comes and goes must not wear out the disk: the next box begins where this one ends. */
const APART_MS = BEFORE_MS;
const KEPT = { most: 20, mostBytes: 100e6 };
/** Deflated; some 20 min of 16 packs. */
const RING = { spanMs: BEFORE_MS + AFTER_MS, mostBytes: 12e6 };

/** `2026-11-28T12-00-01-protection` */
const nameOf = ({ kind, beganAtMs }: BankEvent): string =>
  `${new Date(wallMsOf(beganAtMs)).toISOString().slice(0, 19).replaceAll(':', '-')}-${kind}`;

const isBegin = ({ kind, endedAtMs }: BankEvent): boolean => KINDS.includes(kind) && endedAtMs === undefined;

export function blackboxPart(
  { folder, ...gateway }: BoxOrders,
  { log, ledger, clock }: Pick<OfficeGround, 'log' | 'ledger' | 'clock'>,
  later: After = after,
): OfficePart {
  const ring = newRing({ ...RING, inverters: gateway.inverters });
  /** For the next box, by id. */
  const events = new Map<string, BankEvent>();
  const boxed = new Set<string>();
  let keptAtMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(why: readonly BankEvent[]): Promise<void> {
    const [first] = why;
    const stretch = first && ring.since(first.beganAtMs - BEFORE_MS);
    if (!stretch) return;
    const { fromMs, inverters } = stretch;
    const head = { ...gateway, inverters, events: why, fromMs, wall_minus_monotonic_ms: wallMsOf(0) };
    try {
      const path = await keepBox(nameOf(first), head, stretch, { ...KEPT, folder });
      ledger.moment({ kind: 'black_box_kept', text: `black box kept: ${path}` }, clock());
    } catch (error) {
      log.error(`a black box of ${first.kind} could not be kept in ${folder}: ${sentence(error)}`);
    }
  }
  function keep(): void {
    cancel?.();
    cancel = undefined;
    const why = [...events.values()];
    events.clear();
    if (why.length === 0) return;
    keptAtMs = clock();
    writing = writing.then(() => write(why));
  }

  function event(told: BankEvent): void {
    if (!isBegin(told) || boxed.has(told.id)) return;
    boxed.add(told.id);
    events.set(told.id, told);
    const nowMs = clock();
    cancel ??= later(Math.max(told.beganAtMs + AFTER_MS, keptAtMs + APART_MS) - nowMs, keep);
  }

  return {
    tape: ring.take,
    event,
    /** Of what began long ago the office before has kept the box: there is nothing of it on this tape. */
    open(lasting) {
      const nowMs = clock();
      for (const one of lasting)
        if (one.beganAtMs + AFTER_MS < nowMs) boxed.add(one.id);
        else event(one);
    },
    end() {
      keep();
      return writing;
    },
  };
}
