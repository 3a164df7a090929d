import { type Allowed, type LivingBank, obey, stepBank } from './living-bank.ts';

/** A house with sun on its roof. Its day passes in ten minutes, so that a viewer sees the bank charge and discharge. */
export const DAY_S = 600;

/** How much faster than the viewer's clock the bank lives. */
export const PACE = 86_400 / DAY_S;

/** The viewer comes at nine in the morning: the sun is already charging. */
const FIRST_HOUR = 9;

/** The house's bank has 200 Ah; another bank gets a house of its size. */
const HOUSE_AH = 200;

const hourOf = (seconds: number): number => (FIRST_HOUR + (24 * seconds) / DAY_S) % 24;

/** A hump around an hour of the day, 1 at its top. */
const around = (hour: number, top: number, width: number): number => Math.exp(-(((hour - top) / width) ** 2));

/** From six to six, with thin clouds. */
const sunA = (hour: number): number =>
  40 * Math.max(0, Math.sin(((hour - 6) * Math.PI) / 12)) * (0.9 + 0.1 * Math.sin(hour * 7));

/** Always something, breakfast, dinner, and a fridge that comes and goes. */
const loadA = (hour: number): number =>
  6 + 8 * around(hour, 7.5, 1) + 22 * around(hour, 19.5, 2) + (Math.sin(hour * 11) > 0.3 ? 2 : 0);

/** What the house would push into the battery (positive) or draw, at a moment of the viewer's clock. Always the same. */
export const houseCurrentA = (seconds: number, capacityAh = HOUSE_AH): number =>
  ((sunA(hourOf(seconds)) - loadA(hourOf(seconds))) * capacityAh) / HOUSE_AH;

/** Ah of the bank: its strings side by side, each as large as its smallest pack. */
const capacityOf = (bank: LivingBank): number =>
  bank.reduce((total, packs) => total + Math.min(...packs.map(({ nominalAh }) => nominalAh)), 0);

/** The bank after some seconds of the viewer's clock in this house, whose inverter stays inside what it was told. */
export const liveInHouse = (
  bank: LivingBank,
  atS: number,
  seconds: number,
  allowed: Allowed = {},
): LivingBank =>
  stepBank(bank, (now) => obey(now, houseCurrentA(atS, capacityOf(bank)), allowed), seconds * PACE);
