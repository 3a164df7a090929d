// The page and its API. What serves HTTP is loaded where it is served.
import { fileURLToPath } from 'node:url';
import type { WebOrders } from '../config/web-orders.ts';
import type { BankState } from '../model/bank-state.ts';
import type { Health } from '../model/wire-health.ts';
import { every } from '../timers.ts';
import type { OfficeGround } from './ground.ts';
import { liveDocument } from './live-document.ts';
import type { OfficePart } from './part.ts';

export interface WebWork extends WebOrders {
  readonly accounts: string;
}

/** From `src/office` and `dist/office` alike. */
const pageFolder = (): string => fileURLToPath(new URL('../../dist/page', import.meta.url));

export function webPart(work: WebWork, { clock, log }: OfficeGround): OfficePart {
  let bank: BankState | undefined;
  let health: Health | undefined;
  const opened = (async () => {
    const [{ serveWeb }, { liveStream }] = await Promise.all([
      import('../web/server.ts'),
      import('../web/live-stream.ts'),
    ]);
    const stream = liveStream(
      () => liveDocument(bank, health),
      () => ({ now_ms: clock(), wall_ms: Date.now() }),
    );
    const endPulse = every(1000, stream.tell);
    const close = await serveWeb({
      at: work.listen,
      page: pageFolder(),
      routes: [
        {
          method: 'GET',
          path: '/site',
          role: 'viewer',
          summary: 'How the site is made.',
          handle: () => ({ ...work.site, version: '', gateway: '' }),
        },
        {
          method: 'GET',
          path: '/session',
          role: 'anyone',
          summary: 'Who I am.',
          handle: () => ({ is_claimed: true, role: 'installer', name: 'demo', is_setup: false }),
        },
      ],
      stream: stream.join,
    });
    return async () => {
      endPulse();
      await close();
    };
  })();
  opened.catch((error) => log.error(`the page cannot be served: ${String(error)}`));
  return {
    state(told) {
      bank = told;
    },
    health(told) {
      health = told;
    },
    end: async () => (await opened)(),
  };
}
