// What an inverter reads of the bytes that it was told, by hand from the protocol references and never through a profile.
import { type Read, readers, type Told } from '../profile/safety-readers.ts';

/** Registers of the two maps that count a heartbeat (RS485 reference, sections 8 and 13). */
const heartbeatAt: Readonly<Record<string, number>> = { 'generic-modbus': 0x103, 'sunspec-802': 40_088 };

/** What an inverter reads, and the heartbeat of those that have one. */
export type WireRead = Read & { readonly heartbeat?: number };

export function readerOf(id: string) {
  const reader = readers[id];
  if (!reader) throw new Error(`${id} has no reader`);
  return reader;
}

/** Before every place was told once nothing can be read. */
export function readOf(id: string, places: Told): WireRead | undefined {
  let isWhole = true;
  const told: Told = (place) => {
    const bytes = places(place);
    isWhole &&= bytes !== undefined;
    return bytes ?? new Uint8Array(64);
  };
  try {
    const found = readerOf(id).read(told, {});
    const place = heartbeatAt[id];
    const [high = 0, low = 0] = place === undefined ? [] : (told(place) ?? []);
    if (!isWhole) return undefined;
    return { ...found, ...(place !== undefined && { heartbeat: 256 * high + low }) };
  } catch (error) {
    // Half of what is told at the start may contradict itself.
    if (isWhole) throw error;
    return undefined;
  }
}
