import type { Advert } from '../bms/driver.ts';

/** A controller that does not know it says 127 (Bluetooth Core 5.4, volume 4, part E, section 7.7.65.2). */
const UNKNOWN = 127;

export const signalOf = (rssi: number): Pick<Advert, 'rssiDbm'> =>
  rssi === UNKNOWN ? {} : { rssiDbm: rssi };
