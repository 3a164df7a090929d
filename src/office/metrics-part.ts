// The numbers of the wires and the bank, for Prometheus.
import type { Log } from '../log.ts';
import type { BankState } from '../model/bank-state.ts';
import { monotonicMs } from '../model/freshness.ts';
import type { Health } from '../model/wire-health.ts';
import { whileRunning } from '../timers.ts';
import type { Listening } from '../web/metrics-server.ts';
import type { OfficePart } from './part.ts';

/** `prom-client` is loaded at the first scrape, and HTTP where it is served: an office without Prometheus does not need their memory. */
export function metricsPart(at: Listening, log: Log): OfficePart {
  let bank: BankState | undefined;
  let health: Health | undefined;
  const page = async (): Promise<string> => {
    const { metricsPage } = await import('../web/metrics-page.ts');
    return metricsPage({ bank, health, nowMs: monotonicMs() });
  };
  const server = import('../web/metrics-server.ts').then(({ serveMetrics }) =>
    serveMetrics(at, page, { after: whileRunning, say: ({ level, text }) => log[level](text) }),
  );
  return {
    state(told) {
      bank = told;
    },
    health(told) {
      health = told;
    },
    end: async () => (await server).close(),
  };
}
