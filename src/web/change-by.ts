// A change of the accounts for somebody who may have lost the right to it while they asked.
import type { Access } from './access.ts';
import type { Kept } from './account-book.ts';
import type { Caller } from './caller.ts';
import type { Refused } from './route.ts';

const gone: Refused = { why: 'you were logged out meanwhile; nothing was changed', status: 401 };

/** A password takes its time to be hashed: who is removed in that time changes nothing more. */
export const changeBy = (
  { book }: Access,
  { holds }: Caller,
  edit: (kept: Kept) => Kept | Refused,
): Promise<Refused | undefined> => book.change((kept) => (holds() ? edit(kept) : gone));
