import type { AlarmName, FaultName } from '../model/alarms.ts';
import type { BankState } from '../model/bank-state.ts';
import type { PackSample } from '../model/battery.ts';
import type { Stamped } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { Course } from './course.ts';
import type { CvlCourse } from './cvl.ts';
import type { Lifetime } from './lifetime.ts';
import type { Direction } from './limits.ts';
import type { Neighbours } from './neighbours.ts';
import type { PackMemory } from './pack-memory.ts';

/** CCL and DCL as they fall to zero. `aged`: because of age, so that `discharge_stale_after` may apply; never for frozen values. */
export interface Falling {
  readonly atMs: number;
  readonly chargeA: number;
  readonly dischargeA: number;
  readonly aged: boolean;
}

export interface BankMemory {
  /** The first start of this boot and configuration. */
  readonly startedAtMs: number;
  /** The last restart that went on from a stored state. */
  readonly resumedAtMs?: number;
  readonly packs: { readonly [id: string]: PackMemory };
  /** *Never heard* has ended. */
  readonly heard: boolean;
  /** Stale: what the ramp falls from, and since when. */
  readonly falling?: Falling;
  /** How CCL, DCL and CVL move; absent before the first limit. */
  readonly chargeCourse?: Course;
  readonly dischargeCourse?: Course;
  readonly cvl?: CvlCourse;
  readonly neighbours: Neighbours;
  /** First packs of the strings that did not count in the evaluation before. */
  readonly absent: readonly string[];
  readonly heartbeat: Stamped<number>;
  /** What was last measured; repeated while no string counts. */
  readonly measured?: SignalValues;
  /** The stamp that its age is measured from. */
  readonly measuredAtMs?: number;
  /** When each alarm of the bank was last there. */
  readonly alarms: { readonly [A in AlarmName]?: number };
  /** Since when each cause has narrowed its limit, by limit, rule and pack. */
  readonly causes: { readonly [cause: string]: number };
  readonly lifetime: Lifetime;
}

/** An evaluation: the state that everybody reads, and what the next evaluation needs to know. */
export interface Evaluation extends BankState {
  readonly memory: BankMemory;
}

/** Everything the hands know at one moment. */
export interface Snapshot {
  /** The newest sample of each pack, whether or not it is new. */
  readonly samples: { readonly [pack: string]: PackSample | undefined };
  /** What the hands found wrong, e.g. `inverter_heartbeat_lost`. */
  readonly faults?: readonly FaultName[];
  /** Directions in which nothing may flow while a FET is about to be switched. */
  readonly withheld?: readonly Direction[];
  /** The bank's current as a shunt measures it; + is charging. */
  readonly shuntA?: Stamped<number>;
  /** The bank's current as an inverter sees it; + is charging. */
  readonly outsideCurrentA?: Stamped<number>;
}
