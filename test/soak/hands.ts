// What each fault of the plan does to the room, and what it takes back at its end.
import type { AirHand } from './airs.ts';
import type { KeptEar } from './kept-ear.ts';
import type { Fault, FaultKind } from './plan.ts';
import type { SoakUnit } from './unit.ts';

export interface Room {
  readonly air: AirHand;
  readonly units: readonly SoakUnit[];
  readonly ear: KeptEar;
}

/** After these a unit must be found or asked again; the others cost a round at most, so nothing is forgiven for them. */
export const hindering: readonly FaultKind[] = ['drop', 'hide', 'silent', 'kill'];

const nothing = () => {};

const acts: Record<FaultKind, (room: Room, fault: Fault) => () => void> = {
  drop: ({ air }, { unit }) => {
    air.drop(unit);
    return nothing;
  },
  hide: ({ air }, { unit }) => {
    air.hide(unit);
    return () => air.show(unit);
  },
  silent: ({ units }, { unit }) => {
    const quiet = units[unit - 1];
    quiet?.silence(true);
    return () => quiet?.silence(false);
  },
  bend: ({ units }, { unit, value }) => {
    units[unit - 1]?.bendNext(1 + (value % 5), value);
    return nothing;
  },
  rssi: ({ air }, { unit, value }) => {
    air.rssi(unit, value);
    return nothing;
  },
  delay: ({ air }, { value }) => {
    air.delay = value;
    return () => {
      air.delay = 0;
    };
  },
  stop: ({ ear }) => ear.freeze(),
  kill: ({ ear }) => {
    ear.kill();
    return nothing;
  },
};

/** Lets a fault happen; the result ends it. */
export const commit = (room: Room, fault: Fault): (() => void) => acts[fault.kind](room, fault);

const worded: Record<FaultKind, (fault: Fault) => string> = {
  drop: () => 'its link is lost',
  hide: () => 'out of reach',
  silent: () => 'does not answer',
  bend: ({ value }) => `${1 + (value % 5)} bent notifications (${value})`,
  rssi: ({ value }) => `is heard with ${value} dBm`,
  delay: ({ value }) => `each packet ${value} ms late`,
  stop: () => 'the ear stands still',
  kill: () => 'the ear is killed',
};

/** One line of the log of faults. */
export function lineOf(fault: Fault): string {
  const whom = fault.unit === 0 ? '' : `unit ${fault.unit}: `;
  const howLong = fault.forMs > 0 ? ` for ${(fault.forMs / 1000).toFixed(1)} s` : '';
  return `${(fault.atMs / 1000).toFixed(1).padStart(7)} s  ${fault.kind.padEnd(6)} ${whom}${worded[fault.kind](fault)}${howLong}`;
}
