// What goes to and fro while a gateway file is made: the draft under the names of `gateway.yaml`, what the machine has, and what
// the batteries say. Currents are positive.
import type { LimitSignal, LiveReason } from './live.ts';

export interface SetupBattery {
  readonly id: string;
  /** Of the families. */
  readonly bms: string;
  /** Over Bluetooth; a battery on a wire has `serial` instead. */
  readonly address?: string;
  /** Of the proxies; without it the machine's own adapter reads it. */
  readonly proxy?: string;
  readonly serial?: string;
  readonly baud?: number;
  readonly unit?: number;
  readonly cells: number;
  readonly capacity_Ah?: number;
  readonly charge_current_A?: number;
  readonly discharge_current_A?: number;
}

/** An ESP32 with ESPHome's Bluetooth proxy. */
export interface SetupProxy {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export interface SetupEnvelope {
  readonly charge_current_A: number;
  readonly discharge_current_A: number;
  readonly cell_max_V: number;
  readonly cell_min_V: number;
}

/** One of `can`, `serial`, `tcp`. */
export interface SetupInverter {
  readonly id: string;
  readonly profile: string;
  readonly can?: string;
  readonly serial?: string;
  readonly tcp?: string;
  readonly baud?: number;
  readonly unit?: number;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** What was chosen so far; what is absent was not. Keys of a file that was there before and stand in none of these stay as they are. */
export interface SetupDraft {
  readonly batteries?: readonly SetupBattery[];
  /** Those that read no battery are not written. */
  readonly proxies?: readonly SetupProxy[];
  /** Inner list in series, outer list in parallel. */
  readonly strings?: readonly (readonly string[])[];
  readonly chemistry?: string;
  readonly envelope?: SetupEnvelope;
  readonly inverters?: readonly SetupInverter[];
  /** Where the page is reached afterwards: host and port. */
  readonly listen?: string;
  readonly has_history?: boolean;
  /** Empty: no broker. */
  readonly mqtt_url?: string;
  /** Empty: the broker asks for none. */
  readonly mqtt_user?: string;
}

/** What is typed beside a draft and never told back. */
export interface SetupSecrets {
  readonly mqtt_password?: string;
  /** Encryption keys, by the proxy. */
  readonly proxy_keys?: Readonly<Record<string, string>>;
}

export interface SetupChemistry {
  readonly name: string;
  readonly nominal_V?: number;
  readonly full_V: number;
  readonly empty_V: number;
  /** Beyond these the cell is damaged. */
  readonly over_V: number;
  readonly under_V: number;
}

export type SetupOption =
  | { readonly kind: 'text'; readonly default: string; readonly title: string }
  | { readonly kind: 'flag'; readonly default: boolean; readonly title: string }
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly title: string;
      readonly min: number;
      readonly max: number;
      readonly whole: boolean;
    }
  | {
      readonly kind: 'choice';
      readonly default: string;
      readonly title: string;
      readonly values: readonly string[];
    };

export interface SetupProfile {
  readonly id: string;
  readonly title: string;
  readonly evidence: string;
  readonly inverters: readonly {
    readonly brand: string;
    readonly models: string;
    readonly caveats: readonly string[];
  }[];
  readonly wires: readonly ('can' | 'serial' | 'tcp')[];
  readonly bitrate?: number;
  readonly baud?: number;
  readonly units: readonly number[];
  readonly options: Readonly<Record<string, SetupOption>>;
}

/** What was looked at, how it stands, and the command that mends it. */
export interface SetupFinding {
  readonly about: string;
  readonly state: 'ok' | 'note' | 'broken';
  readonly is: string;
  readonly mend?: string;
}

export interface SetupWire {
  /** As `gateway.yaml` calls it: `can0`, or a path. */
  readonly name: string;
  readonly findings: readonly SetupFinding[];
}

export interface SetupState {
  /** Of the draft. Who changes it says which one was read; another person's change in between is never lost. */
  readonly revision: number;
  /** Who changed it last. */
  readonly changed_by?: string;
  readonly draft: SetupDraft;
  /** Of the user of the broker: held until the file is written, or in a file already. */
  readonly mqtt_password?: 'typed' | 'kept';
  /** Proxies with an encryption key. */
  readonly proxy_keys: Readonly<Record<string, 'typed' | 'kept'>>;
  readonly path: string;
  /** The wizard begins from a file that was there. */
  readonly is_edit: boolean;
  readonly families: readonly {
    readonly id: string;
    readonly title: string;
    /** Some of them stay silent without one. */
    readonly has_password?: true;
  }[];
  readonly chemistries: readonly SetupChemistry[];
  readonly profiles: readonly SetupProfile[];
  readonly can: readonly SetupWire[];
  readonly serial: readonly SetupWire[];
  /** Of this machine in its networks. */
  readonly addresses: readonly string[];
  /** Where the page is served now. */
  readonly port: number;
}

export interface SetupLimit {
  readonly value: number;
  /** The first decided. */
  readonly reasons: readonly LiveReason[];
}

export interface SetupTest {
  /** Of the draft that was tested. */
  readonly revision: number;
  readonly state: 'running' | 'done';
  readonly findings: readonly SetupFinding[];
  /** What the inverter would be told now. */
  readonly bank?: {
    readonly voltage_V?: number;
    readonly soc_pct?: number;
    readonly limits: { readonly [L in LimitSignal]?: SetupLimit };
  };
  /** The file as it would be written. */
  readonly text?: string;
}
