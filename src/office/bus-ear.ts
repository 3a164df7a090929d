// One CAN bus, listened to while somebody looks: a socket of its own beside that of the wires, which has no way to send.
import { type BusLog, busLog } from '../can/bus-log.ts';
import { type Doubles, doubles } from '../can/doubles.ts';
import type { CanTrouble, Overhear, Overheard } from '../can/port.ts';
import type { BusHeard } from '../model/api/wire-talk.ts';
import type { CanFrame } from '../model/can-frame.ts';
import { sentence } from '../model/errors.ts';
import type { Clock } from '../model/freshness.ts';

/** An interface that is away is tried again after so long. */
const AGAIN_MS = 2000;

export interface BusEarGround {
  readonly clock: Clock;
  readonly overhear: Overhear;
  readonly trouble: (wire: string) => CanTrouble | undefined;
}

type Identity = Pick<CanFrame, 'id' | 'extended'>;

export const idKey = ({ id, extended }: Identity): number => id * 2 + (extended ? 1 : 0);

/** What belongs on the bus, by `idKey`. */
export interface Belonging {
  /** Sent by us, and heard by no profile of this bus. */
  readonly ours: ReadonlySet<number>;
  readonly heard: ReadonlySet<number>;
}

export interface BusEar extends Pick<Doubles, 'sent' | 'missed'> {
  /** Nothing is listened to before it is known what belongs there. */
  readonly learn: (belonging: Belonging) => void;
  /** Once a second. */
  readonly look: () => ReturnType<BusLog['look']> &
    Pick<BusHeard, 'why'> & { readonly doubles: ReturnType<Doubles['look']> };
  readonly close: () => void;
}

const whyOf = ({ why, remedy }: CanTrouble): string => `${why}; ${remedy}`;

export function busEar(wire: string, { clock, overhear, trouble }: BusEarGround): BusEar {
  const ours = doubles(clock());
  let belonging: Belonging | undefined;
  let port: ReturnType<Overhear> | undefined;
  let failed: string | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  const belongs = (one: Overheard | (Identity & { readonly remote: boolean })): boolean =>
    !one.remote &&
    (belonging?.ours.has(idKey(one)) || belonging?.heard.has(idKey(one)) || ours.isOurs(one)) === true;
  const log = busLog(belongs, clock());

  function hear(message: Overheard): void {
    const { isError, remote } = message;
    if (!isError && !remote && belonging?.ours.has(idKey(message))) ours.heard(message, clock());
    else log.hear(message, clock());
  }

  function open(nowMs: number): void {
    triedAtMs = nowMs;
    try {
      port = overhear(wire, hear, () => {
        port = undefined;
      });
      failed = undefined;
    } catch (error) {
      failed = sentence(error);
    }
  }

  return {
    sent: ours.sent,
    missed: ours.missed,
    learn(known) {
      belonging = known;
      if (!port) open(clock());
    },
    look() {
      const nowMs = clock();
      if (!port && belonging && nowMs - triedAtMs >= AGAIN_MS) open(nowMs);
      const now = trouble(wire);
      const why = now ? whyOf(now) : port ? undefined : failed;
      return { ...log.look(nowMs), doubles: ours.look(nowMs), ...(why !== undefined && { why }) };
    },
    close() {
      belonging = undefined;
      port?.close();
      port = undefined;
    },
  };
}
