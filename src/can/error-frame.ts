import type { BusErrorKind } from '../model/api/wire-talk.ts';
import type { CanFault } from './port.ts';

// Error classes and details as in <linux/can/error.h>.
const TX_TIMEOUT = 0x001;
const LOST_ARBITRATION = 0x002;
const CONTROLLER = 0x004;
const PROTOCOL = 0x008;
const TRANSCEIVER = 0x010;
const NO_ACK = 0x020;
const BUS_OFF = 0x040;
const BUS_ERROR = 0x080;
const RESTARTED = 0x100;
const OVERFLOW = 0x01 | 0x02;
const WARNING = 0x04 | 0x08;
const PASSIVE = 0x10 | 0x20;
const ACTIVE = 0x40;
const ACK_SLOT = 0x19;

/** Only the classes we read; `bus error` frames (0x080) can come by the thousand. */
export const ERROR_CLASSES = CONTROLLER | NO_ACK | BUS_OFF | RESTARTED;

export const ALL_ERRORS = 0x1fffffff;

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

/** What an error frame is, for who looks: the gravest of what it says. */
export function errorKindOf(id: number, data: Uint8Array): BusErrorKind {
  const fault = faultOf(id, data);
  // Of an acknowledgement that is lacking byte 3 speaks too.
  if (fault && fault !== 'stopped') return fault;
  const state = id & CONTROLLER ? (data[1] ?? 0) : 0;
  if (state & OVERFLOW) return 'overflow';
  if (state & WARNING) return 'error-warning';
  if (id & (PROTOCOL | BUS_ERROR)) return 'damaged';
  if (id & TRANSCEIVER) return 'transceiver';
  if (id & LOST_ARBITRATION) return 'arbitration';
  return id & TX_TIMEOUT ? 'timeout' : 'other';
}
