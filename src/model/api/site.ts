// What a page must know once: how the site is made, and what its reader may do.

/** Each may do what those before it may. `viewer` looks; `operator` acknowledges and watches wires and logs; `installer` changes things. */
export const roles = ['viewer', 'operator', 'installer'] as const;
export type Role = (typeof roles)[number];

export interface Session {
  /** False: nobody has a password yet; the code in the terminal and the journal claims the gateway. */
  readonly is_claimed: boolean;
  /** Absent: nobody is logged in, and nothing may be looked at. */
  readonly role?: Role;
  /** Absent: nobody is logged in, but everybody may look. */
  readonly name?: string;
  /** True while `run --setup` makes a gateway file. */
  readonly is_setup: boolean;
  /** Why nobody can log in or claim: the file of accounts is damaged, say. One sentence that says what to do. */
  readonly trouble?: string;
  /** Of the answer to a logout: what may bring the login back. */
  readonly warning?: string;
}

export interface SiteBattery {
  readonly id: string;
  readonly bms: string;
  readonly cells: number;
  readonly capacity_Ah?: number;
  readonly charge_current_A?: number;
  readonly discharge_current_A?: number;
  /** Its FETs can be switched from here. */
  readonly has_fets: boolean;
}

export interface SiteInverter {
  readonly id: string;
  readonly profile: string;
  readonly title: string;
  readonly evidence: string;
  /** As `gateway.yaml` calls it: `can0`, a path, host and port. */
  readonly wire: string;
  readonly units: readonly number[];
  readonly lost: 'hold' | 'silent' | 'exception';
  /** Of CAN: from beat to beat. */
  readonly every_ms?: number;
  /** It counts as silent after so long; absent where it need not say anything. */
  readonly silent_after_ms?: number;
}

export interface Site {
  readonly version: string;
  readonly gateway: string;
  readonly batteries: readonly SiteBattery[];
  /** Inner list in series, outer list in parallel. */
  readonly strings: readonly (readonly string[])[];
  readonly envelope: {
    readonly charge_current_A: number;
    readonly discharge_current_A: number;
    readonly cell_max_V: number;
    readonly cell_min_V: number;
  };
  /** Protection lines of the chemistry and ranges of its temperatures, for gauges. */
  readonly chemistry: string;
  readonly cell_range_V: readonly [number, number];
  readonly temperature_range_C: readonly [number, number];
  /** Bank ages of the freshness ladder. */
  readonly ages: {
    readonly fresh_ms: number;
    readonly late_ms: number;
    readonly lost_ms: number;
    readonly ramp_ms: number;
    /** Discharging begins to fall only at this age, where the installer says so and the lowest cell was healthy. */
    readonly discharge_ms?: number;
  };
  readonly on_partial_loss: string;
  readonly inverters: readonly SiteInverter[];
  /** What there is to be reached. */
  readonly has_history: boolean;
  /** What `control:` of the gateway file permits. */
  readonly control: 'none' | 'reads' | 'any';
  readonly is_demo: boolean;
}
