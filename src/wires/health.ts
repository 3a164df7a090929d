import type { After } from '../model/timers.ts';
import type { BatteryHealth, ChildHealth, Health, InverterHealth, WireHealth } from '../model/wire-health.ts';
import { keyOf, watchAsked } from './asked-words.ts';
import type { EventGround } from './event-ground.ts';
import { type Growth, lastMinute, perMinute } from './last-minute.ts';
import { troubleCounters, watchTroubles } from './wire-troubles.ts';

const EVERY_MS = 5000;
/** While somebody looks at a page. */
const WATCHED_EVERY_MS = 1000;
/** What cannot wait for a beat has left by then. */
const SOON_MS = 100;

export interface HealthGround extends EventGround {
  readonly after: After;
  readonly wires: (nowMs: number) => readonly WireHealth[];
  readonly children: () => readonly ChildHealth[];
  readonly batteries: () => readonly BatteryHealth[];
  /** Somebody looks at these numbers. */
  readonly isWatched?: () => boolean;
  /** To the office, if there is one and it keeps up. */
  readonly send: (health: Health) => void;
}

export interface HealthWatch {
  /** Now: somebody waits for what has just changed. */
  readonly look: () => void;
  /** As soon as the inverters were told what has just changed. */
  readonly soon: () => void;
  readonly end: () => void;
}

/** What is remembered of one wire from one look to the next; it was opened after `sinceMs`. */
function wireWatch(wire: WireHealth, sinceMs: number, ground: EventGround) {
  const counts = lastMinute(sinceMs);
  const questions = lastMinute(sinceMs);
  const heard = lastMinute(sinceMs);
  const asked = watchAsked(wire);
  const troubles = watchTroubles(wire.name, ground);
  return {
    look(now: WireHealth, nowMs: number): Growth {
      const rows = Object.fromEntries(now.asked.map((row) => [keyOf(row), row.count]));
      troubles(counts(troubleCounters(now), nowMs).by);
      for (const news of asked(now.asked, questions(rows, nowMs), nowMs)) ground.ledger.moment(news, nowMs);
      return heard(Object.fromEntries(now.inverters.map((i) => [i.id, i.heard])), nowMs);
    },
  };
}

/** A new profile may give a line another codec, which speaks of other things. */
const watchOf = ({ kind, name }: WireHealth): string => `${kind} ${name}`;

const rated = (inverter: InverterHealth, heard: Growth): InverterHealth =>
  heard.whole ? { ...inverter, heardPerMinute: perMinute(heard.by[inverter.id] ?? 0, heard) } : inverter;

/** Every five seconds, or every second while somebody watches: looks at all wires, puts down what changed, and hands the numbers on. */
export function watchHealth(ground: HealthGround): HealthWatch {
  const { clock, after, wires, children, batteries, send, isWatched = () => false } = ground;
  let lookedAtMs = clock();
  let cancel = () => {};
  let watches = new Map<string, ReturnType<typeof wireWatch>>();
  let isSoon = false;

  function look(): void {
    cancel();
    isSoon = false;
    cancel = after(isWatched() ? WATCHED_EVERY_MS : EVERY_MS, look);
    const nowMs = clock();
    const found = wires(nowMs);
    watches = new Map(
      found.map((wire) => [watchOf(wire), watches.get(watchOf(wire)) ?? wireWatch(wire, lookedAtMs, ground)]),
    );
    const told = found.map((wire) => {
      const heard = watches.get(watchOf(wire))?.look(wire, nowMs);
      return { ...wire, inverters: wire.inverters.map((i) => (heard ? rated(i, heard) : i)) };
    });
    lookedAtMs = nowMs;
    send({ atMs: nowMs, wires: told, children: children(), batteries: batteries() });
  }
  function soon(): void {
    if (isSoon) return;
    cancel();
    isSoon = true;
    cancel = after(SOON_MS, look);
  }

  cancel = after(EVERY_MS, look);
  return { look, soon, end: () => cancel() };
}
