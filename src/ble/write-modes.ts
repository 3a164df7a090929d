import { addressKey, type GattCharacteristic } from './port.ts';

/** How each characteristic was last written with success: true without response. Outlives the links. */
export type WriteModes = Map<string, boolean>;

/** Tells the characteristics of one unit apart; two of them may carry the same UUID (JK modules: ffe1 twice). */
export const keyOf = ({ service, uuid, handle }: GattCharacteristic): string =>
  handle === undefined ? `${service}/${uuid}` : `${service}/${uuid}/${handle}`;

/** Forgets how this unit is written to. */
export function forgetModes(modes: WriteModes, address: string): void {
  for (const key of [...modes.keys()]) if (key.startsWith(`${addressKey(address)} `)) modes.delete(key);
}

/**
 * Writes as the characteristic declares: the bridge to the BMS is a UART, so what is declared without response is quicker and no
 * less sure. On an error the other mode once; what succeeded is remembered.
 */
export async function writeAsItTakes(
  modes: WriteModes,
  key: string,
  characteristic: GattCharacteristic,
  once: (isWithoutResponse: boolean) => Promise<unknown>,
  isLost: () => boolean,
): Promise<void> {
  const isDeclared = characteristic.properties.includes('writeWithoutResponse');
  const isWithoutResponse = modes.get(key) ?? isDeclared;
  try {
    await once(isWithoutResponse);
  } catch (error) {
    if (isLost() || modes.has(key)) throw error;
    await once(!isWithoutResponse);
    modes.set(key, !isWithoutResponse);
  }
}
