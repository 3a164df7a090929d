// Which batteries behind one address a person lets rest, and until when.
import type { Clock } from '../model/freshness.ts';
import type { RestOrder } from './orders.ts';

export interface RestBook {
  readonly begin: (order: RestOrder) => void;
  readonly end: (battery: string) => void;
  readonly isResting: (battery: string) => boolean;
  /** Until when no link is to be taken: one battery wants it let go, or nobody behind the address is to be asked. */
  readonly withoutLinkUntilMs: () => number;
}

/** A rest is over at its moment, whether or not anybody says so. */
export function restBook(batteries: readonly string[], clock: Clock): RestBook {
  const rests = new Map<string, RestOrder>();
  const current = () => [...rests.values()].filter(({ untilMs }) => untilMs > clock());
  return {
    begin(order) {
      if (batteries.includes(order.battery)) rests.set(order.battery, order);
    },
    end: (battery) => void rests.delete(battery),
    isResting: (battery) => (rests.get(battery)?.untilMs ?? Number.NEGATIVE_INFINITY) > clock(),
    withoutLinkUntilMs() {
      const all = current();
      const links = all.flatMap(({ what, untilMs }) => (what === 'link' ? untilMs : []));
      const untilAskedMs = all.length === batteries.length ? Math.min(...all.map((r) => r.untilMs)) : 0;
      return Math.max(0, untilAskedMs, ...links);
    },
  };
}
