// The page and its API. What serves HTTP is loaded where it is served.
import { fileURLToPath } from 'node:url';
import type { WebOrders } from '../config/web-orders.ts';
import { sentence } from '../model/errors.ts';
import { every } from '../timers.ts';
import type { OfficeGround } from './ground.ts';
import type { OfficePart } from './part.ts';
import { shownGateway } from './shown-gateway.ts';
import { version } from './version.ts';

export interface WebWork extends WebOrders {
  readonly accounts: string;
}

/** From `src/office` and `dist/office` alike. */
const pageFolder = (): string => fileURLToPath(new URL('../../dist/page', import.meta.url));

export function webPart(work: WebWork, ground: OfficeGround): OfficePart {
  const { clock, log } = ground;
  const { gateway, hear, tell } = shownGateway(work, version(), ground);
  const opened = (async () => {
    const [{ serveWeb }, { liveStream }] = await Promise.all([
      import('../web/server.ts'),
      import('../web/live-stream.ts'),
    ]);
    const stream = liveStream(gateway.live, () => ({ now_ms: clock(), wall_ms: Date.now() }));
    const endPulse = every(1000, () => {
      stream.tell();
      tell();
    });
    const close = await serveWeb({
      at: work.listen,
      page: pageFolder(),
      routes: [
        {
          method: 'GET',
          path: '/site',
          role: 'viewer',
          summary: 'How the site is made.',
          handle: gateway.site,
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
  opened.catch((error) => log.error(`the page cannot be served: ${sentence(error)}`));
  return { ...hear, end: async () => (await opened)() };
}
