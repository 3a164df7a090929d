// What is heard, in the words of the wizard.
import type { Advert } from '../bms/driver.ts';
import { driverFor } from '../bms/drivers.ts';
import type { SetupReading, SetupUnit, SetupWish } from '../model/api/setup-air.ts';
import { readingToNames } from '../model/battery.ts';
import type { HeardUnit } from './read-once.ts';

export function readingOf(
  { baud: _baud, password: _password, ...wish }: SetupWish,
  heard: HeardUnit | undefined,
  password: SetupReading['password'],
): SetupReading {
  const unit = { ...wish, ...(password !== undefined && { password }) };
  if (heard?.state === 'read') return { ...unit, state: 'read', reading: readingToNames(heard.reading) };
  const { isMute: _mute, ...news } = heard ?? {};
  return { ...unit, state: 'waiting', ...news };
}

/** The same unit, to be read in the same way. */
export const isOf =
  ({ bms, address, serial, unit }: SetupWish) =>
  (reading: SetupReading): boolean =>
    reading.bms === bms &&
    reading.address === address &&
    reading.serial === serial &&
    reading.unit === unit;

/** Known families first, then the strongest. */
export function unitsOf(adverts: readonly Advert[]): SetupUnit[] {
  const names = adverts.flatMap(({ name }) => name ?? []);
  const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  return adverts
    .map((advert): SetupUnit => {
      const { address, name, rssiDbm } = advert;
      const bms = driverFor(advert)?.id;
      return {
        address: address.toUpperCase(),
        ...(name !== undefined && { name }),
        ...(name !== undefined && isShared(name) && { name_shared: true }),
        ...(rssiDbm !== undefined && { rssi_dBm: rssiDbm }),
        ...(bms !== undefined && { bms }),
      };
    })
    .sort(
      (a, b) =>
        Number(b.bms !== undefined) - Number(a.bms !== undefined) ||
        (b.rssi_dBm ?? -999) - (a.rssi_dBm ?? -999),
    );
}
