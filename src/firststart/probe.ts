// A gateway file that is never written: it asks for no more than to read some units once, with the radio of the file that is
// there. What is wrong with the wish, its checks say.

import type { ListenOrder } from '../ble/orders.ts';
import { listenOrder } from '../commands/listen-order.ts';
import { parseGateway } from '../config/gateway-file.ts';
import { given } from '../config/given.ts';
import type { GatewayFile } from '../config/schema.ts';
import { type ReadSecret, readSecret } from '../config/secrets.ts';
import type { SetupProxy } from '../model/api/setup.ts';
import type { SetupWish } from '../model/api/setup-air.ts';
import type { ScanOrder } from '../scout.ts';

type Bluetooth = GatewayFile['bluetooth'];

export interface ProbeGround {
  readonly bluetooth?: Partial<Bluetooth> | undefined;
  readonly proxies?: readonly SetupProxy[] | undefined;
  /** The file with the password of a unit, with the key of a proxy, and who reads them. */
  readonly passwordFile?: (wish: SetupWish) => string | undefined;
  readonly keyFile?: (proxy: string) => string | undefined;
  readonly read?: ReadSecret;
}

const usualRadio = ({ adapter, adapters, radio, stack }: Partial<Bluetooth>) =>
  given({ adapter: adapter ?? adapters?.[0], radio, stack });

/** A proxy that reads nobody has no place in a gateway file, and where all are read by one the adapter's settings have none. */
function radiosFor(wishes: readonly SetupWish[], { bluetooth = {}, proxies = [], keyFile }: ProbeGround) {
  const named = proxies.filter(({ id }) => wishes.some(({ proxy }) => proxy === id));
  const { stack: _, ...withoutStack } = usualRadio(bluetooth);
  const usesAdapter = wishes.some(({ proxy, serial }) => proxy === undefined && serial === undefined);
  return {
    ...(usesAdapter ? usualRadio(bluetooth) : withoutStack),
    ...(named.length > 0 && {
      proxies: named.map((proxy) => ({ ...proxy, ...given({ key_file: keyFile?.(proxy.id) }) })),
    }),
  };
}

/** Batteries are called u0, u1 … in the order of the wishes. Throws what is wrong with them. */
export function probeOrder(wishes: readonly SetupWish[], ground: ProbeGround = {}): ListenOrder {
  const { passwordFile, read = readSecret } = ground;
  const batteries = wishes.map((wish, i) => {
    const { password: _, ...place } = wish;
    return { ...place, ...given({ password_file: passwordFile?.(wish) }), id: `u${i}`, cells: 1 };
  });
  const file = {
    batteries,
    bank: {
      strings: batteries.map(({ id }) => [id]),
      envelope: { charge_current_A: 1, discharge_current_A: 1, cell_max_V: 3.6, cell_min_V: 2.8 },
    },
    inverters: [{ id: 'none', profile: 'generic-modbus', tcp: '127.0.0.1:1502' }],
    bluetooth: radiosFor(wishes, ground),
  };
  return listenOrder(parseGateway('what was asked', JSON.stringify(file)), undefined, read);
}

/** The radio that scans: a proxy, or the adapter of this machine. */
export function scanRadio(ground: ProbeGround = {}, proxy?: string): ScanOrder['radio'] {
  const wish = { bms: 'jbd', address: '00:00:00:00:00:01', ...given({ proxy }) };
  const [radio] = probeOrder([wish], { ...ground, passwordFile: () => undefined }).radios;
  if (radio.form === 'noble' || radio.form === 'bluez' || radio.form === 'esphome') return radio;
  throw new TypeError('a radio was asked for');
}
