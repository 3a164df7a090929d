// Passwords of batteries. One is held from when it was typed, believed when a battery was read with it, and said to a battery that
// has refused it no more: it may lock itself.
import { addressKey } from '../ble/port.ts';
import { type Login, WRONG_PASSWORD } from '../bms/driver.ts';
import { driverById } from '../bms/drivers.ts';
import type { BatteryEntry } from '../config/schema.ts';
import type { SetupReading, SetupWish } from '../model/api/setup-air.ts';
import { GatewayError } from '../model/errors.ts';
import type { HeardUnit } from './read-once.ts';
import type { SecretBook } from './secret-book.ts';

type Unit = Pick<SetupWish, 'bms' | 'address'>;

export interface Passwords {
  /** Takes what was typed. Throws what is wrong with it. */
  readonly take: (wishes: readonly SetupWish[]) => void;
  /** The file with which a unit is read now; undefined where it is read without. */
  readonly fileOf: (unit: Unit) => string | undefined;
  /** Learns from what became of a reading, and says what is to be shown of the password. */
  readonly after: (unit: Unit, heard: HeardUnit | undefined) => SetupReading['password'];
  /** The file that a battery of the draft will have; undefined where it stays as it is. */
  readonly keptFor: (id: string, address: string | undefined) => string | undefined;
}

/** How a family with a password takes it. */
export const loginOf = (bms: string): Login | undefined =>
  driverById(bms)?.dialects.find(({ login }) => login !== undefined)?.login;

function check({ bms, password = '' }: SetupWish): void {
  if (loginOf(bms)?.isPassword(password.trim())) return;
  const message = 'this cannot be its password: it has six characters, as in the app of its maker';
  throw new GatewayError('REFUSED', { message });
}

export function passwords(book: SecretBook, batteries: readonly BatteryEntry[] = []): Passwords {
  const proven = new Set<string>();
  const refused = new Set<string>();
  const keyOf = (address = '') => `battery ${addressKey(address)}`;
  const standing = (key: string) =>
    batteries.find(({ address }) => address !== undefined && keyOf(address) === key)?.password_file;

  const fileOf = ({ bms, address }: Unit): string | undefined => {
    const key = keyOf(address);
    if (address === undefined || refused.has(key) || !loginOf(bms)) return undefined;
    return book.has(key) ? book.pathOf(key) : standing(key);
  };

  function learn(key: string, heard: HeardUnit | undefined): void {
    if (heard?.state === 'read' && book.has(key)) proven.add(key);
    if (heard?.state !== 'failed' || !heard.why.startsWith(WRONG_PASSWORD)) return;
    refused.add(key);
    proven.delete(key);
    book.drop(key);
  }

  return {
    take(wishes) {
      const typed = wishes.filter(({ password }) => password !== undefined);
      typed.forEach(check);
      for (const { address, password = '' } of typed) {
        const key = keyOf(address);
        book.put(key, password);
        proven.delete(key);
        refused.delete(key);
      }
    },
    fileOf,
    after(unit, heard) {
      const key = keyOf(unit.address);
      if (unit.address === undefined || !loginOf(unit.bms)) return undefined;
      learn(key, heard);
      if (refused.has(key)) return 'refused';
      if (book.has(key)) return 'typed';
      if (standing(key) !== undefined) return 'kept';
      return heard && heard.state !== 'read' && heard.isMute ? 'wanted' : undefined;
    },
    keptFor(id, address) {
      const key = keyOf(address);
      return proven.has(key) ? book.fileFor(key, `${id}-password`, standing(key)) : undefined;
    },
  };
}
