import { readFileSync } from 'node:fs';
import type { CanTrouble } from './port.ts';

const IFF_UP = 1;
/** ARPHRD_CAN of <linux/if_arp.h>. */
const TYPE_CAN = '280';

const virtual = (name: string) => name.startsWith('vcan');

const setUp = (name: string) =>
  virtual(name) ? `ip link set ${name} up` : `ip link set ${name} up type can bitrate 500000 restart-ms 100`;

const create = (name: string) =>
  virtual(name)
    ? `ip link add dev ${name} type vcan && ip link set ${name} up`
    : `plug the adapter in or load its overlay (\`ip -br link\` lists what there is), then \`${setUp(name)}\``;

const unavailable = (why: string, remedy: string): CanTrouble => ({ kind: 'unavailable', why, remedy });

/**
 * What the system knows of a CAN interface (`/sys/class/net/NAME`): missing, not CAN, down, or bus-off, which shows as up
 * without carrier (operstate `down`; a virtual one says `unknown`). `undefined` when none of these.
 */
export function interfaceTrouble(name: string, net = '/sys/class/net'): CanTrouble | undefined {
  const read = (file: string) => readFileSync(`${net}/${name}/${file}`, 'utf8').trim();
  try {
    if (read('type') !== TYPE_CAN)
      return unavailable(
        'this is not a CAN interface',
        'name one that `ip -details link` shows as can or vcan',
      );
    if (!(Number(read('flags')) & IFF_UP)) return unavailable('the interface is down', run(setUp(name)));
    return read('operstate') === 'down' ? busOff(name) : undefined;
  } catch {
    return unavailable('there is no such interface', virtual(name) ? run(create(name)) : create(name));
  }
}

const run = (command: string) => `run \`${command}\``;

/** The controller has left the bus after too many errors; the kernel brings it back if `restart-ms` is set. */
export const busOff = (name: string): CanTrouble => ({
  kind: 'bus-off',
  why: 'the controller is bus-off',
  remedy: `check wiring, termination and bit rate; it restarts by itself after \`${setUp(name)}\``,
});

export const noAck: CanTrouble = {
  kind: 'no-ack',
  why: 'nobody on the bus acknowledges',
  remedy: 'check that the inverter is on, the plug and pin-out, 120 ohm at both ends and the bit rate',
};

export const errorPassive: CanTrouble = {
  kind: 'error-passive',
  why: 'the controller counts many errors (error-passive)',
  remedy: noAck.remedy,
};
