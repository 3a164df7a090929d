// Accounts, for installers.
import type { Role } from '../../model/api/site.ts';
import type { Access } from '../access.ts';
import { type Kept, sameName } from '../account-book.ts';
import { changeBy } from '../change-by.ts';
import { passwordMistake } from '../passwords.ts';
import { type Asked, type Refused, type Route, route } from '../route.ts';
import { accountName, exactly, nothing, password, role, rowOf, text } from '../schemas.ts';
import { busy } from './login-routes.ts';

interface Named {
  readonly name: string;
}
interface NewAccount extends Named {
  readonly role: Role;
  readonly password: string;
}

const unknownAccount: Refused = { why: 'there is no such account', status: 404 };
/** A household has a few; a list without end would make each login slow. */
export const MOST_NAMES = 50;

const lastInstaller: Refused = { why: 'this is the last installer; make another one first' };

const hasInstaller = ({ accounts }: Kept): boolean => accounts.some(({ role }) => role === 'installer');

/** Who does what to whom is in the journal. */
export function note(access: Access, by: string | undefined, what: string): void {
  access.say({ level: 'notice', text: `${by ?? 'somebody'} ${what}` });
}

async function add(access: Access, { body, by, caller }: Asked<NewAccount>): Promise<Refused | object> {
  const mistake = passwordMistake(body.password, [body.name]);
  if (mistake !== undefined) return { why: mistake, status: 400 };
  const { name, role } = body;
  const account = { name, role, password: await access.passwords.hash(body.password) };
  const refused = await changeBy(access, caller, (kept) =>
    kept.accounts.some((other) => sameName(other.name, name))
      ? { why: `there is an account ${name} already` }
      : kept.accounts.length >= MOST_NAMES
        ? { why: `there are ${MOST_NAMES} accounts, and no room for more` }
        : { ...kept, accounts: [...kept.accounts, account] },
  );
  if (!refused) note(access, by, `has made the account ${name} (${role})`);
  return refused ?? {};
}

async function setPassword(
  access: Access,
  { body, params, by, caller }: Asked<{ password: string }, unknown, Named>,
): Promise<Refused | object> {
  const account = access.book.find(params.name);
  if (!account) return unknownAccount;
  const mistake = passwordMistake(body.password, [account.name]);
  if (mistake !== undefined) return { why: mistake, status: 400 };
  const password = await access.passwords.hash(body.password);
  const refused = await changeBy(access, caller, (kept) =>
    kept.accounts.some(({ name }) => name === account.name)
      ? { ...kept, accounts: kept.accounts.map((a) => (a.name === account.name ? { ...a, password } : a)) }
      : unknownAccount,
  );
  if (refused) return refused;
  access.logins.lookAnew(caller.login);
  note(access, by, `has set the password of ${account.name}`);
  return {};
}

async function setRole(
  access: Access,
  { body, params, by, caller }: Asked<{ role: Role }, unknown, Named>,
): Promise<Refused | object> {
  const refused = await changeBy(access, caller, (kept) => {
    if (!kept.accounts.some(({ name }) => sameName(name, params.name))) return unknownAccount;
    const accounts = kept.accounts.map((a) =>
      sameName(a.name, params.name) ? { ...a, role: body.role } : a,
    );
    return hasInstaller({ ...kept, accounts }) ? { ...kept, accounts } : lastInstaller;
  });
  if (!refused) note(access, by, `has made ${params.name} ${body.role}`);
  return refused ?? {};
}

async function removeAccount(
  access: Access,
  { params, by, caller }: Asked<unknown, unknown, Named>,
): Promise<Refused | object> {
  const account = access.book.find(params.name);
  if (!account) return unknownAccount;
  const refused = await changeBy(access, caller, (kept) => {
    const accounts = kept.accounts.filter(({ name }) => name !== account.name);
    return hasInstaller({ ...kept, accounts }) ? { ...kept, accounts } : lastInstaller;
  });
  if (refused) return refused;
  access.logins.lookAnew();
  note(access, by, `has removed the account ${account.name}`);
  return {};
}

const account = { method: 'POST', role: 'installer', answer: nothing } as const;
const named = exactly({ name: accountName });

export const accountRoutes = (access: Access): readonly Route[] => [
  route({
    method: 'GET',
    path: '/accounts',
    role: 'installer',
    summary: 'Who has an account.',
    answer: rowOf(exactly({ name: text, role })),
    handle: () => access.book.kept().accounts.map(({ name, role }) => ({ name, role })),
  }),
  route<NewAccount>({
    ...account,
    path: '/accounts',
    summary: 'Makes an account.',
    body: exactly({ name: accountName, role, password }),
    handle: (asked) => add(access, asked).catch(busy),
  }),
  route<{ password: string }, unknown, Named>({
    ...account,
    path: '/accounts/:name/password',
    summary: 'Sets the password of an account; its logins end.',
    params: named,
    body: exactly({ password }),
    handle: (asked) => setPassword(access, asked).catch(busy),
  }),
  route<{ role: Role }, unknown, Named>({
    ...account,
    path: '/accounts/:name/role',
    summary: 'Changes what an account may do.',
    params: named,
    body: exactly({ role }),
    handle: (asked) => setRole(access, asked),
  }),
  route<unknown, unknown, Named>({
    ...account,
    path: '/accounts/:name/remove',
    summary: 'Removes an account, but for the last installer.',
    params: named,
    body: nothing,
    handle: (asked) => removeAccount(access, asked),
  }),
];
