// The office child: what is worth doing but must never delay an inverter. It keeps the log files and what outlives a boot,
// proves profiles that were written anew, and serves `/metrics`.
import type { Lifetime } from './bank/lifetime.ts';
import type { Message } from './child.ts';
import {
  type Offer,
  type ProfileWatch,
  type Refusal,
  type Watched,
  watchProfiles,
} from './config/profile-watch.ts';
import { serveParent } from './forked.ts';
import { type LifetimeFile, lifetimeFile } from './history/lifetime-file.ts';
import { LogFiles, type LogFilesOptions } from './history/log-files.ts';
import { packLine } from './history/pack-line.ts';
import { type LogLine, openLog } from './log.ts';
import type { BankState, PackState } from './model/bank-state.ts';
import { monotonicMs } from './model/freshness.ts';
import type { Health } from './model/wire-health.ts';
import { every, whileRunning } from './timers.ts';
import type { Listening } from './web/metrics-server.ts';

/** Without `files` no log files are written; without `lifetime` nothing outlives a boot; without `profiles` none is looked at. */
export interface OfficeOrders extends Message {
  readonly type: 'orders';
  /** The file of what outlives a boot. */
  readonly lifetime?: string;
  readonly files?: Omit<LogFilesOptions, 'report'>;
  /** Profiles of the inverters that are served. */
  readonly profiles?: readonly Watched[];
  /** Where `/metrics` is served; without it nowhere. */
  readonly metrics?: Listening;
}

/** What the wires process sends here. */
export type OfficeMessage =
  | OfficeOrders
  | ({ readonly type: 'state' } & BankState)
  | ({ readonly type: 'line' } & LogLine)
  | ({ readonly type: 'health' } & Health)
  | { readonly type: 'lifetime'; readonly lifetime: Lifetime }
  /** A profile that was offered has proven itself on the wire. */
  | { readonly type: 'stood'; readonly inverter: string; readonly textHash: string };

/** What the office sends to the wires process. */
export type OfficeReport = Offer | Refusal;

/** How often the profiles are looked at; one that was written is read when it lay still for one look. */
const LOOK_MS = 2000;

const log = openLog().child({ room: 'office' });
const written = new Map<string, number>();
let files: LogFiles | undefined;
let kept: LifetimeFile | undefined;
let profiles: ProfileWatch | undefined;
let metrics: ReturnType<typeof openMetrics> | undefined;
let state: BankState | undefined;
let health: Health | undefined;

/** `prom-client` is loaded at the first scrape, and HTTP where it is served: an office without Prometheus does not need their memory. */
async function metricsNow(): Promise<string> {
  const { metricsPage } = await import('./web/metrics-page.ts');
  return metricsPage({ bank: state, health, nowMs: monotonicMs() });
}

async function openMetrics(at: Listening) {
  const { serveMetrics } = await import('./web/metrics-server.ts');
  return serveMetrics(at, metricsNow, { after: whileRunning, say: ({ level, text }) => log[level](text) });
}

function takeOrders(orders: OfficeOrders): void {
  kept =
    orders.lifetime === undefined
      ? undefined
      : lifetimeFile(orders.lifetime, (sentence) => log.error(sentence));
  profiles = orders.profiles && watchProfiles(orders.profiles);
  void metrics?.then((server) => server.close());
  metrics = orders.metrics && openMetrics(orders.metrics);
  files = orders.files && new LogFiles({ ...orders.files, report: (sentence) => log.notice(sentence) });
}

/** Once per sample, however many evaluations it takes part in. */
function writePack({ id, sampleAtMs, reading }: PackState): void {
  if (sampleAtMs === undefined || !reading || sampleAtMs <= (written.get(id) ?? 0)) return;
  written.set(id, sampleAtMs);
  files?.append(`battery-${id}`, packLine(Date.now() - (monotonicMs() - sampleAtMs), reading));
}

function writeLine({ battery, text }: LogLine): void {
  files?.append('service', text);
  if (battery !== undefined) files?.append(`battery-${battery}`, text);
}

function takeState(told: BankState): void {
  state = told;
  told.packs.forEach(writePack);
}

function take(message: OfficeMessage): void {
  if (message.type === 'orders') takeOrders(message);
  else if (message.type === 'state') takeState(message);
  else if (message.type === 'line') writeLine(message);
  else if (message.type === 'health') health = message;
  else if (message.type === 'lifetime') kept?.keep(message.lifetime);
  else if (message.type === 'stood') profiles?.keep(message.inverter, message.textHash);
}

const tell = serveParent(
  // The parent is this program's own wires process, which sends nothing but these.
  (message) => take(message as OfficeMessage),
  async () => {
    await kept?.settled();
    await files?.settled();
  },
);

every(LOOK_MS, async () => {
  for (const report of (await profiles?.look(state?.signals ?? {})) ?? [])
    tell(report satisfies OfficeReport);
});
