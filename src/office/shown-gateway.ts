// The gateway as the page sees it: what the wires told last, and the ways to what is asked of it.
import { hostname } from 'node:os';
import { interfaceTrouble, isInterface } from '../can/interface-state.ts';
import { overhear } from '../can/socketcan.ts';
import type { WebOrders } from '../config/web-orders.ts';
import type { Health } from '../model/wire-health.ts';
import type { Gateway } from '../web/ground.ts';
import { REST_MS } from '../wires/resting.ts';
import { asking } from './asking.ts';
import { type BusEarsGround, busEars } from './bus-ears.ts';
import { foretell } from './foretell.ts';
import type { OfficeGround } from './ground.ts';
import { heardEvents } from './heard-events.ts';
import { keptLines } from './kept-lines.ts';
import { liveDocument } from './live-document.ts';
import type { OfficePart } from './part.ts';
import { past } from './past.ts';
import { type ProfilesShown, profilesShown } from './profiles-shown.ts';
import { steadyWall } from './steady-wall.ts';
import { wireTalk } from './wire-talk.ts';

type Orders = Pick<WebOrders, 'site' | 'history' | 'links' | 'profiles' | 'buses' | 'hasGoodCopies' | 'name'>;

/** How a CAN bus is listened to. */
const socketCan = { overhear, trouble: (wire: string) => interfaceTrouble(wire), isThere: isInterface };

/** Nobody has asked for the live document for so long: nobody looks. */
const UNWATCHED_MS = 3000;

/** For the trips of the last weeks. */
const REMEMBERED_MS = 30 * 86_400_000;
const MOST_REMEMBERED = 1000;

/** What the office tells it, in the manner of every part; and once a second `tell`. */
export interface ShownGateway {
  readonly gateway: Gateway;
  readonly hear: Required<
    Pick<OfficePart, 'open' | 'event' | 'line' | 'ownLine' | 'health' | 'tape' | 'wished'>
  > &
    Pick<ProfilesShown, 'offered'>;
  readonly tell: () => void;
}

/** Tells the wires who looks, when that changes. */
function watching({ ask, clock }: Pick<OfficeGround, 'ask' | 'clock'>) {
  let isTalk = false;
  let isPage = false;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  const say = () => ask({ type: 'watch', talk: isTalk, page: isPage });
  return {
    talk(isOn: boolean) {
      isTalk = isOn;
      say();
    },
    /** The live document was asked for. */
    looked() {
      lookedAtMs = clock();
      if (isPage) return;
      isPage = true;
      say();
    },
    look() {
      if (!isPage || clock() - lookedAtMs < UNWATCHED_MS) return;
      isPage = false;
      say();
    },
  };
}

export function shownGateway(
  orders: Orders,
  version: string,
  ground: Pick<OfficeGround, 'clock' | 'ask' | 'bank'>,
  can: Pick<BusEarsGround, 'overhear' | 'trouble' | 'isThere'> = socketCan,
): ShownGateway {
  const { clock, ask, bank } = ground;
  let health: Health | undefined;
  const wall = steadyWall(clock);
  const events = heardEvents(wall, bank);
  const was = past(orders.history, events, Date.now);
  /** What an office before this one knew, as far as the history has it. */
  async function remember(): Promise<void> {
    if (orders.history === undefined) return;
    const found = await was.events({ fromMs: Date.now() - REMEMBERED_MS, most: MOST_REMEMBERED });
    if (!('why' in found)) events.remember(found.toReversed());
  }
  const lines = keptLines();
  const watch = watching(ground);
  const wishes = asking(ask);
  const profiles = profilesShown({ ...orders, bank, clock });
  const ears = busEars(orders.buses, orders.site.is_demo, { ...can, ...profiles, clock });
  const watched = (isOn: boolean) => {
    watch.talk(isOn);
    ears.watch(isOn);
  };
  const talk = wireTalk(() => ({ now_ms: clock(), wall_ms: Date.now() }), watched, ears.tell);
  const site = { ...orders.site, version, gateway: orders.name ?? hostname() };
  const together = (battery: string): readonly string[] => {
    const link = orders.links.find((ids) => ids.includes(battery)) ?? [battery];
    return [battery, ...link.filter((id) => id !== battery)];
  };
  return {
    tell() {
      watch.look();
      talk.tell();
    },
    hear: {
      health(told) {
        health = told;
      },
      open(lasting) {
        events.open(lasting);
        void remember();
      },
      event(event) {
        events.take(event);
        if (profiles.event(event)) ears.changed();
      },
      line: lines.take,
      ownLine: lines.take,
      tape(piece) {
        ears.take(piece);
        talk.take(piece);
      },
      wished: wishes.hear,
      offered: profiles.offered,
    },
    gateway: {
      site: () => site,
      live() {
        watch.looked();
        return liveDocument(bank(), health, events);
      },
      ...was,
      explain: profiles.explain,
      trial: profiles.trial,
      foretell: (battery, what) =>
        site.batteries.some(({ id }) => id === battery)
          ? foretell(site, what === 'link' ? together(battery) : [battery], { what, backMs: REST_MS }, bank())
          : { why: `there is no battery \`${battery}\`` },
      wish: wishes.wish,
      watchTalk: talk.watch,
      watchLog: lines.watch,
    },
  };
}
