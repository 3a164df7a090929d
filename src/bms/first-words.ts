import type { BmsDriver, Framing } from './driver.ts';
import { waysOf } from './ways.ts';

/** How each dialect of a family cuts its bytes into frames. */
export const framingsOf = ({ dialects }: BmsDriver): readonly Framing[] =>
  dialects.map(({ framing }) => framing);

/** A read that changes nothing in the battery. */
export interface FirstWord {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What each dialect of a family says first over Bluetooth: its first question, or what rouses a unit that then speaks by itself. */
export const firstWordsOf = (driver: BmsDriver): readonly FirstWord[] =>
  waysOf(driver, false).flatMap(({ id, requests, stream }) => {
    const rouse = stream?.rouse.map((bytes) => ({ name: id, bytes })) ?? [];
    return [...rouse, ...requests({})].slice(0, 1);
  });
