import type { CanFrame } from '../model/can-frame.ts';

/** What the controller or its socket says of itself. `stopped`: this port is dead, open another. */
export type CanFault = 'bus-off' | 'restarted' | 'error-passive' | 'error-active' | 'no-ack' | 'stopped';

/** What keeps a line from carrying frames: one clause that says why, one that says what to do. */
export interface CanTrouble {
  readonly kind: 'unavailable' | 'bus-off' | 'no-ack' | 'error-passive';
  readonly why: string;
  readonly remedy: string;
}

/** What the system counted of a line, since it was made and by whomever. */
export interface CanTraffic {
  /** Frames that left the controller: on a real bus, those that somebody acknowledged. */
  readonly carried: number;
  /** Frames that came in, before any filter. */
  readonly heard: number;
}

export interface CanListener {
  /** Data frames of up to 8 bytes that others sent; never our own. */
  readonly onFrame: (frame: CanFrame) => void;
  readonly onFault: (fault: CanFault) => void;
  /** A frame that is no data frame of up to 8 bytes: a remote frame, or one of CAN FD. */
  readonly onOther?: () => void;
}

export interface CanPort {
  /** True when the send queue took the frame. Never blocks, never throws; false once closed or stopped. */
  readonly send: (frame: CanFrame) => boolean;
  readonly close: () => void;
}

/** A place where a port can be opened, again and again: a SocketCAN interface or a bus in memory. */
export interface CanLine {
  readonly name: string;
  /** Throws `PORT_UNAVAILABLE` while the line cannot carry frames. */
  readonly open: (listener: CanListener) => CanPort;
  /** What is wrong with the line as far as the system can tell; `undefined` when it looks well. */
  readonly trouble: () => CanTrouble | undefined;
  /** Left out where nobody counts. */
  readonly traffic?: () => CanTraffic | undefined;
}

/** One message as a socket without a filter hears it. */
export interface Overheard {
  /** Of an error frame the classes of what went wrong. */
  readonly id: number;
  readonly extended: boolean;
  readonly remote: boolean;
  /** The controller says so; nobody sent it. */
  readonly isError: boolean;
  /** More than 8 bytes: CAN FD. */
  readonly data: Uint8Array;
}

/** Throws `PORT_UNAVAILABLE`; once stopped, open another. */
export type Overhear = (
  name: string,
  onMessage: (message: Overheard) => void,
  onStopped: () => void,
) => { readonly close: () => void };
