import type { CanFrame } from '../model/can-frame.ts';
import { GatewayError, sentence } from '../model/errors.ts';
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
import { busOff, errorPassive, noAck } from './interface-state.ts';
import type { CanFault, CanLine, CanPort, CanTrouble } from './port.ts';

/** Waits before the line is opened again, ms; the last one from then on. */
const BACK_OFF_MS = [1000, 2000, 5000, 10_000] as const;
/** Failed sends in a row that mean "the queue is full"; a burst may cost one or two. */
const QUEUE_FULL = 5;
/** After failed sends the line is looked at no more often than this, ms. */
const LOOK_EVERY_MS = 1000;
/** Sends that fail for so long on a line that looks well, ms: a new socket is tried. Closing the old one takes 100 ms. */
const STUCK_MS = 60_000;

/** A change of state, for the log: once per change, never per frame. */
export type BusEvent = { readonly bus: string } & (CanTrouble | { readonly kind: 'open' | 'back' });

export interface BusOptions {
  readonly line: CanLine;
  readonly onEvent: (event: BusEvent) => void;
  readonly onFrame?: (frame: CanFrame, atMs: number) => void;
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

const asTrouble = (error: unknown): CanTrouble =>
  error instanceof GatewayError && 'remedy' in error.details
    ? { kind: 'unavailable', why: error.details.why, remedy: error.details.remedy }
    : { kind: 'unavailable', why: sentence(error), remedy: 'see `bmsgate doctor`' };

function complaint(fault: CanFault, bus: string): CanTrouble | undefined {
  if (fault === 'bus-off') return busOff(bus);
  if (fault === 'no-ack') return noAck;
  return fault === 'error-passive' ? errorPassive : undefined;
}

export function openBus({ line, onEvent, onFrame, clock, after }: BusOptions): CanBus {
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

  function good(): void {
    attempts = 0;
    failures = 0;
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
    counters.received++;
    good();
    onFrame?.(frame, clock());
  }

  function fault(kind: CanFault): void {
    counters[counterOf[kind]]++;
    const trouble = complaint(kind, bus);
    if (kind === 'stopped') stopped();
    else if (trouble) become(complained(condition, trouble));
  }

  function stopped(): void {
    port = undefined;
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
    if (trouble) become(found(trouble));
    else if (failures >= QUEUE_FULL) queueFull(nowMs);
  }

  function queueFull(nowMs: number): void {
    // The line was just looked at: whatever made it unavailable is over.
    become(condition.trouble?.kind === 'unavailable' ? found(noAck) : complained(condition, noAck));
    if (nowMs - failingSinceMs < STUCK_MS) return;
    failures = 0;
    port?.close();
    port = undefined;
    open();
  }

  open();

  return {
    send(frame) {
      const taken = port?.send(frame) ?? false;
      counters[taken ? 'sent' : 'refused']++;
      if (!port) return false;
      if (taken) good();
      else failed();
      return taken;
    },
    trouble: () => condition.trouble,
    counters,
    close() {
      cancel();
      port?.close();
      port = undefined;
    },
  };
}
