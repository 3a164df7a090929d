import type { CanFault } from './port.ts';

/** What one CAN bus has carried and suffered since the gateway opened it; numbers only grow. */
export interface CanCounters {
  /** Frames that the send queue took. A bus-off controller swallows them: `busOff` says when. */
  sent: number;
  /** Frames that were not taken: the queue is full, the interface away, or old frames still wait to go out. */
  refused: number;
  /** Of the refused: those held back here because nothing left the controller. */
  held: number;
  /** Data frames that passed the filter; what they mean is counted by each inverter's ear. */
  received: number;
  /** Remote frames, and frames of more than 8 bytes. */
  ignored: number;
  /** Times the port was opened, the first included. */
  opened: number;
  /** Ports that died because their interface went away. */
  stopped: number;
  /** What the controller said of itself, by kind. */
  busOff: number;
  restarted: number;
  errorPassive: number;
  errorActive: number;
  noAck: number;
}

export const newCounters = (): CanCounters => ({
  sent: 0,
  refused: 0,
  held: 0,
  received: 0,
  ignored: 0,
  opened: 0,
  stopped: 0,
  busOff: 0,
  restarted: 0,
  errorPassive: 0,
  errorActive: 0,
  noAck: 0,
});

export const counterOf = {
  'bus-off': 'busOff',
  restarted: 'restarted',
  'error-passive': 'errorPassive',
  'error-active': 'errorActive',
  'no-ack': 'noAck',
  stopped: 'stopped',
} as const satisfies Record<CanFault, keyof CanCounters>;
