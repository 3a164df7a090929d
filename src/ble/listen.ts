import type { BmsDriver, Gatt } from '../bms/driver.ts';
import { driverById } from '../bms/drivers.ts';
import { turnsText } from '../bms/turn-age.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { EarReport, ListenTo, RecoverOrder, RestOrder } from './orders.ts';
import { type AdapterReport, addressKey, type BlePort } from './port.ts';
import { type Recovering, recover } from './recover.ts';
import { type Session, session } from './session.ts';
import { pause } from './timers.ts';
import { type Turns, turns } from './turns.ts';

const OPEN_AGAIN_MS = 5_000;
/** An adapter that was away so long may have been plugged in anew, which only a new stack finds. */
const AWAY_MS = 30_000;

export interface ListenOptions {
  /** The radio's name. */
  readonly radio: string;
  readonly port: BlePort;
  /** Those that this radio hears. */
  readonly batteries: readonly ListenTo[];
  readonly pollMs: number;
  /** How many links the radio can hold at a time; without it, all. */
  readonly slots?: number | undefined;
  /** The radio is looked for again by its own port; no new process would find it sooner. */
  readonly opensItself?: boolean;
  readonly timers: Timers;
  readonly report: (report: EarReport) => void;
  /** What rests as it begins. */
  readonly rests?: readonly RestOrder[] | undefined;
  /** The stack is past help, in one sentence; a new process is the remedy. */
  readonly giveUp: (why: string) => void;
}

/** All batteries of one radio, until `stop`. */
export interface Listening {
  readonly stop: () => Promise<void>;
  readonly stalled: () => void;
  /** Tries one thing to get a battery back; what cannot be done is reported. */
  readonly recover: (order: RecoverOrder) => void;
  readonly command: Session['command'];
  readonly rest: Session['rest'];
  readonly resume: Session['resume'];
}

function driverOf({ id, bms }: ListenTo): BmsDriver {
  const driver = driverById(bms);
  if (driver) return driver;
  const message = `battery ${id}: there is no driver "${bms}"; \`bmsgate scan\` shows the one that fits`;
  throw new GatewayError('REFUSED', { message });
}

/** The installer's characteristics, each over the driver's first. */
function gattOf({ service, notify, write }: ListenTo, driver: BmsDriver): Gatt | undefined {
  const [first] = driver.gatt;
  if (!first || !(service ?? notify ?? write)) return undefined;
  return { service: service ?? first.service, notify: notify ?? first.notify, write: write ?? first.write };
}

/** The batteries behind one address share its link; they are of one family. */
function byAddress(batteries: readonly ListenTo[]): [ListenTo, ...ListenTo[]][] {
  const shared = new Map<string, [ListenTo, ...ListenTo[]]>();
  for (const battery of batteries) {
    const key = addressKey(battery.address);
    const group = shared.get(key);
    if (!group) shared.set(key, [battery]);
    else if (group[0].bms === battery.bms) group.push(battery);
    else {
      const message = `batteries ${group[0].id} and ${battery.id} have one address but not one \`bms\`; correct one of them`;
      throw new GatewayError('REFUSED', { message });
    }
  }
  return [...shared.values()];
}

/** Opens the adapter, again and again while it is missing, and says each change once. */
async function keepOpen(o: ListenOptions, signal: AbortSignal): Promise<void> {
  let said = '';
  while (!signal.aborted) {
    try {
      return await o.port.open();
    } catch (error) {
      const why = sentence(error);
      if (why !== said) o.report({ type: 'adapter', radio: o.radio, state: 'missing', why });
      said = why;
    }
    await pause(o.timers, OPEN_AGAIN_MS, signal);
  }
}

/** The sessions of all addresses, by address. */
function openSessions(o: ListenOptions, queue: Turns): ReadonlyMap<string, Session> {
  const { pollMs, timers, report, rests } = o;
  return new Map(
    byAddress(o.batteries).map((group) => {
      const [first] = group;
      const driver = driverOf(first);
      const { address } = first;
      const gatt = gattOf(first, driver);
      const one = session({
        address,
        driver,
        batteries: group,
        gatt,
        pollMs,
        turns: queue,
        timers,
        report,
        rests,
      });
      return [addressKey(address), one];
    }),
  );
}

export function listen(o: ListenOptions): Listening {
  const { port, timers, report, radio } = o;
  const stopping = new AbortController();
  const queue = turns(port, timers, o.slots);
  let cancelAway = () => {};

  const onAdapter = (r: AdapterReport) => {
    // A stack that is let go may say that it is off.
    if (stopping.signal.aborted) return;
    const isReady = r.state === 'ready';
    queue.adapterReady(isReady);
    report({ type: 'adapter', radio, ...r });
    cancelAway();
    if (!isReady && !o.opensItself)
      cancelAway = timers.after(AWAY_MS, () => o.giveUp(`the adapter was away for ${AWAY_MS / 1000} s`));
  };

  queue.adapterReady(false);
  port.onAdapter(onAdapter);
  const sessions = openSessions(o, queue);
  const text = turnsText(radio, sessions.size, o.slots ?? Number.POSITIVE_INFINITY, o.pollMs);
  if (text) report({ type: 'notice', text });
  void keepOpen(o, stopping.signal);
  const recovering: Recovering = { ...o, sessions };

  return {
    stop: async () => {
      stopping.abort();
      cancelAway();
      for (const one of sessions.values()) one.stop();
      await Promise.all([...sessions.values()].map(({ ended }) => ended));
      await port.close();
    },
    stalled: () => {
      for (const one of sessions.values()) one.stalled();
    },
    recover: (order) => void recover(recovering, order),
    rest: (order) => {
      for (const one of sessions.values()) one.rest(order);
    },
    resume: (battery) => {
      for (const one of sessions.values()) one.resume(battery);
    },
    command: (battery, command) => {
      for (const one of sessions.values()) {
        const result = one.command(battery, command);
        if (result) return result;
      }
      return undefined;
    },
  };
}
