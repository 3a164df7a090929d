import type { BleLink, GattCharacteristic } from '../ble/port.ts';
import { drivers } from '../bms/drivers.ts';
import { fitting } from '../bms/fitting.ts';
import { masker } from '../bms/masked.ts';
import { toHex } from '../bytes/hex.ts';
import { sentence } from '../model/errors.ts';
import { monotonicMs } from '../model/freshness.ts';
import { print } from './radio.ts';

/** What a unit notifies, from the subscription on. */
export interface Heard {
  readonly all: ReadonlyMap<GattCharacteristic, readonly Uint8Array[]>;
  /** Called at each notification, until the next one is set. */
  onNotification: (from: GattCharacteristic, bytes: Uint8Array) => void;
}

const canNotify = ({ properties }: GattCharacteristic): boolean =>
  properties.includes('notify') || properties.includes('indicate');

/** Subscribes to everything that notifies or indicates; what refuses is said and left out. */
export async function hearAll(link: BleLink, found: readonly GattCharacteristic[]): Promise<Heard> {
  const all = new Map<GattCharacteristic, Uint8Array[]>();
  const heard: Heard = { all, onNotification: () => {} };
  for (const c of found.filter(canNotify)) {
    const said: Uint8Array[] = [];
    const hear = (bytes: Uint8Array) => {
      said.push(Uint8Array.from(bytes));
      heard.onNotification(c, bytes);
    };
    await link.subscribe(c, hear).then(
      () => all.set(c, said),
      (error) => print(`${c.uuid} cannot be subscribed to: ${sentence(error)}`),
    );
  }
  return heard;
}

/** From now on each notification is a line: seconds, characteristic, bytes; passwords masked. */
export function printNotifications(heard: Heard): void {
  const beganMs = monotonicMs();
  const masked = masker();
  heard.onNotification = ({ service, uuid }, bytes) => {
    const { entry, isMasked } = masked({ unit: `${service}/${uuid}`, from: 'battery', bytes });
    const seconds = ((monotonicMs() - beganMs) / 1000).toFixed(3).padStart(7);
    print(`${seconds}  ${uuid}  ${toHex(entry.bytes)}${isMasked ? '  (2a: masked)' : ''}`);
  };
}

const size = (said: readonly Uint8Array[]): number => said.reduce((sum, { length }) => sum + length, 0);

function summary({ uuid }: GattCharacteristic, said: readonly Uint8Array[]): string {
  const fits = fitting(drivers, said).map(
    (fit) => `${fit.id} (${fit.frames} whole frames, ${fit.bytes} bytes)`,
  );
  const framing = fits.length > 0 ? `fits ${fits.join(', ')}` : 'fits no framing that we know';
  return `${uuid}: ${said.length} notifications, ${size(said)} bytes; ${framing}`;
}

/** What was heard, and whose frames it can be. */
export function printSummary({ all }: Heard): void {
  const spoke = [...all].filter(([, said]) => said.length > 0);
  for (const [c, said] of spoke) print(summary(c, said));
  if (spoke.length === 0)
    print('nothing was notified; most BMS units only speak when they are asked: add --try');
}
