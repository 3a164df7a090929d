import type { TapePiece } from '../blackbox/tape.ts';
import { earReport } from '../ble/heard-orders.ts';
import type { EarOrders, ListenOrder } from '../ble/orders.ts';
import { KeptChild, type Message, type Start } from '../child.ts';
import type { BatteryHealth, ChildHealth } from '../model/wire-health.ts';
import type { Evaluating } from './evaluation.ts';
import type { EventGround } from './event-ground.ts';
import { linkBook } from './links.ts';
import { recovering } from './recovering.ts';
import { type Commanded, takeReports } from './reports.ts';
import { type Rests, resting } from './resting.ts';
import type { Said } from './said.ts';

export interface KeptEarOptions extends EventGround {
  readonly start: Start;
  readonly listen: ListenOrder;
  readonly evaluation: () => Evaluating;
  readonly say: (said: Said) => void;
  readonly heardBack: (result: Commanded) => void;
  /** Takes what the ear writes down for the black box, if its order says that it shall. */
  readonly tape?: ((piece: TapePiece) => void) | undefined;
  /** Ends and wedges of the process, one sentence each. */
  readonly trouble: (sentence: string) => void;
}

/** The ear as the wires see it: kept alive, its reports taken, and helped when a radio is stuck. */
export interface KeptEar {
  readonly start: () => void;
  /** False when there is no ear or it does not keep up. */
  readonly tell: (order: EarOrders) => boolean;
  /** Once a second or so: what only time brings. */
  readonly look: () => void;
  readonly health: () => ChildHealth;
  /** What a person lets rest. */
  readonly rests: Pick<Rests, 'begin' | 'end'>;
  readonly batteries: () => readonly BatteryHealth[];
  readonly stop: () => Promise<void>;
}

/** The office looks at what is in it: a stretch that makes no sense spoils nothing but itself. */
const isPiece = (message: Message): message is TapePiece =>
  message.type === 'tape' && 'entries' in message && Array.isArray(message.entries);

export function keepEar(options: KeptEarOptions): KeptEar {
  const { start, listen, clock, evaluation, say, heardBack, trouble, tape } = options;
  const take = takeReports(evaluation, options, say, heardBack);
  const tell = (order: EarOrders): boolean => child.send(order);
  const links = linkBook();
  const rests = resting({ ...options, batteries: listen.batteries, tell });
  /** An ear that begins knows no links, and must not take those that rest. */
  const order = (to: ListenOrder) =>
    child.order(() => {
      links.forget();
      const now = rests.orders();
      return now.length > 0 ? { ...to, rests: now } : to;
    });
  const recovery = recovering({ listen, clock, send: tell, order, say: take });
  const child = new KeptChild({
    name: 'ear',
    start,
    heard: (message) => {
      if (isPiece(message)) return void tape?.(message);
      take(message);
      links.hear(earReport(message));
      recovery.hear(message);
    },
    report: trouble,
  });
  order(listen);
  return {
    start: () => child.start(),
    tell,
    look() {
      recovery.look();
      rests.look();
    },
    rests,
    batteries: () =>
      listen.batteries.map(({ id }) => {
        const [link, rest] = [links.of(id), rests.of(id)];
        return { id, ...(link && { link }), ...(rest && { rest }) };
      }),
    health: () => child.health(),
    stop: () => child.stop(),
  };
}
