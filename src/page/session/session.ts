// Who reads this page, what they may do, and how the site is made.
import { computed, effect, signal } from '@preact/signals';
import { type Role, roles, type Session, type Site } from '../../model/api/site.ts';
import { ask, isRefused, type Refused, sessionEnded } from '../ask.ts';
import { connect, disconnect } from '../live/connection.ts';
import { address, go, isEntrance } from '../router.ts';

export const session = signal<Session | undefined>(undefined);
export const site = signal<Site | undefined>(undefined);
/** Why the session could not be asked. */
export const sessionTrouble = signal<string | undefined>(undefined);
/** The logout counts, but not for good yet. */
export const logoutWarning = signal<string | undefined>(undefined);
/** A session that was there has ended. */
export const wasLoggedOut = signal(false);

/** What the page must show first. */
export const gate = computed((): 'wait' | 'setup' | 'claim' | 'login' | 'open' => {
  const now = session.value;
  if (now === undefined) return 'wait';
  if (now.role === undefined) return now.is_claimed ? 'login' : 'claim';
  return now.is_setup ? 'setup' : 'open';
});

/** Whether the reader has at least this role. */
export const can = (role: Role): boolean => {
  const own = session.value?.role;
  return own !== undefined && roles.indexOf(own) >= roles.indexOf(role);
};

const PAUSE_MS = 2000;

/** Asks who we are; goes on asking while the gateway does not answer. */
export async function learnSession(): Promise<void> {
  const answer = await ask<Session>('/session');
  if (isRefused(answer)) {
    sessionTrouble.value = answer.why;
    setTimeout(learnSession, PAUSE_MS);
    return;
  }
  sessionTrouble.value = undefined;
  session.value = answer;
  if (gate.value === 'open') await begin();
}

async function begin(): Promise<void> {
  wasLoggedOut.value = false;
  if (isEntrance(address.peek().path)) go('/', 'replace');
  const answer = await ask<Site>('/site');
  if (isRefused(answer)) {
    if (answer.status !== 401) setTimeout(learnSession, PAUSE_MS);
    return;
  }
  site.value = answer;
  connect(mayGoOn);
}

/** Before the stream is tried again: it may have ended because the session did, or the gateway has another file now. */
async function mayGoOn(): Promise<boolean> {
  const answer = await ask<Session>('/session');
  if (isRefused(answer)) return true;
  const before = session.value;
  session.value = answer;
  if (gate.value !== 'open') {
    wasLoggedOut.value = before?.name !== undefined;
    disconnect();
    return false;
  }
  const made = await ask<Site>('/site');
  if (!isRefused(made)) site.value = made;
  return true;
}

const enter = async (path: string, post: object): Promise<Refused | undefined> => {
  const answer = await ask<unknown>(path, { post });
  if (isRefused(answer)) return answer;
  logoutWarning.value = undefined;
  await learnSession();
  return undefined;
};

export const logIn = (name: string, password: string): Promise<Refused | undefined> =>
  enter('/login', { name, password });

export const claim = (code: string, name: string, password: string): Promise<Refused | undefined> =>
  enter('/claim', { code, name, password });

/** Into the gateway that the setup has become; it knows who was logged in there. */
export const enterGateway = learnSession;

export async function logOut(): Promise<void> {
  const answer = await ask<Session>('/logout', { post: {} });
  logoutWarning.value = isRefused(answer) ? undefined : answer.warning;
  disconnect();
  await learnSession();
}

/** An answer of 401 anywhere sends the reader to the login. */
export function followSession(): void {
  let seen = sessionEnded.peek();
  effect(() => {
    if (sessionEnded.value === seen) return;
    seen = sessionEnded.value;
    if (session.peek()?.role !== undefined) void mayGoOn();
  });
}
