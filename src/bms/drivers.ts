import { ant } from './ant.ts';
import { daly } from './daly.ts';
import type { Advert, BmsDriver } from './driver.ts';
import { ecoWorthy } from './eco-worthy.ts';
import { jbd } from './jbd.ts';
import { jk } from './jk.ts';
import { litime } from './litime.ts';
import { renogy } from './renogy.ts';
import { seplosV3 } from './seplos-v3.ts';

/** Every family we can read, in the order in which an advert is offered to them. */
export const drivers: readonly BmsDriver[] = [jbd, jk, daly, ant, seplosV3, litime, ecoWorthy, renogy];

export const driverIds: readonly string[] = drivers.map(({ id }) => id);

export const driverById = (id: string): BmsDriver | undefined => drivers.find((driver) => driver.id === id);

/** The likely family of a unit; the first good frame after connecting proves it. */
export const driverFor = (advert: Advert): BmsDriver | undefined =>
  drivers.find((driver) => driver.matches(advert));
