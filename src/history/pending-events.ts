import { isLasting } from '../events/event-data.ts';
import type { BankState } from '../model/bank-state.ts';
import { type BankEvent, eventKinds, severityOf } from '../model/events.ts';
import type { KeptEvent } from './store.ts';

/** While nothing can be written the oldest give way. */
const MOST_WAITING = 1000;

interface Waiting {
  event: BankEvent;
  snapshot?: string;
}

/** A moment that is good to know needs no picture of the bank. */
const wantsSnapshot = (event: BankEvent): boolean =>
  eventKinds[event.kind].lasts || severityOf(event) !== 'info';

/** Events that are not written yet: one entry each, with its newest word, and the bank as it was when it began. */
export class PendingEvents {
  readonly #waiting = new Map<string, Waiting>();
  /** Written or not. */
  readonly #lasting = new Map<string, BankEvent>();
  readonly #snapshot: (state: BankState) => unknown;
  #state: BankState | undefined;
  #made: { readonly of: BankState; readonly picture: string } | undefined;

  constructor(snapshot: (state: BankState) => unknown) {
    this.#snapshot = snapshot;
  }

  get size(): number {
    return this.#waiting.size;
  }

  ids(): string[] {
    return [...this.#waiting.keys()];
  }

  /** The evaluation in which something began may come before the event or after it. */
  state(state: BankState): void {
    this.#state = state;
    for (const waiting of this.#waiting.values()) this.#picture(waiting, state);
  }

  /** One that has no moment would keep all others out of the file. */
  event(event: BankEvent): void {
    if (!Number.isFinite(event.beganAtMs)) return;
    const waiting = this.#waiting.get(event.id) ?? { event };
    waiting.event = event;
    this.#waiting.set(event.id, waiting);
    if (isLasting(event)) this.#lasting.set(event.id, event);
    else this.#lasting.delete(event.id);
    if (this.#state) this.#picture(waiting, this.#state);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
  }

  /**
   * The clock was set: what lasts is dated anew now, for the file may be closed by a process that never knew when it began. Or a new
   * file was begun.
   */
  putDownAnew(): void {
    for (const [id, event] of this.#lasting) if (!this.#waiting.has(id)) this.#waiting.set(id, { event });
  }

  /** All of them, under the wall clock; they wait on until `written`. */
  kept(wallMsOf: (atMs: number) => number): KeptEvent[] {
    return Array.from(this.#waiting.values(), ({ event, snapshot }) => ({
      event,
      beganMs: wallMsOf(event.beganAtMs),
      ...(event.endedAtMs !== undefined && { endedMs: wallMsOf(event.endedAtMs) }),
      ...this.#pictured(event, snapshot),
    }));
  }

  written(): void {
    this.#waiting.clear();
  }

  #picture(waiting: Waiting, state: BankState): void {
    const { event, snapshot } = waiting;
    if (snapshot === undefined && wantsSnapshot(event) && state.evaluatedAtMs >= event.beganAtMs)
      waiting.snapshot = this.#pictureOf(state);
  }

  /** What begins in one evaluation has one picture: a bank of 64 that is lost has that many events at once. */
  #pictureOf(state: BankState): string {
    if (this.#made?.of !== state) this.#made = { of: state, picture: JSON.stringify(this.#snapshot(state)) };
    return this.#made.picture;
  }

  /** An event of no evaluation, as of a wire, has the one before it. */
  #pictured(event: BankEvent, snapshot: string | undefined): { snapshot?: string } {
    if (snapshot !== undefined) return { snapshot };
    return wantsSnapshot(event) && this.#state ? { snapshot: this.#pictureOf(this.#state) } : {};
  }
}
