/** A packet of H4: its first byte is 1 for a command, 2 for data, 4 for an event. */
export type Packet = Buffer;

/** The virtual air of `air.js`: N controllers that hear each other. */
export class Air {
  constructor(count: number, options?: { aclLen?: number });
  /** Milliseconds added to every data packet. */
  delay: number;
  /** Gives every controller a unix socket `DIR/hci<n>`. */
  listen(dir: string): Promise<unknown>;
  close(): void;
  /** A host in this process; `send` gives it packets. */
  attach(n: number, send: (packet: Packet) => void): { packet(p: Packet): void; gone(): void };
  /** Loses every link of controller n, as a supervision time-out would. */
  drop(n: number): void;
  /** Out of range: not heard, cannot be connected, links lost. */
  hide(n: number): void;
  show(n: number): void;
  rssi(n: number, dBm: number): void;
}
