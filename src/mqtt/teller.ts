// Tells what is measured, each row in its cadence, and whether a device has anything to tell.
import { isDue, mayBeDue, type RowName, type Told } from './cadence.ts';
import type { Device } from './devices.ts';
import type { Known } from './entities.ts';
import type { Link } from './link.ts';

export interface Teller {
  /** All of it is told again with the next `due`. */
  readonly forget: () => void;
  /** What is due now. */
  readonly due: (link: Link, known: Known) => void;
}

/** Somebody may have written over a topic that the broker keeps. */
const AVAILABILITY_MS = 60_000;

function tellerOf(device: Device): Teller {
  const told = new Map<RowName, Told>();
  let last: { readonly isAvailable: boolean; readonly atMs: number } | undefined;

  /** What was known once and is not any more is told as unknown: it would be believed for minutes. */
  let wasKnown = false;

  function tellAvailability(topic: string, link: Link, known: Known): void {
    const isAvailable = device.isAvailable(known);
    if (last && last.isAvailable === isAvailable && known.nowMs - last.atMs < AVAILABILITY_MS) return;
    // What was unknown until now is told at once, and what was known is unknown at once.
    if (last?.isAvailable !== isAvailable) told.clear();
    last = { isAvailable, atMs: known.nowMs };
    link.keep(topic, isAvailable ? 'online' : 'offline');
  }

  return {
    forget() {
      told.clear();
      last = undefined;
    },
    due(link, known) {
      if (device.availabilityTopic !== undefined) tellAvailability(device.availabilityTopic, link, known);
      wasKnown ||= device.isKnown(known);
      if (!wasKnown) return;
      for (const row of device.rowNames()) {
        if (!mayBeDue(row, told.get(row), known.nowMs)) continue;
        const values = device.row(row, known);
        if (!isDue(row, told.get(row), values, known.nowMs)) continue;
        told.set(row, { atMs: known.nowMs, values });
        link.tell(device.stateTopic(row), JSON.stringify(values));
      }
    },
  };
}

export function teller(devices: readonly Device[]): Teller {
  const all = devices.map(tellerOf);
  return {
    forget() {
      for (const { forget } of all) forget();
    },
    due(link, known) {
      for (const { due } of all) due(link, known);
    },
  };
}
