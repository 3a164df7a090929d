import { cutFrames, cutLast } from '../bytes/framing.ts';
import { joined } from '../bytes/joined.ts';
import type { BmsDriver } from './driver.ts';
import { framingsOf } from './first-words.ts';

/** A family whose framing finds whole frames in what a unit said. */
export interface Fit {
  readonly id: string;
  readonly frames: number;
  /** Bytes of those frames. */
  readonly bytes: number;
}

function fitOf(driver: BmsDriver, said: Uint8Array): Fit {
  const cuts = framingsOf(driver).map((framing) => {
    const cut = cutFrames(framing, said);
    return [...cut.frames, ...cutLast(framing, cut.rest).frames];
  });
  const [frames = []] = cuts.sort((a, b) => b.length - a.length);
  return { id: driver.id, frames: frames.length, bytes: frames.reduce((sum, { length }) => sum + length, 0) };
}

/** The families that fit these notifications, the one that explains most of the bytes first. */
export function fitting(drivers: readonly BmsDriver[], notifications: readonly Uint8Array[]): Fit[] {
  const said = notifications.reduce(joined, new Uint8Array());
  return drivers
    .map((driver) => fitOf(driver, said))
    .filter(({ frames }) => frames > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
