// Whether the beat on a CAN bus can keep what is promised of it.
import { signalSpec } from '../../model/signals.ts';
import { idText } from '../describe.ts';
import { frameLayouts, type Slot } from '../layout.ts';
import type { CanSpec } from '../schema.ts';
import { type Finding, found } from './finding.ts';

const isLimit = (slot: Slot): boolean => slot.kind === 'number' && signalSpec(slot.from).limit !== undefined;

/** A promise of 25 s and one period is none when the period is a minute. */
const SLOWEST_LIMIT_MS = 10_000;

const slowLimits = (can: CanSpec): Finding[] =>
  frameLayouts(can).flatMap(({ every = can.every, slots, path }) =>
    every > SLOWEST_LIMIT_MS && slots.some(isLimit)
      ? [found(path, 'a limit told so seldom stays in force too long; tell it at least every 10 s')]
      : [],
  );

/** What falls behind its own rhythm is told later than promised. */
function crowdedBeat(can: CanSpec): Finding[] {
  const cyclic = new Set(
    can.frames.filter((f) => !f.when_asked).map((f) => `${f.id} ${f.extended} ${f.part?.value}`),
  );
  return [
    ...(cyclic.size * can.gap > can.every
      ? [
          found(
            ['can', 'gap'],
            `${cyclic.size} frames with ${can.gap} ms between them do not fit a beat of ${can.every / 1000} s; write a shorter \`gap\` or a longer \`every\``,
          ),
        ]
      : []),
    ...(can.min_gap > can.every
      ? [found(['can', 'min_gap'], 'no frame could keep time with the beat; write at most what `every` says')]
      : []),
  ];
}

/** A frame that is both ours and the inverter's: our own echo would keep the talk alive. */
function bothWays(can: CanSpec): Finding[] {
  return can.receives.flatMap((receive, i) => {
    const ours = frameLayouts(can).find(
      ({ id, extended }) => id === receive.id && extended === receive.extended,
    );
    return ours && !receive.addressed
      ? [
          found(
            ['can', 'receives', i, 'id'],
            `${idText(ours)} is a frame that we send; correct one of the two`,
          ),
        ]
      : [];
  });
}

export const beatFindings = (can: CanSpec): Finding[] => [
  ...slowLimits(can),
  ...crowdedBeat(can),
  ...bothWays(can),
];
