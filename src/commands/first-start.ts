// The first start as its command sees it: a child that makes the gateway file with whoever claims it, and ends. Nothing that it
// loads stays in the process that then serves inverters.
import { dirname, join, resolve } from 'node:path';
import type { Message } from '../child.ts';
import { forkHead } from '../forked.ts';
import { GatewayError } from '../model/errors.ts';
import type { Listening } from '../web/metrics-server.ts';
import { holdFile, type Release } from '../wires/hold.ts';
import { thisMachine } from './doctor/look.ts';

export interface SetupOrders extends Message {
  readonly type: 'orders';
  readonly path: string;
  readonly at: Listening;
  readonly accounts: string;
  readonly historyPath: string;
}

/** `done`: the file is written. Otherwise why there is none. */
export type SetupReport = { readonly type: 'done' } | { readonly type: 'failed'; readonly why: string };

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

const BUSY = /^(active|activating|reloading|deactivating)$/;

/** Beside a gateway there is no setup: one radio, and one truth on the wires. */
async function holdForSetup(path: string): Promise<Release> {
  const told = thisMachine.run('systemctl', 'is-active', 'bmsgate')?.out.trim() ?? '';
  if (BUSY.test(told))
    throw refuse(
      'the service bmsgate runs, and has the radio and the wires; stop it with `sudo systemctl stop bmsgate`, then start the setup again',
    );
  return holdFile(path);
}

/** The same accounts as the gateway's, so that whoever claims it here is known there. */
function ordersOf(path: string, at: Listening): SetupOrders {
  const state = process.env.STATE_DIRECTORY ?? resolve(dirname(path));
  return {
    type: 'orders',
    path,
    at,
    accounts: join(state, 'accounts.json'),
    historyPath: join(state, 'history.db'),
  };
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when the file is written and the child has let go of radio and port. Rejects with the sentence that says why there is none. */
async function whatCame(orders: SetupOrders): Promise<void> {
  const { promise, resolve: written, reject } = Promise.withResolvers<void>();
  let report: SetupReport | undefined;
  const child = forkHead('firststart')(
    (message) => {
      // The child is this program's own first start, which sends nothing but these.
      report ??= message as SetupReport;
      child.send({ type: 'stop' }, () => {});
    },
    (why) => {
      if (report?.type === 'done') written();
      else reject(refuse(report?.why ?? `the setup ended (${why}); nothing was written`));
    },
  );
  const stop = () => {
    report ??= { type: 'failed', why: 'the setup was stopped; nothing was written' };
    child.send({ type: 'stop' }, () => {});
  };
  for (const signal of endings) process.on(signal, stop);
  child.send(orders, () => {});
  await promise.finally(() => {
    for (const signal of endings) process.off(signal, stop);
  });
}

/** Makes a gateway file with whoever has the code. Throws REFUSED when there is none in the end. */
export async function firstStart(path: string, at: Listening): Promise<void> {
  const release = await holdForSetup(path);
  try {
    await whatCame(ordersOf(path, at));
  } finally {
    release();
  }
}
