import { existsSync, readFileSync } from 'node:fs';
import { GatewayError, sentence } from '../model/errors.ts';
import type { CanFault, CanLine, CanTraffic, CanTrouble } from './port.ts';

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
 * without carrier (operstate `down`, or `lowerlayerdown` on a virtual cable; a vcan says `unknown`). `undefined` when none of these.
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
    return read('operstate').endsWith('down') ? busOff(name, interfaceTraffic(name, net)) : undefined;
  } catch {
    return unavailable('there is no such interface', virtual(name) ? run(create(name)) : create(name));
  }
}

const run = (command: string) => `run \`${command}\``;

export const isInterface = (name: string): boolean => existsSync(`/sys/class/net/${name}`);

/** What the kernel counted of an interface; real controllers count a frame as sent once it was acknowledged. */
export function interfaceTraffic(name: string, net = '/sys/class/net'): CanTraffic | undefined {
  const count = (file: string) => Number(readFileSync(`${net}/${name}/statistics/${file}`, 'utf8'));
  try {
    return { carried: count('tx_packets'), heard: count('rx_packets') };
  } catch {
    return undefined;
  }
}

/** Errors without one frame ever heard: the sign of a wrong bit rate, or of two wires that are swapped. */
const deaf = (traffic: CanTraffic | undefined): string =>
  traffic?.heard === 0
    ? ' and never heard a frame: most likely the bit rate, or CAN_H and CAN_L swapped'
    : '';

/** The controller has left the bus after too many errors; the kernel brings it back if `restart-ms` is set. */
const busOff = (name: string, traffic?: CanTraffic): CanTrouble => ({
  kind: 'bus-off',
  why: `the controller is bus-off${deaf(traffic)}`,
  remedy: `check wiring, termination and bit rate; it restarts by itself after \`${setUp(name)}\``,
});

export const noAck: CanTrouble = {
  kind: 'no-ack',
  why: 'nobody on the bus acknowledges',
  remedy: 'check that the inverter is on, the plug and pin-out, 120 ohm at both ends and the bit rate',
};

const errorPassive = (traffic?: CanTraffic): CanTrouble => ({
  kind: 'error-passive',
  why: `the controller counts many errors (error-passive)${deaf(traffic)}`,
  remedy: noAck.remedy,
});

/** What a fault of the controller means for the line; `undefined`: nothing by itself. */
export function complaint(
  fault: CanFault,
  name: string,
  traffic: CanLine['traffic'],
): CanTrouble | undefined {
  if (fault === 'bus-off') return busOff(name, traffic?.());
  if (fault === 'no-ack') return noAck;
  return fault === 'error-passive' ? errorPassive(traffic?.()) : undefined;
}

/** Why a line could not be opened, or stopped. */
export const asTrouble = (error: unknown): CanTrouble =>
  error instanceof GatewayError && 'remedy' in error.details
    ? { kind: 'unavailable', why: error.details.why, remedy: error.details.remedy }
    : { kind: 'unavailable', why: sentence(error), remedy: 'see `bmsgate doctor`' };
