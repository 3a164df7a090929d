import { ant } from './ant.ts';
import type { Advert, BmsDriver } from './driver.ts';
import { jbd } from './jbd.ts';
import { jk } from './jk.ts';

/** Every family we can read, in the order in which an advert is offered to them. */
export const drivers: readonly BmsDriver[] = [jbd, jk, ant];

export const driverIds: readonly string[] = drivers.map(({ id }) => id);

export const driverById = (id: string): BmsDriver | undefined => drivers.find((driver) => driver.id === id);

/** The likely family of a unit; the first good frame after connecting proves it. */
export const driverFor = (advert: Advert): BmsDriver | undefined =>
  drivers.find((driver) => driver.matches(advert));
