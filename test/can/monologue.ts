import type { Speaker } from '../../src/can/beat.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';

/** Says the same frames at every beat and answers nobody. */
export const monologue = (frames: (nowMs: number) => readonly CanFrame[] | undefined): Speaker => ({
  beat(nowMs) {
    const batch = frames(nowMs);
    return batch && [{ groups: [], frames: batch }];
  },
  unasked: frames,
  answer: () => undefined,
  renewed: () => undefined,
});
