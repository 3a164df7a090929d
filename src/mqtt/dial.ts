// Calls the broker: secrets are read anew for each call, so that a corrected one needs no restart.
import { openSession, type Session } from './client.ts';
import type { Dial, LinkEvents } from './link.ts';
import { guarded, openSocket } from './socket.ts';
import type { BrokerPlace } from './trouble.ts';

/** The text of a secret or a certificate, or what is wrong with it in a sentence. */
export type ReadSecret = () => { readonly text: string } | { readonly problem: string } | undefined;

export interface DialOptions {
  readonly place: BrokerPlace;
  readonly session: Omit<Session, 'username' | 'password'>;
  readonly password: ReadSecret;
  readonly ca: ReadSecret;
}

export const dialer =
  ({ place, session, password, ca }: DialOptions): Dial =>
  (events: LinkEvents) => {
    const [secret, authority] = [password(), ca()];
    for (const found of [secret, authority])
      if (found && 'problem' in found) {
        const soon = setImmediate(() => events.down({ kind: 'secret', message: found.problem }));
        return () => clearImmediate(soon);
      }
    const textOf = (found: typeof secret) => (found && 'text' in found ? found.text : undefined);
    let giveUp = openSocket(
      place,
      textOf(authority),
      (socket) => {
        const { username } = place;
        const credentials = { username, password: textOf(secret) };
        giveUp = openSession(guarded(socket, events.cut), { ...session, ...credentials }, events);
      },
      events.down,
    );
    return () => giveUp();
  };
