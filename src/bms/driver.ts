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

/** What a link has taught of its unit, e.g. the layout of its firmware, or cells of an answer in several frames. Begins empty. */
export type Learned = {
  readonly [name: string]: number | string | boolean | readonly (number | undefined)[];
};

/** What one intact frame means. What it teaches is added to what is known. */
export type Answer =
  | {
      readonly kind: 'part';
      readonly part: string;
      readonly reading: BatteryReading;
      readonly learned?: Learned;
    }
  /** A frame of an answer whose last frame is still to come. */
  | { readonly kind: 'more'; readonly learned?: Learned }
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

/** What a driver may be told per battery. */
export interface DriverOptions {
  /** 1 or 10 overrules the JBD unit flag. */
  readonly capacityScale?: 'auto' | 1 | 10 | undefined;
  /** The unit of several behind one link: Modbus address, pack number. */
  readonly unit?: number | undefined;
  /** The unit reports charging as negative. */
  readonly invertCurrent?: boolean | undefined;
  /** For a unit that stays silent without it. */
  readonly password?: string | undefined;
}

/** What a frame is held against. */
export interface Pending {
  /** Bytes of the request in flight; without one, an answer's own head decides. */
  readonly request?: Uint8Array | undefined;
  readonly options: DriverOptions;
  readonly learned: Learned;
}

/** Parts that a unit sends without being asked; each time all have come anew they are a sample. */
export interface Stream {
  readonly parts: readonly string[];
  /** Written, one after the other, at the start and whenever nothing of the stream came for 5 s. */
  readonly rouse: readonly Uint8Array[];
}

export type FetDirection = 'charge' | 'discharge';

/** What a dialect can change in a unit. Nothing of it is ever sent unasked. */
export interface Control {
  /** The requests, or the parts of the stream, that tell how the FETs are now and which current flows; in this order. */
  readonly reads: readonly string[];
  /**
   * Switches one FET and leaves the other as it is: the ways to say it, older firmware's first. Each is a row of frames, every
   * one of which the unit acknowledges if it is not `mute`. None when the state of the FETs is not known.
   */
  readonly fet: (
    direction: FetDirection,
    on: boolean,
    now: BatteryReading,
  ) => readonly (readonly Uint8Array[])[];
  /** The unit acknowledges nothing that can be told from its other talk: only its state shows later what became of it. */
  readonly mute?: true;
  /** True of a frame that only reads, and no secret. */
  readonly isRead: (frame: Uint8Array) => boolean;
  /** True where bytes begin that could switch a FET, whatever follows and whether or not we would write them so. */
  readonly isSwitch: (bytes: Uint8Array) => boolean;
}

/** The part of an answer that says: it is done. */
export const DONE = 'done';

export const WRONG_PASSWORD =
  'the password is wrong; correct the battery’s `password_file` (six digits, as in the app)';

/** How a unit with a password is made to talk. */
export interface Login {
  readonly isPassword: (text: string) => boolean;
  /**
   * Yields what is to be written (nothing: go on listening) and is given each notification; returns why it failed (`WRONG_PASSWORD`, or what else), or undefined
   * when the unit talks now. `address` in the order in which people write it.
   */
  readonly steps: (
    address: string,
    password: string,
  ) => Generator<Uint8Array, string | undefined, Uint8Array>;
}

/** One way of talking that a family has: the questions, the frames, what they mean. */
export interface Dialect {
  /** Unique in its family; told by `decode`, remembered per battery. */
  readonly id: string;
  /** Where alone it is spoken, and asked; on both where nothing is said. */
  readonly over?: 'air' | 'wire';
  /** Each name is the `part` of its answer. */
  readonly requests: (options: DriverOptions) => readonly Request[];
  readonly stream?: Stream;
  readonly login?: Login;
  readonly control?: Control;
  readonly framing: Framing;
  readonly answer: (frame: Uint8Array, pending: Pending) => Answer;
}

/** One BMS family: a table and a few answers. It owns no radio, clock or buffer. */
export interface BmsDriver {
  readonly id: string;
  readonly title: string;
  /** Candidates in order of preference; the first whose characteristics exist is used. */
  readonly gatt: readonly Gatt[];
  readonly matches: (advert: Advert) => boolean;
  /** In the order in which a unit is tried with them; the first that answers is its own. */
  readonly dialects: readonly [Dialect, ...Dialect[]];
}
