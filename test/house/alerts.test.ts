// The whole gateway tells a real server of what happens to it, also when that server was away at first.
import { describe, expect, test } from 'vitest';
import { httpServer } from '../alerts/servers.ts';
import { eventually } from '../eventually.ts';
import { site } from './site.ts';

describe('a gateway with alerts', { timeout: 300_000 }, () => {
  test('tells of its start and of its stop, once each', async (context) => {
    let away = true;
    const { heard, url } = await httpServer((_, response) => response.writeHead(away ? 503 : 200).end());
    const here = await site(context, {
      more: `alerts: [{ id: desk, webhook: "${url}/x", kinds: [gateway_started, gateway_stopped], site: barn }]`,
    });
    await here.isFresh();
    await eventually(() => expect(heard.length).toBeGreaterThan(2));
    await here
      .gateway()
      .hears(
        /alerts to `desk` are not delivered: 127\.0\.0\.1:\d+ answers 503 \(Service Unavailable\)/,
        30_000,
      );
    away = false;
    heard.length = 0;
    await here.gateway().hears(/over: alerts to `desk` are not delivered/, 60_000);
    here.gateway().signal('SIGTERM');
    await here.gateway().exited;
    expect(
      heard.map(({ body }) => JSON.parse(body)).map(({ kind, site: name }) => `${kind} ${name}`),
    ).toEqual(['gateway_started barn', 'gateway_stopped barn']);
    expect(here.gateway().said(/secret|\/x\b/)).toEqual([]);
  });
});
