// The page and its API. What serves HTTP is loaded where it is served.
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WebOrders } from '../config/web-orders.ts';
import type { BankState } from '../model/bank-state.ts';
import type { Health } from '../model/wire-health.ts';
import { after } from '../timers.ts';
import type { Gateway, WebGround } from '../web/ground.ts';
import type { TlsOrders } from '../web/tls.ts';
import { accountFile } from './account-file.ts';
import type { OfficeGround } from './ground.ts';
import { liveDocument } from './live-document.ts';
import type { OfficePart } from './part.ts';

export interface WebWork extends WebOrders {
  readonly accounts: string;
}

/** From `src/office` and `dist/office` alike. */
const pageFolder = (): string => fileURLToPath(new URL('../../dist/page', import.meta.url));

function tlsOrders({ tls, accounts }: WebWork): TlsOrders | undefined {
  return tls === 'own' ? { own: dirname(accounts) } : tls;
}

const VERSION = '0.1.0';

async function serve(work: WebWork, gateway: Gateway, ground: Omit<WebGround, 'gateway'>) {
  const [{ serveWeb }, { gatewayRoutes }] = await Promise.all([
    import('../web/server.ts'),
    import('../web/routes/gateway-routes.ts'),
  ]);
  const { clock, wallClock } = ground;
  const times = () => ({ now_ms: clock(), wall_ms: wallClock() });
  return serveWeb(
    {
      at: work.listen,
      hosts: work.hosts,
      tls: tlsOrders(work),
      page: pageFolder(),
      version: VERSION,
      store: work.site.is_demo ? undefined : accountFile(work.accounts),
      isOpenView: work.isOpenView,
      ...gatewayRoutes(gateway, times),
    },
    ground,
  );
}

const later = { why: 'that is not known yet' };

export function webPart(work: WebWork, { clock, log }: OfficeGround): OfficePart {
  let bank: BankState | undefined;
  let health: Health | undefined;
  const gateway: Gateway = {
    site: () => ({ ...work.site, version: VERSION, gateway: hostname() }),
    live: () => liveDocument(bank, health),
    course: async () => later,
    events: async () => [],
    acknowledge: async () => later,
    explain: async () => later,
    trial: async () => later,
    foretell: () => later.why,
    wish: async () => later,
    watchTalk: () => () => {},
    watchLog: () => () => {},
  };
  const opened = serve(work, gateway, {
    clock,
    wallClock: Date.now,
    after,
    say: ({ level, text }) => log[level](text),
  });
  opened.catch((error) => log.error(`the page cannot be served: ${String(error)}`));
  return {
    state(told) {
      bank = told;
    },
    health(told) {
      health = told;
    },
    end: async () => (await opened).close(),
  };
}
