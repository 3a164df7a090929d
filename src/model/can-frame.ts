/** One classic CAN frame. `extended` is part of the identity: 0x351 in 29 bits is another frame than 0x351 in 11. */
export interface CanFrame {
  readonly id: number;
  readonly extended: boolean;
  /** 0 to 8 bytes; its length is the DLC. */
  readonly data: Uint8Array;
}

/** The identity of a frame on the bus, as a key. */
export const frameKey = (f: { id: number; extended: boolean }): string => `${f.id}${f.extended ? 'x' : ''}`;
