import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import type { ChildHealth, Health, InverterHealth, WireHealth } from '../model/wire-health.ts';
import { keyOf, watchAsked } from './asked-words.ts';
import type { Change } from './changes.ts';
import { type Growth, lastMinute, perMinute } from './last-minute.ts';
import { troubleCounters, watchTroubles } from './wire-troubles.ts';

const EVERY_MS = 5000;

export interface HealthGround {
  readonly clock: Clock;
  readonly after: After;
  readonly wires: (nowMs: number) => readonly WireHealth[];
  readonly children: () => readonly ChildHealth[];
  /** To the office, if there is one and it keeps up. */
  readonly send: (health: Health) => void;
  readonly say: (change: Change) => void;
}

/** What is remembered of one wire from one look to the next; it was opened after `sinceMs`. */
function wireWatch(wire: WireHealth, sinceMs: number) {
  const counts = lastMinute(sinceMs);
  const questions = lastMinute(sinceMs);
  const heard = lastMinute(sinceMs);
  const asked = watchAsked(wire);
  const troubles = watchTroubles(wire.name);
  return {
    look(now: WireHealth, nowMs: number): { readonly changes: Change[]; readonly heard: Growth } {
      const rows = Object.fromEntries(now.asked.map((row) => [keyOf(row), row.count]));
      return {
        changes: [
          ...troubles(counts(troubleCounters(now), nowMs).by),
          ...asked(now.asked, questions(rows, nowMs), nowMs),
        ],
        heard: heard(Object.fromEntries(now.inverters.map((i) => [i.id, i.heard])), nowMs),
      };
    },
  };
}

/** A new profile may give a line another codec, which speaks of other things. */
const watchOf = ({ kind, name }: WireHealth): string => `${kind} ${name}`;

const rated = (inverter: InverterHealth, heard: Growth): InverterHealth =>
  heard.whole ? { ...inverter, heardPerMinute: perMinute(heard.by[inverter.id] ?? 0, heard) } : inverter;

/** Every five seconds: looks at all wires, tells what changed, and hands the numbers on. Calling the result ends it. */
export function watchHealth({ clock, after, wires, children, send, say }: HealthGround): () => void {
  let lookedAtMs = clock();
  let watches = new Map<string, ReturnType<typeof wireWatch>>();

  function look(): void {
    cancel = after(EVERY_MS, look);
    const nowMs = clock();
    const found = wires(nowMs);
    watches = new Map(
      found.map((wire) => [watchOf(wire), watches.get(watchOf(wire)) ?? wireWatch(wire, lookedAtMs)]),
    );
    const told = found.map((wire) => {
      const seen = watches.get(watchOf(wire))?.look(wire, nowMs);
      for (const change of seen?.changes ?? []) say(change);
      return { ...wire, inverters: wire.inverters.map((i) => (seen ? rated(i, seen.heard) : i)) };
    });
    lookedAtMs = nowMs;
    send({ atMs: nowMs, wires: told, children: children() });
  }
  let cancel = after(EVERY_MS, look);
  return () => cancel();
}
