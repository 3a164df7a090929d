// Who asks, as far as is known.
import { type Role, roles } from '../model/api/site.ts';

export interface Caller {
  /** The address that the connection comes from. */
  readonly address: string;
  /** Absent: nobody is logged in. */
  readonly name?: string;
  /** Absent: nothing may be looked at. */
  readonly role?: Role;
  /** Whose cookie it is; absent for tokens and for who is not logged in. */
  readonly login?: string;
  /** Whether all that still stands; a stream asks it again and again. */
  readonly holds: () => boolean;
}

/** Whether the one role is the other, or more. */
export const reaches = (role: Role | undefined, needed: Role | 'anyone'): boolean =>
  needed === 'anyone' || (role !== undefined && roles.indexOf(role) >= roles.indexOf(needed));
