import { earReport } from '../ble/heard-orders.ts';
import type { EarOrders, EarReport, ListenOrder, RadioOrder } from '../ble/orders.ts';
import { addressKey } from '../ble/port.ts';
import { type Recovery, type RecoveryRadio, recoveryLadder } from '../ble/recovery.ts';
import type { Clock } from '../model/freshness.ts';

export interface RecoveringOptions {
  readonly listen: ListenOrder;
  readonly clock: Clock;
  /** To the ear that runs now. */
  readonly send: (order: EarOrders) => void;
  /** What the ear, and each one after it, is to do from now on. */
  readonly order: (listen: ListenOrder) => void;
  readonly say: (report: EarReport) => void;
}

/** Climbs the ladder of remedies by what the ear says. It lives here, for the ear itself is one of the remedies. */
export interface Recovering {
  readonly hear: (message: unknown) => void;
  readonly look: () => void;
}

const standInOf = (radio: RadioOrder): string | undefined =>
  radio.form === 'noble' ? radio.standIn : undefined;

/** Nothing is ever stuck in a simulation; and a new ear would begin a replay anew that is over. */
const isReal = ({ form }: RadioOrder): boolean => form !== 'simulated' && form !== 'replay';

/** Of several batteries behind one address the first stands for their link. */
function climbers({ radios, batteries }: ListenOrder): RecoveryRadio[] {
  return radios.filter(isReal).map((radio) => {
    const own = batteries.filter((b) => (b.radio ?? radios[0].name) === radio.name);
    const byAddress = new Map(own.toReversed().map(({ id, address }) => [addressKey(address), id]));
    const hasStandIn = standInOf(radio) !== undefined;
    const opensItself = radio.form === 'esphome' || radio.form === 'wired';
    return { name: radio.name, hasStandIn, opensItself, batteries: [...byAddress.values()].toReversed() };
  });
}

/** The radio's batteries on its stand-in, for good: what failed once may fail again, and a person should look at it first. */
function onStandIn({ radios, ...order }: ListenOrder, name: string): ListenOrder {
  const moved = (radio: RadioOrder): RadioOrder => {
    if (radio.name !== name || radio.form !== 'noble' || radio.standIn === undefined) return radio;
    const { standIn, ...rest } = radio;
    return { ...rest, adapter: standIn };
  };
  const [first, ...others] = radios;
  return { ...order, radios: [moved(first), ...others.map(moved)] };
}

export function recovering({ listen, clock, send, order, say }: RecoveringOptions): Recovering {
  const ladder = recoveryLadder(climbers(listen));
  let current = listen;

  const moveAway = (move: Recovery): Recovery => {
    const to = current.radios.flatMap((r) => (r.name === move.radio ? (standInOf(r) ?? []) : []));
    current = onStandIn(current, move.radio);
    order(current);
    const because = move.why === undefined ? '' : `${move.why}; `;
    const why = `${because}all its batteries are now on ${to} and stay there until the next start; see what \`bmsgate doctor\` says of ${move.radio}`;
    return { ...move, why };
  };

  const act = (move: Recovery) => {
    const { rung, outcome } = move;
    const isStandIn = rung === 'stand-in' && outcome === 'tried';
    say(isStandIn ? moveAway(move) : move);
    if (rung !== 'stand-in' && outcome === 'tried') send({ ...move, type: 'recover', rung });
  };

  return {
    hear(message) {
      const report = earReport(message);
      if (report) for (const move of ladder.hear(report, clock())) act(move);
    },
    look() {
      for (const move of ladder.look(clock())) act(move);
    },
  };
}
