// What goes to and fro while a gateway file is made: the draft under the names of `gateway.yaml`, what the machine has, and what
// the batteries say. Currents are positive.
import type { LimitSignal, LiveReason } from './live.ts';

export interface SetupBattery {
  readonly id: string;
  /** Of the families. */
  readonly bms: string;
  /** Over Bluetooth; a battery on a wire has `serial` instead. */
  readonly address?: string;
  readonly serial?: string;
  readonly baud?: number;
  readonly unit?: number;
  readonly cells: number;
  readonly capacity_Ah?: number;
  readonly charge_current_A?: number;
  readonly discharge_current_A?: number;
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
  readonly path: string;
  /** The wizard begins from a file that was there. */
  readonly is_edit: boolean;
  readonly families: readonly { readonly id: string; readonly title: string }[];
  readonly chemistries: readonly SetupChemistry[];
  readonly profiles: readonly SetupProfile[];
  readonly can: readonly SetupWire[];
  readonly serial: readonly SetupWire[];
  /** Of this machine in its networks. */
  readonly addresses: readonly string[];
  /** Where the page is served now. */
  readonly port: number;
}

export interface SetupUnit {
  readonly address: string;
  readonly name?: string;
  /** Several have this name: only the address tells them apart. */
  readonly name_shared?: true;
  readonly rssi_dBm?: number;
  /** The family that its advert fits; absent is unknown. */
  readonly bms?: string;
}

/** Why a battery gives no numbers, or its numbers under the names of the catalogue. */
export interface SetupReading {
  readonly address?: string;
  readonly serial?: string;
  readonly unit?: number;
  readonly bms: string;
  readonly state: 'waiting' | 'read' | 'failed';
  /** How far its link is: `found`, `connecting`, `connected`, `lost`, `resting`. */
  readonly doing?: string;
  /** Why it failed, or why the attempt before did. */
  readonly why?: string;
  readonly reading?: Readonly<Record<string, unknown>>;
}

/** Whom to read: a unit on the air, or one at the end of a wire. */
export type SetupWish = Omit<SetupReading, 'state' | 'doing' | 'why' | 'reading'> & {
  readonly baud?: number;
};

/** What is heard. A scan ends by itself when nobody asks for it any more. */
export interface SetupAir {
  readonly state: 'idle' | 'scanning' | 'reading' | 'failed';
  /** What keeps the radio from hearing, and what mends it. */
  readonly trouble?: string;
  readonly units: readonly SetupUnit[];
  readonly readings: readonly SetupReading[];
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
