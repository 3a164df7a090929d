import type { CanFrame } from '../model/can-frame.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import {
  type Condition,
  complained,
  faltered,
  found,
  sameTrouble,
  settled,
  sound,
  worked,
} from './condition.ts';
import { type CanCounters, counterOf, newCounters } from './counters.ts';
import { asTrouble, complaint, noAck } from './interface-state.ts';
import { watchOutflow } from './outflow.ts';
import type { CanFault, CanLine, CanPort, CanTrouble } from './port.ts';

/** Waits before the line is opened again, ms; the last one from then on. */
const BACK_OFF_MS = [1000, 2000, 5000, 10_000] as const;
/** Failed sends in a row that mean "the queue is full"; a burst may cost one or two. */
const QUEUE_FULL = 5;
/** After failed sends the line is looked at no more often than this, ms. */
const LOOK_EVERY_MS = 500;
/** Sends that fail for so long on a line that looks well, ms: a new socket is tried. Closing the old one takes 100 ms. */
const STUCK_MS = 60_000;

/** A change of state, for the log: once per change, never per frame. */
export type BusEvent = { readonly bus: string } & (CanTrouble | { readonly kind: 'open' | 'back' });

export interface BusOptions {
  readonly line: CanLine;
  readonly onEvent: (event: BusEvent) => void;
  readonly onFrame?: (frame: CanFrame, atMs: number) => void;
  /** Frames that had waited in the kernel go out now, as old as they are: say what is true. */
  readonly onFlow?: () => void;
  readonly clock: Clock;
  readonly after: After;
}

/** One line for all who speak on it, opened now and whenever it comes back. */
export interface CanBus {
  /** True when the line took the frame. Safe at any time, also while the line is away. */
  readonly send: (frame: CanFrame) => boolean;
  /** What is wrong now; `undefined` while all is well. */
  readonly trouble: () => CanTrouble | undefined;
  readonly counters: Readonly<CanCounters>;
  readonly close: () => void;
}

export function openBus({ line, onEvent, onFrame, onFlow, clock, after }: BusOptions): CanBus {
  const bus = line.name;
  const counters = newCounters();
  let condition: Condition = sound;
  let port: CanPort | undefined;
  let opened = false;
  let attempts = 0;
  let failures = 0;
  let failingSinceMs = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let cancel = () => {};
  const outflow = watchOutflow({ line, onFlow, clock, after });

  function become(next: Condition): void {
    const { trouble } = next;
    const news = trouble && !sameTrouble(trouble, condition.trouble);
    condition = next;
    if (news) onEvent({ bus, ...trouble });
  }

  function announce(): void {
    condition = sound;
    onEvent({ bus, kind: opened ? 'back' : 'open' });
    opened = true;
  }

  /** Settles trouble, not the failures: who hears may still be unable to speak. */
  function good(): void {
    attempts = 0;
    if (!condition.trouble) return;
    condition = worked(condition, clock());
    if (!settled(condition, clock())) return;
    const trouble = line.trouble();
    if (trouble) become(found(trouble));
    else announce();
  }

  function reopenLater(): void {
    const waitMs = BACK_OFF_MS[Math.min(attempts++, BACK_OFF_MS.length - 1)] ?? 0;
    cancel = after(waitMs, open);
  }

  function open(): void {
    try {
      port = line.open({ onFrame: hear, onFault: fault, onOther: () => counters.ignored++ });
      counters.opened++;
    } catch (error) {
      become(found(asTrouble(error)));
      reopenLater();
      return;
    }
    const trouble = line.trouble();
    if (trouble) become(found(trouble));
    // A new socket alone proves nothing about who acknowledges.
    else if (!condition.trouble || condition.trouble.kind === 'unavailable') announce();
  }

  function hear(frame: CanFrame): void {
    outflow.heard();
    counters.received++;
    good();
    onFrame?.(frame, clock());
  }

  function fault(kind: CanFault): void {
    counters[counterOf[kind]]++;
    // Error frames can come by the thousand.
    const trouble = condition.trouble?.kind === kind ? condition.trouble : complaint(kind, bus, line.traffic);
    if (kind === 'restarted') outflow.lost(false);
    if (kind === 'stopped') stopped();
    else if (trouble) become(complained(condition, trouble));
  }

  function stopped(): void {
    port = undefined;
    outflow.lost(false);
    become(found(line.trouble() ?? asTrouble(new Error('the interface stopped'))));
    reopenLater();
  }

  function failed(): void {
    const nowMs = clock();
    if (failures++ === 0) failingSinceMs = nowMs;
    condition = faltered(condition);
    if (nowMs - lookedAtMs < LOOK_EVERY_MS && failures !== QUEUE_FULL) return;
    lookedAtMs = nowMs;
    const trouble = line.trouble();
    if (trouble || outflow.isAway()) away(trouble);
    else if (failures >= QUEUE_FULL || outflow.holding()) queueFull(nowMs);
  }

  function away(trouble: CanTrouble | undefined): void {
    outflow.lost(trouble !== undefined);
    if (trouble) become(found(trouble));
    else failures = 0;
  }

  function queueFull(nowMs: number): void {
    // The line was just looked at: whatever made it unavailable is over.
    become(condition.trouble?.kind === 'unavailable' ? found(noAck) : complained(condition, noAck));
    if (outflow.holding() || nowMs - failingSinceMs < STUCK_MS) return;
    failures = 0;
    port?.close();
    port = undefined;
    open();
  }

  /** Where nothing flows, the line is looked at: it may have come back, and then flows. */
  function mayGo(): boolean {
    if (outflow.open(condition.trouble !== undefined)) return true;
    failed();
    return outflow.open(true);
  }

  function handOver(frame: CanFrame): boolean {
    if (!port) return false;
    if (!mayGo()) {
      if (!outflow.isAway()) counters.held++;
      return false;
    }
    const taken = port.send(frame);
    if (taken) took();
    else failed();
    return taken;
  }

  function took(): void {
    outflow.took();
    failures = 0;
    good();
  }

  open();

  return {
    send(frame) {
      const taken = handOver(frame) ? 'sent' : 'refused';
      counters[taken]++;
      return taken === 'sent';
    },
    trouble: () => condition.trouble,
    counters,
    close() {
      cancel();
      outflow.close();
      port?.close();
      port = undefined;
    },
  };
}
