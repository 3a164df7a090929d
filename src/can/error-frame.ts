import type { CanFault } from './port.ts';

// Error classes and details as in <linux/can/error.h>.
const CONTROLLER = 0x004;
const PROTOCOL = 0x008;
const NO_ACK = 0x020;
const BUS_OFF = 0x040;
const RESTARTED = 0x100;
const PASSIVE = 0x10 | 0x20;
const ACTIVE = 0x40;
const ACK_SLOT = 0x19;

/** Only the classes we read; `bus error` frames (0x080) can come by the thousand. */
export const ERROR_CLASSES = CONTROLLER | NO_ACK | BUS_OFF | RESTARTED;

/**
 * What an error frame says: class bits in the id, the controller's state in byte 1, the place of a protocol violation in
 * byte 3. A transmitter that nobody acknowledges turns error-passive and stays there. `undefined`: nothing to act on.
 */
export function faultOf(id: number, data: Uint8Array): CanFault | undefined {
  const state = id & CONTROLLER ? (data[1] ?? 0) : 0;
  if (id & BUS_OFF) return 'bus-off';
  if (id & RESTARTED) return 'restarted';
  if (id & NO_ACK || (id & PROTOCOL && data[3] === ACK_SLOT)) return 'no-ack';
  if (state & PASSIVE) return 'error-passive';
  if (state & ACTIVE) return 'error-active';
  return undefined;
}
