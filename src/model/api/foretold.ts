// What the inverters will see when a battery is let rest, for the page to say in its reader's language.
import type { SiteInverter } from './site.ts';

/** What a string that is missing still counts as. */
export type MissingCounts =
  | { readonly kind: 'excluded' }
  /** Half its last limit for a minute, then at most so much. */
  | { readonly kind: 'half'; readonly later_A: number }
  /** It has an alarm: nothing may be asked of the bank. */
  | { readonly kind: 'alarmed'; readonly battery: string }
  /** Its capacity is not known, so that nothing may be asked of the bank. */
  | { readonly kind: 'unknown' }
  /** At most so much, and less once it is lost; charging ends when that lasts. */
  | { readonly kind: 'share'; readonly first_A: number; readonly later_A: number };

/** Ages count from the last sample of the battery. */
export type ForetoldCourse =
  /** It is not heard now. */
  | { readonly kind: 'nothing' }
  /** The whole bank goes stale. */
  | {
      readonly kind: 'stale';
      readonly because: 'every_battery_needed' | 'only_string' | 'no_other_heard';
      readonly late_ms: number;
      readonly ramp_ms: number;
      readonly lost_ms: number;
      /** Where discharging may go on for longer, if its cells are well. */
      readonly discharge_ms?: number;
      readonly inverters: readonly Pick<SiteInverter, 'id' | 'profile' | 'wire' | 'lost'>[];
    }
  /** The other strings go on, with lower limits. */
  | {
      readonly kind: 'partly';
      readonly late_ms: number;
      readonly lost_ms: number;
      readonly inverters: readonly string[];
      readonly missing: readonly { readonly string: readonly string[]; readonly counts: MissingCounts }[];
    };

export interface Foretold {
  /** The battery, and those that share its link and fall silent with it. */
  readonly batteries: readonly string[];
  readonly what: 'link' | 'reading';
  /** It is read again after this at the latest. */
  readonly back_ms: number;
  readonly course: ForetoldCourse;
}
