// Batteries that a person lets rest, so that the maker's app may talk to them. The bank sees a silent battery, and nothing else.
import type { EarOrders, ListenOrder, RestOrder } from '../ble/orders.ts';
import { addressKey } from '../ble/port.ts';
import type { Condition } from '../events/ledger.ts';
import type { BatteryRest } from '../model/wire-health.ts';
import type { EventGround } from './event-ground.ts';

/** Nobody is forgotten: it ends by itself. */
export const REST_MS = 600_000;

export interface RestingGround extends EventGround {
  readonly batteries: ListenOrder['batteries'];
  /** False where the ear does not take it now. */
  readonly tell: (order: EarOrders) => boolean;
}

export interface Rests {
  /** Begins a rest; a text says why not. */
  readonly begin: (battery: string, what: BatteryRest['what'], by: string) => string | undefined;
  readonly end: (battery: string) => string | undefined;
  readonly of: (battery: string) => BatteryRest | undefined;
  /** For an ear that begins. */
  readonly orders: () => readonly RestOrder[];
  /** Once a second or so: ends what has lasted long enough, and tells again what the ear did not take. */
  readonly look: () => void;
}

const words: { readonly [W in BatteryRest['what']]: string } = {
  link: 'its link is let go',
  reading: 'it is not asked',
};

const condition = (battery: string, { what, by }: BatteryRest): Condition => ({
  kind: 'battery_rests',
  subject: battery,
  line: 'battery is let rest by hand',
  text: `battery ${battery} is let rest by ${by}: ${words[what]} for ${REST_MS / 60_000} min at most`,
  details: { by, what },
});

export function resting({ batteries, tell, ledger, clock }: RestingGround): Rests {
  const rests = new Map<string, BatteryRest>();
  const untold = new Map<string, EarOrders>();

  const say = (battery: string, order: EarOrders): void => {
    untold.delete(battery);
    if (!tell(order)) untold.set(battery, order);
  };
  const putDown = (): void =>
    ledger.hold(
      'rests',
      Array.from(rests, ([battery, rest]) => condition(battery, rest)),
      clock(),
    );
  const orderOf = (battery: string, { what, untilMs }: BatteryRest): RestOrder => ({
    type: 'rest',
    battery,
    what,
    untilMs,
  });

  /** Those behind one address have one link. */
  function together(battery: string): readonly string[] {
    const address = batteries.find(({ id }) => id === battery)?.address;
    return address === undefined
      ? []
      : batteries.flatMap((b) => (addressKey(b.address) === addressKey(address) ? b.id : []));
  }

  function stop(ids: readonly string[]): void {
    for (const id of ids) if (rests.delete(id)) say(id, { type: 'resume', battery: id });
    putDown();
  }

  return {
    begin(battery, what, by) {
      const ids = together(battery);
      if (ids.length === 0) return `there is no battery \`${battery}\``;
      const nowMs = clock();
      const was = rests.get(battery);
      if (was)
        return `battery ${battery} rests already, for ${Math.ceil((was.untilMs - nowMs) / 60_000)} min more; let it be read again first`;
      const rest = { what, by, untilMs: nowMs + REST_MS };
      for (const id of what === 'link' ? ids : [battery]) {
        rests.set(id, rest);
        say(id, orderOf(id, rest));
      }
      putDown();
      return undefined;
    },
    end(battery) {
      const rest = rests.get(battery);
      if (!rest) return `battery ${battery} does not rest`;
      stop(rest.what === 'link' ? together(battery) : [battery]);
      return undefined;
    },
    of: (battery) => rests.get(battery),
    orders: () => Array.from(rests, ([battery, rest]) => orderOf(battery, rest)),
    look() {
      const nowMs = clock();
      const over = [...rests].flatMap(([id, { untilMs }]) => (untilMs <= nowMs ? id : []));
      if (over.length > 0) stop(over);
      for (const [battery, order] of [...untold]) say(battery, order);
    },
  };
}
