// The claim, the login and the logout, and one's own password.
import type { Session } from '../../model/api/site.ts';
import type { Access } from '../access.ts';
import type { Caller } from '../caller.ts';
import { changeBy } from '../change-by.ts';
import { passwordMistake, TooBusy } from '../passwords.ts';
import { household } from '../patience.ts';
import { type Asked, type Refused, type Route, route } from '../route.ts';
import { accountName, exactly, having, nothing, password, role, text, textUpTo, yesNo } from '../schemas.ts';

interface Login {
  readonly name: string;
  readonly password: string;
}
interface Claiming {
  readonly code: string;
  readonly name?: string;
  readonly password: string;
}
interface NewPassword {
  readonly old: string;
  readonly password: string;
}

const sessionSchema = having(
  { is_claimed: yesNo, is_setup: yesNo },
  { role, name: text, trouble: text, warning: text },
);

export function sessionOf(
  { book, isSetup, claim }: Access,
  { role, name }: Pick<Caller, 'role' | 'name'>,
): Session {
  if (!book.isClaimed()) claim.offer();
  const trouble = book.trouble();
  return {
    is_claimed: book.isClaimed(),
    ...(role && { role }),
    ...(name !== undefined && { name }),
    is_setup: isSetup,
    ...(trouble !== undefined && { trouble }),
  };
}

const wait = (ms: number): Refused => ({
  why: `too many wrong attempts; wait ${Math.ceil(ms / 1000)} s and try again`,
  status: 429,
  waitS: Math.ceil(ms / 1000),
});

export const busy = (error: unknown): Refused => {
  if (!(error instanceof TooBusy)) throw error;
  return { why: error.message, status: 429, waitS: 5 };
};

/** However it was typed. */
const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** Each attempt counts as failed until it has succeeded: many at once are not more than one after the other. */
async function logIn(access: Access, { body, caller, keepLogin }: Asked<Login>): Promise<Session | Refused> {
  const { book, familiar, logins, passwords, patience } = access;
  const place = household(caller.address);
  const name = nameKey(body.name);
  const counted = familiar.keyOf(name, place);
  const waitMs = Math.max(patience.places.waitMs(place), patience.names.waitMs(counted));
  if (waitMs > 0) return wait(waitMs);
  const trouble = book.trouble();
  if (trouble !== undefined) return { why: trouble, status: 503 };
  patience.places.failed(place);
  patience.names.failed(counted);
  const tried = book.find(body.name);
  const fits = await passwords.fits(body.password, tried?.password);
  // While that took its time the account may have been removed, or have got another password.
  const account = book.find(body.name);
  if (!fits || !account || account.password !== tried?.password)
    return { why: 'the name or the password is wrong', status: 401 };
  patience.places.succeeded(place);
  patience.names.succeeded(counted);
  familiar.came(name, place);
  if (caller.login !== undefined) logins.end(caller.login);
  keepLogin(logins.begin(account.name));
  return sessionOf(access, account);
}

async function claimIt(
  access: Access,
  { body, caller, keepLogin }: Asked<Claiming>,
): Promise<Session | Refused> {
  const { book, claim, passwords, patience, logins } = access;
  const { code, name = 'installer', password } = body;
  const taken: Refused = { why: 'this gateway has an owner already; log in', status: 409 };
  if (book.isClaimed()) return taken;
  const place = household(caller.address);
  const waitMs = Math.max(patience.places.waitMs(place), patience.claims.waitMs('all'));
  if (waitMs > 0) return wait(waitMs);
  const mistake = passwordMistake(password, [name, code]);
  if (mistake !== undefined) return { why: mistake, status: 400 };
  if (!claim.fits(code)) {
    patience.places.failed(place);
    patience.claims.failed('all');
    return {
      why: 'that is not the code; the newest one stands in the terminal and in the journal',
      status: 403,
    };
  }
  const account = { name, role: 'installer', password: await passwords.hash(password) } as const;
  const refused = await book.change((kept) =>
    kept.accounts.length > 0 ? taken : { ...kept, accounts: [account] },
  );
  if (refused) return refused;
  patience.places.succeeded(place);
  access.familiar.came(nameKey(name), place);
  access.say({ level: 'notice', text: `${name} has claimed this gateway from ${caller.address}` });
  keepLogin(logins.begin(name));
  return sessionOf(access, account);
}

async function ownPassword(access: Access, { body, caller }: Asked<NewPassword>): Promise<Refused | object> {
  const { book, passwords, patience, logins } = access;
  const account = caller.login === undefined ? undefined : book.find(caller.name ?? '');
  if (!account) return { why: 'only who is logged in with a password can change it', status: 403 };
  const waitMs = patience.names.waitMs(account.name.toLowerCase());
  if (waitMs > 0) return wait(waitMs);
  const mistake = passwordMistake(body.password, [account.name]);
  if (mistake !== undefined) return { why: mistake, status: 400 };
  patience.names.failed(account.name.toLowerCase());
  if (!(await passwords.fits(body.old, account.password)))
    return { why: 'the old password is wrong', status: 403 };
  patience.names.succeeded(account.name.toLowerCase());
  const next = await passwords.hash(body.password);
  const refused = await changeBy(access, caller, (kept) =>
    kept.accounts.some((a) => a.name === account.name && a.password === account.password)
      ? {
          ...kept,
          accounts: kept.accounts.map((a) => (a.name === account.name ? { ...a, password: next } : a)),
        }
      : { why: 'somebody else has set this password meanwhile; log in again' },
  );
  if (refused) return refused;
  logins.lookAnew(caller.login);
  return {};
}

const notKept =
  'you are logged out, but the disk of the gateway has not taken it yet: if the gateway starts anew before that, this login stands again; see that the disk has room';

async function logOut(access: Access, { caller, keepLogin }: Asked): Promise<Session> {
  const isKept = caller.login === undefined || (await access.logins.endForGood(caller.login));
  keepLogin(undefined);
  const session = sessionOf(access, access.isOpenView ? { role: 'viewer' } : {});
  return { ...session, ...(!isKept && { warning: notKept }) };
}

export const loginRoutes = (access: Access): readonly Route[] => [
  route({
    method: 'GET',
    path: '/session',
    role: 'anyone',
    summary: 'Who I am, and whether the gateway has been claimed.',
    answer: sessionSchema,
    handle: ({ caller }) => sessionOf(access, caller),
  }),
  route<Login>({
    method: 'POST',
    path: '/login',
    role: 'anyone',
    summary: 'Logs in; the answer sets the cookie.',
    body: exactly({ name: textUpTo(64), password: textUpTo(256, 0) }),
    answer: sessionSchema,
    handle: (asked) => logIn(access, asked).catch(busy),
  }),
  route({
    method: 'POST',
    path: '/logout',
    role: 'anyone',
    summary:
      'Ends the login; its streams end too. Answers once that is written down; `warning` says that it is not.',
    body: nothing,
    answer: sessionSchema,
    handle: (asked) => logOut(access, asked),
  }),
  route<Claiming>({
    method: 'POST',
    path: '/claim',
    role: 'anyone',
    summary: 'Makes the first account, an installer, for who knows the code in the terminal and the journal.',
    body: exactly({ code: textUpTo(16), password }, { name: accountName }),
    answer: sessionSchema,
    handle: (asked) => claimIt(access, asked).catch(busy),
  }),
  route<NewPassword>({
    method: 'POST',
    path: '/password',
    role: 'viewer',
    summary: 'Sets my own password; all my other logins end.',
    body: exactly({ old: textUpTo(256, 0), password }),
    answer: nothing,
    handle: (asked) => ownPassword(access, asked).catch(busy),
  }),
];
