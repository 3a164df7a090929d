// The office child: what is worth doing but must never delay an inverter. It keeps the log files and what outlives a boot,
// proves profiles that were written anew, and serves `/metrics`. Each of these is a part that knows nothing of the others.
import { randomBytes } from 'node:crypto';
import type { Lifetime } from './bank/lifetime.ts';
import type { BoxOrders } from './blackbox/head.ts';
import type { TapePiece } from './blackbox/tape.ts';
import type { Message } from './child.ts';
import {
  type Offer,
  type ProfileWatch,
  type Refusal,
  type Watched,
  watchProfiles,
} from './config/profile-watch.ts';
import { keptBy, officeRun } from './events/kept.ts';
import { newLedger } from './events/ledger.ts';
import { eventLine } from './events/line.ts';
import { serveParent } from './forked.ts';
import { readLasting } from './history/lasting-file.ts';
import { type LifetimeFile, lifetimeFile } from './history/lifetime-file.ts';
import type { LogFilesOptions } from './history/log-files.ts';
import { type LogLine, openLog } from './log.ts';
import type { BankState } from './model/bank-state.ts';
import type { BankEvent, EventsBefore } from './model/events.ts';
import { monotonicMs } from './model/freshness.ts';
import type { Health } from './model/wire-health.ts';
import { type AlertOrders, alertsPart } from './office/alerts-part.ts';
import { blackboxPart } from './office/blackbox-part.ts';
import { watchClock } from './office/clock-watch.ts';
import type { OfficeGround } from './office/ground.ts';
import { type HistoryOrders, historyPart } from './office/history-part.ts';
import { lastingPart } from './office/lasting-part.ts';
import { logPart } from './office/log-part.ts';
import { metricsPart } from './office/metrics-part.ts';
import { type MqttWork, mqttPart } from './office/mqtt-part.ts';
import type { OfficePart } from './office/part.ts';
import { type WebWork, webPart } from './office/web-part.ts';
import { every } from './timers.ts';
import type { Listening } from './web/metrics-server.ts';
import { bootId } from './wires/boot-id.ts';
import type { OfficeAsk, WishNews } from './wires/office-asks.ts';

/** Without `files` no log files are written; without `lifetime` nothing outlives a boot; without `profiles` none is looked at. */
export interface OfficeOrders extends Message {
  readonly type: 'orders';
  readonly events?: EventsBefore;
  /** The file of what outlives a boot. */
  readonly lifetime?: string;
  /** The file of what lasts; without it a start tells that anew. */
  readonly lasting?: string;
  readonly files?: Omit<LogFilesOptions, 'report'>;
  /** Profiles of the inverters that are served. */
  readonly profiles?: readonly Watched[];
  /** Where `/metrics` is served; without it nowhere. */
  readonly metrics?: Listening;
  /** Where the history is kept; without it nowhere. */
  readonly history?: HistoryOrders;
  /** Who is told of events. */
  readonly alerts?: AlertOrders;
  /** Where a black box is kept, and of whom. */
  readonly box?: BoxOrders;
  /** The broker that Home Assistant listens to; without it nobody is called. */
  readonly mqtt?: MqttWork;
  /** The page and its API; without it nowhere. */
  readonly web?: WebWork;
}

/** What the wires process sends here. */
export type OfficeMessage =
  | OfficeOrders
  | ({ readonly type: 'state' } & BankState)
  | ({ readonly type: 'line' } & LogLine)
  | ({ readonly type: 'health' } & Health)
  | { readonly type: 'event'; readonly event: BankEvent }
  | TapePiece
  | WishNews
  | { readonly type: 'lifetime'; readonly lifetime: Lifetime }
  /** A profile that was offered has proven itself on the wire. */
  | { readonly type: 'stood'; readonly inverter: string; readonly textHash: string };

/** What the office sends to the wires process. */
export type OfficeReport = Offer | Refusal | OfficeAsk;

/** How often the profiles and the clock are looked at; one that was written is read when it lay still for one look. */
const LOOK_MS = 2000;

const root = openLog({ tap: (line) => handOut({ type: 'line', ...line }) });
const log = openLog({
  tap: (line) => {
    for (const part of parts) part.ownLine?.(line);
  },
}).child({ room: 'office' });
const eventLog = root.child({ room: 'office' });
let parts: readonly OfficePart[] = [];
let kept: LifetimeFile | undefined;
let profiles: ProfileWatch | undefined;
let state: BankState | undefined;

/** News of the office itself, once all parts are made and none of them is at work. */
function announce(event: BankEvent, gotWorse: boolean): void {
  const { level, text, fields } = eventLine(event);
  if (!gotWorse) eventLog[level](fields, text);
  queueMicrotask(() => handOut({ type: 'event', event }));
}

const ground: OfficeGround = {
  log,
  clock: monotonicMs,
  ledger: newLedger(officeRun(randomBytes(4).toString('hex')), announce),
  bank: () => state,
  ask: (ask) => tell(ask satisfies OfficeReport),
};
const lookAtClock = watchClock(ground);

const partsOf = ({
  files,
  lasting,
  history,
  metrics,
  alerts,
  box,
  mqtt,
  web,
}: OfficeOrders): OfficePart[] => [
  ...(lasting === undefined ? [] : [lastingPart(lasting, ground)]),
  ...(files ? [logPart({ ...files, report: (sentence) => log.notice(sentence) })] : []),
  ...(history ? [historyPart(history, ground)] : []),
  ...(metrics ? [metricsPart(metrics, log)] : []),
  ...(alerts ? [alertsPart(alerts, ground)] : []),
  ...(box ? [blackboxPart(box, ground)] : []),
  ...(mqtt ? [mqttPart(mqtt, ground)] : []),
  ...(web ? [webPart(web, ground)] : []),
];

const endParts = () => Promise.all(parts.map(async ({ end }) => end?.()));

/** What the wires say, and what an office before this one looked after itself. */
function eventsBefore({ lasting, events = { open: [], recent: [] } }: OfficeOrders): EventsBefore {
  const kept = readLasting(lasting, bootId());
  const own = kept && keptBy('office', kept);
  if (own) ground.ledger.carry(own, monotonicMs());
  return { ...events, open: [...events.open, ...(own?.events ?? [])] };
}

function takeOrders(orders: OfficeOrders): void {
  kept =
    orders.lifetime === undefined
      ? undefined
      : lifetimeFile(orders.lifetime, (sentence) => log.error(sentence));
  profiles = orders.profiles && watchProfiles(orders.profiles);
  void endParts();
  const { open, recent } = eventsBefore(orders);
  parts = partsOf(orders);
  for (const part of parts) part.open?.(open);
  if (open.length)
    log.notice({ events: open.map(({ kind }) => kind).join() }, 'the office goes on with what lasts');
  for (const event of recent) handOut({ type: 'event', event });
  lookAtClock();
}

/** What only parts take. */
function handOut(message: Exclude<OfficeMessage, { type: 'orders' | 'lifetime' | 'stood' }>): void {
  for (const part of parts)
    if (message.type === 'state') part.state?.(message);
    else if (message.type === 'line') part.line?.(message);
    else if (message.type === 'health') part.health?.(message);
    else if (message.type === 'tape') part.tape?.(message);
    else if (message.type === 'wished') part.wished?.(message);
    else part.event?.(message.event);
}

function take(message: OfficeMessage): void {
  if (message.type === 'state') state = message;
  if (message.type === 'orders') takeOrders(message);
  else if (message.type === 'lifetime') kept?.keep(message.lifetime);
  else if (message.type === 'stood') profiles?.keep(message.inverter, message.textHash);
  else handOut(message);
}

const tell = serveParent(
  // The parent is this program's own wires process, which sends nothing but these.
  (message) => take(message as OfficeMessage),
  async () => {
    await kept?.settled();
    await endParts();
  },
);

every(LOOK_MS, async () => {
  lookAtClock();
  ground.ledger.look(monotonicMs());
  for (const report of (await profiles?.look(state?.signals ?? {})) ?? []) {
    if (report.type === 'offer') for (const part of parts) part.offered?.(report.inverter, report.textHash);
    tell(report satisfies OfficeReport);
  }
});
