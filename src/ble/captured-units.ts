import type { Capture, CaptureEntry } from '../bytes/capture.ts';
import { sameAddress } from './port.ts';

interface Named {
  readonly id: string;
  readonly address: string;
}

/**
 * A capture whose units have the ids of these batteries. A unit is told by a battery's id or by its address; a file of one unit
 * that names none by its `address` header. What belongs to nobody keeps its name.
 */
export function unitsAsBatteries({ headers, entries }: Capture, batteries: readonly Named[]): Capture {
  const batteryOf = (unit: string): Named | undefined =>
    batteries.find(({ id }) => id === unit) ?? batteries.find(({ address }) => sameAddress(address, unit));
  const renamed = (entry: CaptureEntry): CaptureEntry => {
    const unit = entry.unit ?? headers.address;
    const battery = unit === undefined ? undefined : batteryOf(unit);
    return battery ? { ...entry, unit: battery.id } : entry;
  };
  return { headers, entries: entries.map(renamed) };
}
