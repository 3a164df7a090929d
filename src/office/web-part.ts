// The page and its API. What serves HTTP is loaded where it is served.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WebOrders } from '../config/web-orders.ts';
import { sentence } from '../model/errors.ts';
import { after, every } from '../timers.ts';
import type { Gateway, WebGround } from '../web/ground.ts';
import type { TlsOrders } from '../web/tls.ts';
import { accountFile } from './account-file.ts';
import type { OfficeGround } from './ground.ts';
import { loginFile, loginsBeside } from './login-file.ts';
import type { OfficePart } from './part.ts';
import { shownGateway } from './shown-gateway.ts';
import { version } from './version.ts';

export interface WebWork extends WebOrders {
  readonly accounts: string;
}

/** From `src/office` and `dist/office` alike. */
const pageFolder = (): string => fileURLToPath(new URL('../../dist/page', import.meta.url));

function tlsOrders({ tls, accounts }: WebWork): TlsOrders | undefined {
  return tls === 'own' ? { own: dirname(accounts) } : tls;
}

/** A demonstration keeps nothing. */
function stores({ accounts, site }: WebWork, say: WebGround['say']) {
  if (site.is_demo) return { store: undefined };
  const tell = (text: string) => say({ level: 'error', text });
  return {
    store: accountFile(accounts),
    loginStore: loginFile(loginsBeside(accounts), tell),
  };
}

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
      version: version(),
      ...stores(work, ground.say),
      isOpenView: work.isOpenView,
      ...gatewayRoutes(gateway, times),
    },
    ground,
  );
}

export function webPart(work: WebWork, ground: OfficeGround): OfficePart {
  const { clock, log } = ground;
  const { gateway, hear, tell } = shownGateway(work, version(), ground);
  const endTelling = every(1000, tell);
  const opened = serve(work, gateway, {
    clock,
    wallClock: Date.now,
    after,
    say: ({ level, text }) => log[level](text),
  });
  opened.catch((error) => log.error(`the page cannot be served: ${sentence(error)}`));
  return {
    ...hear,
    async end() {
      endTelling();
      // One that could not be opened has said so.
      await opened.then(
        ({ close }) => close(),
        () => {},
      );
    },
  };
}
