/** What one turn costs on a radio that has fewer links than batteries, ms. */
export interface Turn {
  /** A unit is heard again and connected; the radio does this for one unit at a time. */
  readonly connectMs: number;
  /** From the link to the first question: discovery, subscription, the pause that packs need. */
  readonly openMs: number;
  /** From the first question to the complete sample. */
  readonly roundMs: number;
  /** From the complete sample to the free link. */
  readonly closeMs: number;
}

/**
 * A usual battery. Measured on the virtual air with 40 ms a packet, the middle of the connection intervals that we ask for, from
 * the connect of a unit with one service: 0.55 s until it is subscribed to, then 0.3 s of rest (BLE reference 1.8), and 0.25 s
 * for three questions. Real modules have several services and think 0.1 s over a question, so twice that; 0.5 s to hear an
 * advert and 0.5 s for the radio to get through to it, the usual advertising intervals being 0.1 to 0.5 s.
 */
export const usualTurn: Turn = { connectMs: 1000, openMs: 1500, roundMs: 500, closeMs: 100 };

/**
 * How old what is known of a battery becomes at most, without faults, when `units` batteries take turns on `slots` links: a link
 * is given back after one complete sample as soon as another unit that is on the air waits, and the oldest goes first. So a unit
 * ages from its own last question through the end of that round and its goodbye, the round and the goodbye of one that makes
 * room, all those before it, one connect at a time and one visit for each time that the links are filled, and its own visit.
 */
export function turnAgeMs(units: number, slots: number, pollMs: number, turn: Turn = usualTurn): number {
  const { connectMs, openMs, roundMs, closeMs } = turn;
  if (units <= slots) return pollMs + roundMs;
  const ahead = units - slots;
  const rounds = Math.ceil((ahead + 1) / slots);
  const leaveMs = roundMs + closeMs;
  const visitsMs = rounds * (openMs + leaveMs);
  return Math.max(pollMs + roundMs, 2 * leaveMs + (ahead + 1) * connectMs + visitsMs);
}

/** How many batteries such a radio serves so that none becomes older than `limitMs`; at least those that have a link each. */
export function mostUnits(slots: number, pollMs: number, limitMs: number, turn: Turn = usualTurn): number {
  let units = slots;
  while (turnAgeMs(units + 1, slots, pollMs, turn) <= limitMs) units++;
  return units;
}

/** The sentence that declares it; nothing where each unit has a link of its own. */
export function turnsText(radio: string, units: number, slots: number, pollMs: number): string | undefined {
  if (units <= slots) return undefined;
  const seconds = (turnAgeMs(units, slots, pollMs) / 1000).toFixed(1);
  return `${units} batteries take turns on ${slots} links of ${radio}; what is known of each is at most ${seconds} s old`;
}
