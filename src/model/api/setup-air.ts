// What the batteries say while a gateway file is made: who is on the air, and whom to read.

export interface SetupUnit {
  readonly address: string;
  /** The proxy that hears it best; absent where the machine's own adapter does. */
  readonly proxy?: string;
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
  readonly proxy?: string;
  readonly serial?: string;
  readonly unit?: number;
  readonly bms: string;
  readonly state: 'waiting' | 'read' | 'failed';
  /** How far its link is: `found`, `connecting`, `connected`, `lost`, `resting`. */
  readonly doing?: string;
  /** Why it failed, or why the attempt before did. */
  readonly why?: string;
  readonly reading?: Readonly<Record<string, unknown>>;
  /**
   * `wanted`: it was connected to, said nothing, and its family knows passwords. `typed`: one is held until the file is written.
   * `kept`: it has a file already. `refused`: the battery did not take it, and is not told it again.
   */
  readonly password?: 'wanted' | 'typed' | 'kept' | 'refused';
}

/** Whom to read: a unit on the air, or one at the end of a wire. */
export type SetupWish = Omit<SetupReading, 'state' | 'doing' | 'why' | 'reading' | 'password'> & {
  readonly baud?: number;
  /** Of the app of its maker, to be tried now. It is never told back. */
  readonly password?: string;
};

/** What is heard. A scan ends by itself when nobody asks for it any more. */
export interface SetupAir {
  readonly state: 'idle' | 'scanning' | 'reading' | 'failed';
  /** What keeps a radio from hearing, and what mends it; a line for each. */
  readonly trouble?: string;
  readonly units: readonly SetupUnit[];
  readonly readings: readonly SetupReading[];
}
