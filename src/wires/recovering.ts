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

/** By battery: the first of those behind its address, which stands for their link. */
const standsFor = ({ batteries }: ListenOrder): ReadonlyMap<string, string> =>
  new Map(
    batteries.map(({ id, address }) => {
      const first = batteries.find((b) => addressKey(b.address) === addressKey(address));
      return [id, first?.id ?? id];
    }),
  );

function climbers({ radios, batteries }: ListenOrder, firstOf: ReadonlyMap<string, string>): RecoveryRadio[] {
  return radios.filter(isReal).map((radio) => {
    const own = batteries.filter((b) => (b.radio ?? radios[0].name) === radio.name);
    const hasStandIn = standInOf(radio) !== undefined;
    const links = own.flatMap(({ id }) => (firstOf.get(id) === id ? id : []));
    const opensItself = radio.form === 'esphome' || radio.form === 'wired';
    return { name: radio.name, hasStandIn, opensItself, batteries: links };
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
  const firstOf = standsFor(listen);
  const ladder = recoveryLadder(climbers(listen, firstOf));
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

  /** A sample of any battery says that the link is well, also where the first of them is off. */
  const ofLink = (report: EarReport): EarReport =>
    report.type === 'sample' ? { ...report, battery: firstOf.get(report.battery) ?? report.battery } : report;

  return {
    hear(message) {
      const heard = earReport(message);
      const report = heard && ofLink(heard);
      if (report) for (const move of ladder.hear(report, clock())) act(move);
    },
    look() {
      for (const move of ladder.look(clock())) act(move);
    },
  };
}
