import type { BleLink } from './port.ts';

/** How many links a USB adapter holds well (BLE reference, section 10: plan 5 to 7). */
export const USUAL_SLOTS = 6;

/** The links that one radio can hold at a time: which are open, and whose holder is asked to give it back. */
export interface Slots {
  readonly isFree: () => boolean;
  /** The link, which counts until it is lost or closed. */
  readonly hold: (link: BleLink, onWanted: () => void) => BleLink;
  /** So many units need a link now: beyond those that are free or on their way back, the longest held are asked for. */
  readonly need: (links: number) => void;
}

interface Held {
  readonly onWanted: () => void;
  isWanted: boolean;
}

export function slots(most: number, freed: () => void): Slots {
  /** In the order in which they were opened. */
  const open = new Set<Held>();

  const hold: Slots['hold'] = (link, onWanted) => {
    const held: Held = { onWanted, isWanted: false };
    open.add(held);
    const release = () => {
      if (open.delete(held)) freed();
    };
    let lost: string | undefined;
    let tell = (_why: string) => {};
    link.onLost((why) => {
      lost = why;
      release();
      tell(why);
    });
    return {
      ...link,
      onLost: (hear) => {
        tell = hear;
        if (lost !== undefined) hear(lost);
      },
      disconnect: () => link.disconnect().finally(release),
    };
  };

  return {
    isFree: () => open.size < most,
    hold,
    need: (links) => {
      const held = [...open];
      const asked = held.filter(({ isWanted }) => isWanted).length;
      const missing = links - (most - open.size) - asked;
      if (missing <= 0) return;
      for (const one of held.filter(({ isWanted }) => !isWanted).slice(0, missing)) {
        one.isWanted = true;
        one.onWanted();
      }
    },
  };
}
