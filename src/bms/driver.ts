import type { Framing as FrameShape } from '../bytes/framing.ts';
import type { BatteryReading } from '../model/battery.ts';

/** What a unit says of itself on the air before anybody connects. UUIDs are lower case: short (`ff00`) where they have a short form, else 32 digits without dashes. */
export interface Advert {
  readonly address: string;
  readonly name?: string;
  readonly services: readonly string[];
  /** Company id of the manufacturer data. */
  readonly companyId?: number;
  readonly rssiDbm?: number;
}

/** The characteristics that carry the bytes. `notify` and `write` may be one and the same. */
export interface Gatt {
  readonly service: string;
  readonly notify: string;
  readonly write: string;
}

/** How a driver's bytes are cut into frames. */
export interface Framing extends FrameShape {
  /** True when this notification begins an answer to `request`, so that what lay half-received is dropped. */
  readonly begins?: (notification: Uint8Array, request: Uint8Array | undefined) => boolean;
}

/** What one intact frame means while `request` is pending. */
export type Answer =
  | { readonly kind: 'part'; readonly part: string; readonly reading: BatteryReading }
  /** A complete answer that says no, e.g. an unknown register: the request is finished, nothing is published. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Intact but not for us (another register, implausible): counted, nothing published, the request stays pending. */
  | { readonly kind: 'rejected'; readonly why: string };

/** One thing to ask. `required` requests must all be answered in one round for the round to count as a sample. */
export interface Request {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly required: boolean;
  /** Asked once per connection instead of every round. */
  readonly once?: boolean;
}

/** What the decoder may be told per battery: `capacityScale` 1 or 10 overrules the JBD unit flag. */
export interface DriverOptions {
  readonly capacityScale?: 'auto' | 1 | 10;
}

/** One BMS family: a table and a few answers. It owns no radio, clock or buffer. */
export interface BmsDriver {
  readonly id: string;
  readonly title: string;
  /** Candidates in order of preference; the first whose characteristics exist is used. */
  readonly gatt: readonly Gatt[];
  readonly matches: (advert: Advert) => boolean;
  readonly requests: readonly Request[];
  readonly framing: Framing;
  readonly answer: (frame: Uint8Array, request: Uint8Array | undefined, options?: DriverOptions) => Answer;
}
