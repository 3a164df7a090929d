import { countAbove, countOf } from '../model/histogram.ts';
import type { WireHealth } from '../model/wire-health.ts';
import type { EventGround } from './event-ground.ts';
import type { Counters } from './last-minute.ts';

/** What goes wrong on a wire without anybody saying so: told when it begins, and when a whole minute was without it. */
interface Trouble {
  readonly about: string;
  /** How many things went wrong in the last minute. */
  readonly wrong: (grown: Counters) => number;
  /** As many begin it; one keeps it going. */
  readonly beginsAt: number;
  /** What is wrong and what to do. */
  readonly began: (wire: string, grown: Counters) => string;
  readonly ended: (wire: string, grown: Counters) => string;
}

/** A beat that leaves so much after its deadline is late; one of the bounds of its histogram. */
const LATE_BEAT_MS = 20;

/** Of the inverters of a wire, together. */
const of = (grown: Counters, ...names: readonly string[]): number =>
  Object.entries(grown).reduce(
    (sum, [key, n]) => (names.includes(key.split('/')[0] ?? '') ? sum + n : sum),
    0,
  );

const frames = (grown: Counters): number => of(grown, 'requests', 'foreignFrames', 'crcErrors');

const troubles: readonly Trouble[] = [
  {
    about: 'damaged frames',
    wrong: (grown) => of(grown, 'crcErrors'),
    beginsAt: 3,
    began: (wire, grown) =>
      `${of(grown, 'crcErrors')} of ${frames(grown)} frames on ${wire} in the last minute were damaged; check A/B, bias, termination and baud`,
    ended: (wire) => `no frame on ${wire} was damaged for a minute`,
  },
  {
    about: 'noise',
    // With a wrong speed hardly anything looks like a frame of ours.
    wrong: (grown) => (of(grown, 'requests', 'foreignFrames') === 0 ? of(grown, 'resyncBytes') : 0),
    beginsAt: 20,
    began: (wire, grown) =>
      `nothing on ${wire} is a frame: ${of(grown, 'resyncBytes')} bytes in the last minute and no request; check baud, parity, A/B and which protocol the inverter is set to`,
    ended: (wire, grown) =>
      of(grown, 'requests', 'foreignFrames') > 0
        ? `${wire} is not only noise any more`
        : `${wire} has been silent for a minute`,
  },
  {
    about: 'late answers',
    wrong: (grown) => of(grown, 'lateAnswers', 'droppedAnswers'),
    beginsAt: 3,
    began: (wire, grown) =>
      `${of(grown, 'lateAnswers', 'droppedAnswers')} of ${of(grown, 'answers')} answers on ${wire} in the last minute were late or not sent; see what else this machine does (\`top\`), and that the master waits before it asks again`,
    ended: (wire) => `answers on ${wire} were in time for a minute`,
  },
  {
    about: 'late beats',
    wrong: (grown) => of(grown, 'lateBeats'),
    beginsAt: 3,
    began: (wire, grown) =>
      `${of(grown, 'lateBeats')} of ${of(grown, 'beats')} beats on ${wire} in the last minute left more than ${LATE_BEAT_MS} ms late; see what else this machine does (\`top\`)`,
    ended: (wire) => `beats on ${wire} were in time for a minute`,
  },
];

/** All that the troubles are judged by; each inverter has its own, for its beats begin anew with its profile. */
export const troubleCounters = ({ counts, inverters }: WireHealth): Counters => ({
  ...counts,
  ...Object.fromEntries(
    inverters.flatMap(({ id, beatLateness: beats }): [string, number][] =>
      beats
        ? [
            [`beats/${id}`, countOf(beats)],
            [`lateBeats/${id}`, countAbove(beats, LATE_BEAT_MS)],
          ]
        : [],
    ),
  ),
});

/** Tells each trouble of one wire when it begins and when it is over. */
export function watchTroubles(wire: string, { ledger, clock }: EventGround): (grown: Counters) => void {
  const going = new Set<Trouble>();
  return (grown) => {
    for (const trouble of troubles) {
      const { about, wrong, beginsAt, began, ended } = trouble;
      const source = `${about} on ${wire}`;
      const count = wrong(grown);
      if (!going.has(trouble) && count >= beginsAt) {
        going.add(trouble);
        const text = began(wire, grown);
        ledger.hold(source, [{ kind: 'wire_troubled', subject: wire, about, text }], clock());
      } else if (count === 0 && going.delete(trouble)) {
        ledger.hold(source, [], clock(), ended(wire, grown));
      }
    }
  };
}
