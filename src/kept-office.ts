// The office child as the wires process keeps it: what it is to do, and that it is there.
import { dirname, join, resolve } from 'node:path';
import { KeptChild } from './child.ts';
import { alertTargets } from './config/alert-targets.ts';
import type { Swaps } from './config/configuration.ts';
import type { GatewayConfig } from './config/gateway-file.ts';
import { hostAndPort, type InverterPlan } from './config/inverters.ts';
import { mqttOrders } from './config/mqtt-orders.ts';
import type { GatewayFile } from './config/schema.ts';
import { webOrders } from './config/web-orders.ts';
import { forkHead } from './forked.ts';
import type { EventsBefore } from './model/events.ts';
import { monotonicMs } from './model/freshness.ts';
import type { MqttWork } from './office/mqtt-part.ts';
import type { OfficeOrders, OfficeReport } from './office.ts';

export interface OfficeWork {
  readonly config: GatewayConfig;
  readonly plans: readonly InverterPlan[];
  readonly isDemo: boolean;
  readonly stateFolder?: string | undefined;
  readonly swaps?: Swaps | undefined;
  readonly box?: OfficeOrders['box'] | undefined;
  /** What a new office must know of events. */
  readonly events: () => EventsBefore;
}

function alertOrders(file: GatewayFile, stateFolder: string | undefined): OfficeOrders['alerts'] {
  const targets = alertTargets(file);
  if (targets.length === 0) return undefined;
  return { targets, ...(stateFolder !== undefined && { file: join(stateFolder, 'alerts.json') }) };
}

function mqttWork(file: GatewayFile, stateFolder: string | undefined): MqttWork | undefined {
  const orders = mqttOrders(file);
  return (
    orders && {
      ...orders,
      startedAtMs: monotonicMs(),
      ...(stateFolder !== undefined && { file: join(stateFolder, 'mqtt.json') }),
    }
  );
}

/** What the office is to do; undefined where there is nothing. */
function officeOrders(work: Omit<OfficeWork, 'events'>): OfficeOrders | undefined {
  const { config, plans, isDemo, stateFolder, swaps, box } = work;
  const { file } = config;
  const files = file.log.files;
  const { history, metrics } = file;
  const alerts = alertOrders(file, stateFolder);
  const mqtt = mqttWork(file, stateFolder);
  const web = webOrders(config, plans, isDemo);
  if (![files, stateFolder, swaps, metrics, history, alerts, mqtt, web].some(Boolean)) return undefined;
  return {
    type: 'orders',
    ...(stateFolder !== undefined && {
      lifetime: lifetimePath(stateFolder),
      lasting: lastingPath(stateFolder),
    }),
    ...(swaps && { profiles: swaps.watched }),
    ...(mqtt && { mqtt }),
    ...(metrics && { metrics: hostAndPort(metrics.listen) }),
    ...(history && {
      history: { path: history.path, keepMs: history.keep, minutesMs: history.minutes },
    }),
    ...(alerts && { alerts }),
    ...(box && { box }),
    ...(web && { web: { ...web, accounts: web.accounts ?? accountsPath(config.path, stateFolder) } }),
    ...(files && {
      files: { folder: files.folder, maxBytes: Math.round(files.max_MB * 1e6), keep: files.keep },
    }),
  };
}

/** Beside what outlives a boot, else beside the gateway file. */
const accountsPath = (gatewayFile: string, stateFolder: string | undefined): string =>
  join(stateFolder ?? resolve(dirname(gatewayFile)), 'accounts.json');

/** Where what outlives a boot is kept. */
export const lifetimePath = (stateFolder: string): string => join(stateFolder, 'bank.json');

/** Where what lasts is kept. */
export const lastingPath = (stateFolder: string): string => join(stateFolder, 'events.json');

/**
 * Nobody waits for the office: code that is not made fast takes a tenth less memory (docs/performance.md), and refuse that is
 * picked up early takes 18 MB less where MQTT is spoken. V8's preference for little memory takes 6 MB more off.
 */
const SMALL = ['--no-opt', '--no-maglev', '--max-semi-space-size=1', '--optimize-for-size'];

/** The office child, only where there is something for it to do. */
export function openOffice(
  work: OfficeWork,
  heard: (message: OfficeReport) => void,
  report: (sentence: string) => void,
): KeptChild | undefined {
  const orders = officeOrders(work);
  if (!orders) return undefined;
  const office = new KeptChild({
    name: 'office',
    start: forkHead('office', { execArgv: [...process.execArgv, ...SMALL] }),
    // The child is this program's own office, which sends nothing but these.
    heard: (message) => heard(message as OfficeReport),
    report,
  });
  office.order(() => ({ ...orders, events: work.events() }));
  office.start();
  return office;
}
