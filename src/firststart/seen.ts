// What is heard, in the words of the wizard.
import { addressKey } from '../ble/port.ts';
import type { Advert } from '../bms/driver.ts';
import { driverFor } from '../bms/drivers.ts';
import { given } from '../config/given.ts';
import type { SetupReading, SetupUnit, SetupWish } from '../model/api/setup-air.ts';
import { readingToNames } from '../model/battery.ts';
import { type HeardUnit, LEFT } from './read-once.ts';

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

/** What is not read yet will not be. */
export const leftAlone = (reading: SetupReading): SetupReading =>
  reading.state === 'waiting' ? { ...reading, state: 'failed', why: LEFT } : reading;

/** The same unit, to be read in the same way. */
export const isOf =
  ({ bms, address, proxy, serial, unit }: SetupWish) =>
  (reading: SetupReading): boolean =>
    reading.bms === bms &&
    reading.address === address &&
    reading.proxy === proxy &&
    reading.serial === serial &&
    reading.unit === unit;

/** By radio; undefined is the adapter of this machine. */
type Hearings = Map<string | undefined, Advert>;

const loudness = ({ rssiDbm = -999 }: Advert): number => rssiDbm;

/** By the radio that hears it best; the machine's own where that is as good. */
function unitOf(hearings: Hearings, isShared: (name: string) => boolean): SetupUnit {
  const all = [...hearings].toSorted(
    ([a, one], [b, other]) =>
      loudness(other) - loudness(one) || Number(a !== undefined) - Number(b !== undefined),
  );
  const adverts = all.map(([, advert]) => advert);
  const [best] = all;
  const [proxy, { address, rssiDbm }] = best ?? [undefined, { address: '', rssiDbm: undefined }];
  const name = adverts.find((advert) => advert.name !== undefined)?.name;
  const bms = adverts.flatMap((advert) => driverFor(advert)?.id ?? [])[0];
  return {
    address: address.toUpperCase(),
    ...given({ proxy, name, rssi_dBm: rssiDbm, bms }),
    ...(name !== undefined && isShared(name) && { name_shared: true }),
  };
}

/** What was heard of each unit, radio by radio. */
export function heardUnits() {
  const units = new Map<string, Hearings>();
  const namesOf = (hearings: Hearings) =>
    [...hearings.values()].find(({ name }) => name !== undefined)?.name ?? [];
  return {
    hear(advert: Advert, radio: string | undefined): void {
      const key = addressKey(advert.address);
      const hearings: Hearings = units.get(key) ?? new Map();
      units.set(key, hearings.set(radio, { ...hearings.get(radio), ...advert }));
    },
    /** This radio is not asked any more. */
    forget(radio: string | undefined): void {
      for (const [key, hearings] of units)
        if (hearings.delete(radio) && hearings.size === 0) units.delete(key);
    },
    /** Known families first, then the strongest. */
    units(): SetupUnit[] {
      const names = [...units.values()].flatMap(namesOf);
      const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
      return [...units.values()]
        .map((hearings) => unitOf(hearings, isShared))
        .sort(
          (a, b) =>
            Number(b.bms !== undefined) - Number(a.bms !== undefined) ||
            (b.rssi_dBm ?? -999) - (a.rssi_dBm ?? -999),
        );
    },
  };
}
