import type { DriverOptions, FetDirection } from '../bms/driver.ts';
import type { BatteryReading } from '../model/battery.ts';

/** One unit to listen to. UUIDs overrule the driver's own (older adapters have one characteristic for both). */
export interface ListenTo {
  readonly id: string;
  readonly bms: string;
  readonly address: string;
  /** Which of the radios hears it; the first where nothing is said. */
  readonly radio?: string;
  readonly service?: string;
  readonly notify?: string;
  readonly write?: string;
  readonly options?: DriverOptions;
}

/** One pack of a simulation as it begins; 16 cells, 100 Ah and 60 % where nothing is said. */
export interface SimulatedPack {
  readonly cells?: number;
  readonly capacityAh?: number;
  readonly socPct?: number;
}

/** The bank that a simulation lives as: battery ids as in `gateway.yaml`, inner lists in series. */
export interface SimulatedBank {
  readonly strings: readonly (readonly string[])[];
  readonly packs?: { readonly [battery: string]: SimulatedPack };
}

export const bleStacks = ['stoprocent', 'abandonware'] as const;
export type BleStack = (typeof bleStacks)[number];

/** One way to the air. `slots`: how many links it can hold at a time, no limit where nothing is said. A replay without `isLooped` lets its batteries fall silent at the end of the capture. */
export type RadioOrder = { readonly name: string; readonly slots?: number } & (
  | {
      readonly form: 'noble';
      readonly adapter: string;
      readonly stack: BleStack;
      /** `user`: the adapter is the gateway's alone. */
      readonly channel?: 'user';
      /** The adapter that takes over when this one is past help. */
      readonly standIn?: string;
    }
  /** `passkeys` by address. */
  | {
      readonly form: 'bluez';
      readonly adapter: string;
      readonly passkeys: { readonly [address: string]: string };
    }
  | { readonly form: 'esphome'; readonly host: string; readonly port: number; readonly key?: string }
  | { readonly form: 'wired'; readonly path: string; readonly baud: number }
  | { readonly form: 'simulated'; readonly bank: SimulatedBank }
  | { readonly form: 'replay'; readonly captureFile: string; readonly isLooped?: boolean }
);

/** The first order; a later one replaces it. */
export interface ListenOrder {
  readonly type: 'listen';
  /** 1000 to 5000. */
  readonly pollMs: number;
  readonly radios: readonly [RadioOrder, ...RadioOrder[]];
  readonly batteries: readonly ListenTo[];
  /** Every byte is to be told as well, for the black box. */
  readonly isTaped?: boolean;
  /** What rests as it begins. */
  readonly rests?: readonly RestOrder[];
}

export const restings = ['link', 'reading'] as const;
export type Resting = (typeof restings)[number];

/**
 * Lets a battery rest until a monotonic moment: its link is let go and not taken again, or held and nothing asked. What it says
 * meanwhile is not heard.
 */
export interface RestOrder {
  readonly type: 'rest';
  readonly battery: string;
  readonly what: Resting;
  readonly untilMs: number;
}

/** What the inverter was told, all positive; a living bank's house keeps to it. Other forms do not care. */
export interface LimitsOrder {
  readonly type: 'limits';
  readonly chargeA: number;
  readonly dischargeA: number;
  /** CVL and DVL; what is not told does not bind. */
  readonly chargeV?: number;
  readonly dischargeV?: number;
}

/** What may help a radio that hears a unit but cannot read it, from the mildest on. */
export const rungs = ['disconnect', 'forget', 'power cycle', 'restart', 'stand-in'] as const;
export type Rung = (typeof rungs)[number];

export const recoveryOutcomes = ['tried', 'helped', 'did not help', 'not possible'] as const;
export type RecoveryOutcome = (typeof recoveryOutcomes)[number];

/** One thing to try: with the link of this battery, or with the whole radio. The stand-in is a new listen order instead. */
export interface RecoverOrder {
  readonly type: 'recover';
  readonly radio: string;
  readonly battery: string;
  readonly rung: Exclude<Rung, 'stand-in'>;
}

/** What a person may ask of a battery by hand. */
export type Errand =
  | { readonly kind: 'fet'; readonly direction: FetDirection; readonly on: boolean }
  | { readonly kind: 'raw'; readonly hex: string };

/** A person's command to one unit; answered by one `commanded` with its number. After `untilMs` nothing is sent for it any more. */
export interface CommandOrder {
  readonly type: 'command';
  readonly number: number;
  readonly battery: string;
  readonly errand: Errand;
  readonly untilMs: number;
}

/** What the wires process tells the ear. Plain data; `ping`, `pong` and `stop` belong to every child (`child.ts`). */
export type EarOrders =
  | ListenOrder
  | LimitsOrder
  | RecoverOrder
  | CommandOrder
  | RestOrder
  /** It is read again. */
  | { readonly type: 'resume'; readonly battery: string }
  /** Something goes wrong with a simulated unit, or right again. Other forms do not care. */
  | { readonly type: 'fault'; readonly battery: string; readonly fault: 'hide' | 'show' | 'drop' };

/** `resting`: the link was given back for another unit; `let go`: a person let it rest. */
export const linkStates = ['found', 'connecting', 'connected', 'lost', 'resting', 'let go'] as const;
export type LinkState = (typeof linkStates)[number];

/** What the ear tells the wires process. Plain data; `atMs` is the system-wide monotonic clock. */
export type EarReport =
  | {
      readonly type: 'sample';
      readonly battery: string;
      readonly atMs: number;
      readonly reading: BatteryReading;
    }
  | {
      readonly type: 'link';
      readonly battery: string;
      readonly state: LinkState;
      readonly why?: string;
      readonly rssiDbm?: number;
      /** Units take turns on this radio, and this is only the next. */
      readonly inTurn?: boolean;
      /** What was lost was a link, not an attempt at one. */
      readonly wasOpen?: boolean;
      /** It would end the same way again, so nobody tries. */
      readonly isFinal?: true;
    }
  /** What was tried on a radio that hears a unit but cannot read it. `helped` once it is read again. */
  | {
      readonly type: 'recovery';
      readonly radio: string;
      readonly battery: string;
      readonly rung: Rung;
      readonly outcome: RecoveryOutcome;
      readonly why?: string;
    }
  /** `count` is how many were not believed since the report before; at most one report a second per battery. */
  | { readonly type: 'rejected'; readonly battery: string; readonly why: string; readonly count: number }
  | {
      readonly type: 'adapter';
      readonly radio: string;
      readonly state: 'ready' | 'off' | 'missing';
      readonly why?: string;
    }
  | { readonly type: 'notice'; readonly battery?: string; readonly text: string }
  /** Every byte that went over the link for a command; `why` when it was not done. */
  | {
      readonly type: 'commanded';
      readonly number: number;
      readonly battery: string;
      readonly sent: readonly string[];
      readonly heard: readonly string[];
      readonly why?: string;
    };
