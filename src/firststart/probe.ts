// A gateway file that is never written: it asks for no more than to read some units once, with the radio of the file that is
// there. What is wrong with the wish, its checks say.

import type { ListenOrder, RadioOrder } from '../ble/orders.ts';
import { listenOrder } from '../commands/listen-order.ts';
import { parseGateway } from '../config/gateway-file.ts';
import { given } from '../config/given.ts';
import type { GatewayFile } from '../config/schema.ts';
import { type ReadSecret, readSecret } from '../config/secrets.ts';
import type { SetupWish } from '../model/api/setup-air.ts';

type Bluetooth = GatewayFile['bluetooth'];

const usualRadio = ({ adapter, adapters, radio, stack }: Partial<Bluetooth>) =>
  given({ adapter: adapter ?? adapters?.[0], radio, stack });

export interface ProbeGround {
  readonly bluetooth?: Partial<Bluetooth> | undefined;
  /** The file with the password of a unit, and who reads it. */
  readonly passwordFile?: (wish: SetupWish) => string | undefined;
  readonly read?: ReadSecret;
}

/** Batteries are called u0, u1 … in the order of the wishes. Throws what is wrong with them. */
export function probeOrder(
  wishes: readonly SetupWish[],
  { bluetooth = {}, passwordFile = () => undefined, read = readSecret }: ProbeGround = {},
): ListenOrder {
  const batteries = wishes.map(({ password: _, ...wish }, i) => ({
    ...wish,
    ...given({ password_file: passwordFile(wish) }),
    id: `u${i}`,
    cells: 1,
  }));
  const file = {
    batteries,
    bank: {
      strings: batteries.map(({ id }) => [id]),
      envelope: { charge_current_A: 1, discharge_current_A: 1, cell_max_V: 3.6, cell_min_V: 2.8 },
    },
    inverters: [{ id: 'none', profile: 'generic-modbus', tcp: '127.0.0.1:1502' }],
    bluetooth: usualRadio(bluetooth),
  };
  return listenOrder(parseGateway('what was asked', JSON.stringify(file)), undefined, read);
}

type Scannable = Extract<RadioOrder, { form: 'noble' | 'bluez' }>;

/** The radio that scans. */
export function scanRadio(bluetooth?: Partial<Bluetooth>): Scannable {
  const wish = { bms: 'jbd', address: '00:00:00:00:00:01' };
  const [radio] = probeOrder([wish], { bluetooth }).radios;
  if (radio.form !== 'noble' && radio.form !== 'bluez') throw new TypeError('an adapter was asked for');
  return radio;
}
