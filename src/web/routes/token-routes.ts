// Tokens of programs, for installers.
import type { NewToken, TokenLine } from '../../model/api/access.ts';
import type { Role } from '../../model/api/site.ts';
import type { Access } from '../access.ts';
import { sameName } from '../account-book.ts';
import { changeBy } from '../change-by.ts';
import { newSecret, secretHash } from '../passwords.ts';
import { type Asked, type Refused, type Route, route } from '../route.ts';
import { accountName, exactly, having, moment, nothing, role, rowOf, text } from '../schemas.ts';
import { MOST_NAMES, note } from './account-routes.ts';

const unknownToken: Refused = { why: 'there is no such token', status: 404 };

interface Named {
  readonly name: string;
}

async function makeToken(
  access: Access,
  { body, by, caller }: Asked<{ name: string; role: Role }>,
): Promise<Refused | NewToken> {
  const { name, role } = body;
  const secret = `bmsgate_${newSecret()}`;
  const token = { name, role, sha256: secretHash(secret), created_ms: Math.round(access.wallClock()) };
  const refused = await changeBy(access, caller, (kept) =>
    kept.tokens.some((other) => sameName(other.name, name))
      ? { why: `there is a token ${name} already` }
      : kept.tokens.length >= MOST_NAMES
        ? { why: `there are ${MOST_NAMES} tokens, and no room for more` }
        : { ...kept, tokens: [...kept.tokens, token] },
  );
  if (refused) return refused;
  note(access, by, `has made the token ${name} (${role})`);
  return { secret };
}

async function removeToken(
  access: Access,
  { params, by, caller }: Asked<unknown, unknown, Named>,
): Promise<Refused | object> {
  const refused = await changeBy(access, caller, (kept) => {
    const tokens = kept.tokens.filter(({ name }) => !sameName(name, params.name));
    return tokens.length < kept.tokens.length ? { ...kept, tokens } : unknownToken;
  });
  if (!refused) note(access, by, `has removed the token ${params.name}`);
  return refused ?? {};
}

const tokenLine = ({ name, role, created_ms, used_ms }: TokenLine): TokenLine => ({
  name,
  role,
  created_ms,
  ...(used_ms !== undefined && { used_ms }),
});

const change = { method: 'POST', role: 'installer' } as const;
const named = exactly({ name: accountName });

export const tokenRoutes = (access: Access): readonly Route[] => [
  route({
    method: 'GET',
    path: '/tokens',
    role: 'installer',
    summary: 'The tokens of programs, without their secrets.',
    answer: rowOf(having({ name: text, role, created_ms: moment }, { used_ms: moment })),
    handle: () => access.book.kept().tokens.map(tokenLine),
  }),
  route<{ name: string; role: Role }>({
    ...change,
    path: '/tokens',
    summary: 'Makes a token for a program; its secret is told this once.',
    body: exactly({ name: accountName, role }),
    answer: exactly({ secret: text }),
    handle: (asked) => makeToken(access, asked),
  }),
  route<unknown, unknown, Named>({
    ...change,
    path: '/tokens/:name/remove',
    summary: 'Removes a token; it counts no more from then on.',
    params: named,
    body: nothing,
    answer: nothing,
    handle: (asked) => removeToken(access, asked),
  }),
];
