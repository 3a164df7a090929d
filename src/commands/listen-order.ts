import type { ListenOrder, ListenTo, RadioOrder } from '../ble/orders.ts';
import { addressKey, WIRED_GATT } from '../ble/port.ts';
import type { DriverOptions } from '../bms/driver.ts';
import type { GatewayConfig } from '../config/gateway-file.ts';
import { given } from '../config/given.ts';
import { addressOf, type RadioPlan, radioOf, radioPlans } from '../config/radios.ts';
import type { BatteryEntry, GatewayFile } from '../config/schema.ts';
import { type ReadSecret, readSecret } from '../config/secrets.ts';

/** A wire's usual speed (BLE reference 1.1). */
const USUAL_BAUD = 9600;

/** What the file holds; one that cannot be read is as none, and its battery says what it lacks. */
function secretOf(path: string | undefined, read: ReadSecret): string | undefined {
  const secret = path === undefined ? undefined : read(path);
  return secret && 'text' in secret ? secret.text : undefined;
}

const optionsOf = (b: BatteryEntry, read: ReadSecret): DriverOptions =>
  given({
    capacityScale: b.capacity_scale,
    unit: b.unit,
    invertCurrent: b.invert_current,
    password: secretOf(b.password_file, read),
  });

const gattOf = ({ serial, service, notify, write }: BatteryEntry) =>
  serial === undefined ? given({ service, notify, write }) : WIRED_GATT;

function listenTo(b: BatteryEntry, read: ReadSecret): ListenTo {
  const options = optionsOf(b, read);
  return {
    id: b.id,
    bms: b.bms,
    address: addressOf(b),
    ...gattOf(b),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function adapterOrder(
  file: GatewayFile,
  { name, slots, batteries }: RadioPlan,
  read: ReadSecret,
): RadioOrder {
  const { radio, stack, stand_in: standIn } = file.bluetooth;
  const common = { name, adapter: name, ...given({ slots }) };
  if (radio !== 'bluez')
    return {
      ...common,
      form: 'noble',
      stack,
      ...(radio === 'user-channel' && { channel: 'user' }),
      ...given({ standIn }),
    };
  const passkeys = batteries.flatMap((b) => {
    const passkey = secretOf(b.passkey_file, read);
    return passkey === undefined ? [] : [[addressKey(addressOf(b)), passkey] as const];
  });
  return { ...common, form: 'bluez', passkeys: Object.fromEntries(passkeys) };
}

function radioOrder(file: GatewayFile, plan: RadioPlan, read: ReadSecret): RadioOrder {
  const { name, kind, slots, batteries } = plan;
  if (kind === 'adapter') return adapterOrder(file, plan, read);
  const baud = batteries.find((b) => b.baud !== undefined)?.baud ?? USUAL_BAUD;
  const proxy = file.bluetooth.proxies?.find(({ id }) => id === name);
  if (kind === 'wire' || !proxy) return { name, form: 'wired', path: name, baud };
  // With a key file the gateway never speaks in the clear: no key can be wrong, but nothing is a key.
  const key = proxy.key_file === undefined ? undefined : (secretOf(proxy.key_file, read) ?? '');
  return { name, form: 'esphome', host: proxy.host, port: proxy.port, ...given({ slots, key }) };
}

/** The radios that the file names, and which of them reads each battery. */
function radiosOf({ file }: GatewayConfig, read: ReadSecret): Pick<ListenOrder, 'radios' | 'batteries'> {
  const [first, ...others] = radioPlans(file);
  return {
    radios: [radioOrder(file, first, read), ...others.map((plan) => radioOrder(file, plan, read))],
    batteries: file.batteries.map((b) => ({ ...listenTo(b, read), radio: radioOf(file, b) })),
  };
}

/** What the ear is told of this configuration; a simulation or a replay stands in place of all its radios. */
export const listenOrder = (
  config: GatewayConfig,
  instead?: RadioOrder,
  read: ReadSecret = readSecret,
): ListenOrder => ({
  type: 'listen',
  pollMs: config.file.bluetooth.poll,
  ...(instead
    ? { radios: [instead], batteries: config.file.batteries.map((b) => listenTo(b, read)) }
    : radiosOf(config, read)),
});
