// The wires process: builds everything, starts in order, stops in reverse.
import type { Evaluation } from './bank/memory.ts';
import type { ListenOrder } from './ble/orders.ts';
import type { CanLine } from './can/port.ts';
import type { Start } from './child.ts';
import type { Found, Swaps } from './config/configuration.ts';
import type { GatewayConfig } from './config/gateway-file.ts';
import type { InverterPlan } from './config/inverters.ts';
import { keptBy } from './events/kept.ts';
import { watchBank } from './events/watch-bank.ts';
import { readLasting } from './history/lasting-file.ts';
import { readLifetime } from './history/lifetime-file.ts';
import { lastingPath, lifetimePath, openOffice } from './kept-office.ts';
import { type Log, type LogLevel, openLog } from './log.ts';
import type { BankEvent, EventKind } from './model/events.ts';
import { monotonicMs } from './model/freshness.ts';
import type { OfficeMessage, OfficeReport } from './office.ts';
import { openSystemd } from './systemd.ts';
import { after, whileRunning } from './timers.ts';
import { apart } from './wires/apart.ts';
import { bootId } from './wires/boot-id.ts';
import { boxOrders } from './wires/box-orders.ts';
import { calmly } from './wires/calm.ts';
import { type Control, control } from './wires/control.ts';
import { doorFor } from './wires/control-door.ts';
import { openDiary } from './wires/diary.ts';
import { type Evaluating, startEvaluation } from './wires/evaluation.ts';
import { type HealthWatch, watchHealth } from './wires/health.ts';
import { keepEar } from './wires/kept-ear.ts';
import { keptTape } from './wires/kept-tape.ts';
import { openLast } from './wires/last.ts';
import { handOnLifetime } from './wires/lifetime.ts';
import { limitsOf } from './wires/limits-order.ts';
import { type PageWishes, pageWishes } from './wires/page-wishes.ts';
import { putDownRemarks } from './wires/remarks.ts';
import type { Said } from './wires/said.ts';
import { type Served, serve } from './wires/served.ts';
import { isSeenSoon, isUrgent } from './wires/urgent.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly plans: readonly InverterPlan[];
  /** Inverters whose profile could not be loaded before and can be now; asked every 10 s. */
  readonly missing: () => Promise<Found>;
  /** How profiles are exchanged when their files change; without it they stay as they were read. */
  readonly swaps?: Swaps;
  /** What an installer must read at the start, one sentence each. */
  readonly remarks: readonly string[];
  readonly listen: ListenOrder;
  readonly startEar: Start;
  readonly level: LogLevel;
  readonly canLine: (name: string, plans: readonly InverterPlan[]) => CanLine;
  /** Where `last.json` lies; without it a restart begins anew. */
  readonly runFolder?: string;
  /** Where what outlives a boot is kept; without it a boot begins anew. */
  readonly stateFolder?: string | undefined;
  /** The bank is a simulation: its page says so. */
  readonly isDemo?: boolean;
  /** Sees every evaluation, for the status line. */
  readonly onState?: (state: Evaluation) => void;
}

export interface Gateway {
  readonly log: Log;
  readonly evaluation: Evaluating;
  readonly stop: () => Promise<void>;
}

/** Starts the gateway of one configuration. Nothing that is missing (battery, adapter, wire) keeps it from starting. */
export function startGateway(options: GatewayOptions): Gateway {
  const { config, listen, plans } = options;
  const clock = monotonicMs;
  const root = openLog({ level: options.level, tap: (line) => office?.send({ type: 'line', ...line }) });
  const log = root.child({ room: 'gateway' });
  const sayOfEar = calmly(clock, ({ level, text, fields }: Said) =>
    root.child({ room: 'ble' })[level](fields, text),
  );
  const { file } = config;
  const { stateFolder, swaps } = options;
  const tellOffice = (message: OfficeMessage): boolean => office?.send(message) ?? true;
  const before = stateFolder === undefined ? undefined : readLasting(lastingPath(stateFolder), bootId());
  const sendEvent = (event: BankEvent) => tellOffice({ type: 'event', event });
  const diary = openDiary(clock, root, sendEvent, before && keptBy('wires', before));
  const { ledger } = diary;
  const putDown = (kind: EventKind, text: string) => ledger.moment({ kind, text }, clock());
  const childTrouble = (text: string) => putDown('child_replaced', text);
  let page: PageWishes | undefined;
  let health: HealthWatch | undefined;
  const box = boxOrders(config, plans, stateFolder);
  const office = openOffice(
    {
      config,
      plans,
      isDemo: options.isDemo ?? false,
      stateFolder,
      swaps,
      box,
      events: () => {
        page?.forget();
        return diary.atBegin();
      },
    },
    hearOffice,
    childTrouble,
  );
  /** Of the office that strangers can talk to only what has the right shape is heard. */
  function hearOffice(news: OfficeReport): void {
    if (news.type === 'offer' || news.type === 'refusal') served?.hearProfile(news);
    else page?.hear(news);
  }
  const counted = { batteries: file.batteries.length, inverters: plans.length };
  ledger.moment({ kind: 'gateway_started', text: 'gateway starts', details: counted }, clock());
  putDownRemarks(options.remarks, { ledger, clock });

  const say = (sentence: string) => log.error(sentence);
  const { stored, leave } = openLast(options.runFolder, config, say, clock());
  if (stored) log.notice({ freshness: stored.freshness }, 'going on from the state before the restart');
  const handOn = handOnLifetime((lifetime) => tellOffice({ type: 'lifetime', lifetime }));
  const lookAtBank = apart('events', say)(watchBank(ledger));
  const send = tellOffice;
  const kept = {
    isKept: box !== undefined,
    isShown: file.web !== undefined,
    evaluation: () => evaluation,
    served: () => served,
  };
  const { tape, surrounded, evaluated, watch } = keptTape({ ...kept, clock, say, after: whileRunning, send });

  function publish(state: Evaluation, before: Evaluation | undefined): void {
    evaluated(state);
    leave(state);
    handOn(state);
    tellOffice({ type: 'state', ...withoutMemory(state) });
    lookAtBank(state);
    if (listen.radios[0].form === 'simulated') ear.tell(limitsOf(state));
    options.onState?.(state);
    ear.look();
    served?.judge(state.evaluatedAtMs);
    byHand.look();
    diary.look();
    if (isUrgent(before, state)) served?.urgent();
    if (before?.freshness !== state.freshness) systemd.status(`bank ${state.freshness}`);
    if (isSeenSoon(before, state)) health?.soon();
  }

  const systemd = openSystemd({ report: (sentence) => log.warn(sentence) });
  const ear = keepEar({
    start: options.startEar,
    listen,
    clock,
    evaluation: () => evaluation,
    ledger,
    say: sayOfEar,
    heardBack: (result) => byHand.heardBack(result),
    trouble: childTrouble,
    tape: send,
  });
  const byHand: Control = control({
    clock,
    after: whileRunning,
    state: () => evaluation.state(),
    order: (order) => ear.tell(order),
    ledger,
    log: ({ level, text, fields }) => root.child({ room: 'control' })[level](fields, text),
  });
  page =
    file.web &&
    pageWishes({
      file,
      control: byHand,
      rests: ear.rests,
      watchTalk: watch,
      tell: tellOffice,
      changed: () => health?.look(),
    });
  const closeDoor = doorFor(file, options.runFolder, byHand, say);
  let served: Served | undefined;
  const evaluation = startEvaluation({
    bank: config.bank,
    clock,
    after,
    surroundings: (nowMs) => surrounded({ ...served?.surroundings(nowMs), withheld: byHand.withheld() }),
    heard: tape?.sampled,
    publish,
    lifetime: options.stateFolder === undefined ? undefined : readLifetime(lifetimePath(options.stateFolder)),
    ...(stored && { stored }),
  });
  served = serve(plans, options.missing, {
    ...(config.file.bank.shunt && { shunt: config.file.bank.shunt.inverter }),
    clock,
    after,
    state: evaluation.state,
    ledger,
    tape,
    canLine: options.canLine,
    ...(options.swaps && { swaps: options.swaps }),
    stood: (inverter, textHash) => tellOffice({ type: 'stood', inverter, textHash }),
  });
  ear.start();
  systemd.ready();
  const healthy = () => {
    const nowMs = clock();
    return nowMs <= (evaluation.state()?.validUntilMs ?? 0) && (served?.attended(nowMs) ?? false);
  };
  const unwatch = systemd.watch(healthy);
  health = watchHealth({
    clock,
    after: whileRunning,
    wires: (nowMs) => served?.health(nowMs) ?? [],
    children: () => [ear.health(), ...(office ? [office.health()] : [])],
    batteries: ear.batteries,
    isWatched: () => page?.isWatched() ?? false,
    send: (health) => tellOffice({ type: 'health', ...health }),
    ledger,
  });

  return {
    log,
    evaluation,
    async stop() {
      systemd.stopping();
      unwatch();
      health?.end();
      closeDoor();
      served?.stop();
      evaluation.stop();
      tape?.stop();
      const state = evaluation.state();
      if (state) tellOffice({ type: 'lifetime', lifetime: state.memory.lifetime });
      await ear.stop();
      putDown('gateway_stopped', 'gateway stopped: inverters hear nothing more');
      await office?.stop();
    },
  };
}

/** What others may know of an evaluation: all but its memory. */
function withoutMemory({ memory: _, ...state }: Evaluation): Omit<Evaluation, 'memory'> {
  return state;
}
