import type { BmsDriver, Gatt } from '../bms/driver.ts';
import { driverById } from '../bms/drivers.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { EarReport, ListenOrder, ListenTo } from './orders.ts';
import type { AdapterReport, BlePort } from './port.ts';
import { session } from './session.ts';
import { pause } from './timers.ts';
import { turns } from './turns.ts';
import { wedgeWatch } from './wedge.ts';

const OPEN_AGAIN_MS = 5_000;
/** An adapter that was away so long may have been plugged in anew, which only a new stack finds. */
const AWAY_MS = 30_000;

export interface ListenOptions {
  readonly order: ListenOrder;
  readonly port: BlePort;
  readonly timers: Timers;
  readonly report: (report: EarReport) => void;
  /** The stack is wedged, in one sentence; a new process is the remedy. */
  readonly giveUp: (why: string) => void;
}

/** All batteries of one adapter, until `stop`. */
export interface Listening {
  readonly stop: () => Promise<void>;
  readonly stalled: () => void;
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

/** Opens the adapter, again and again while it is missing, and says each change once. */
async function keepOpen(o: ListenOptions, signal: AbortSignal): Promise<void> {
  let said = '';
  while (!signal.aborted) {
    try {
      return await o.port.open();
    } catch (error) {
      const why = sentence(error);
      if (why !== said) o.report({ type: 'adapter', state: 'missing', why });
      said = why;
    }
    await pause(o.timers, OPEN_AGAIN_MS, signal);
  }
}

export function listen(o: ListenOptions): Listening {
  const { port, timers } = o;
  const stopping = new AbortController();
  const queue = turns(port, timers);
  const isWedged = wedgeWatch();
  let cancelAway = () => {};

  const report = (r: EarReport) => {
    o.report(r);
    if (r.type === 'link' && isWedged(r))
      o.giveUp(`${r.battery} is on the air but cannot be connected any more`);
  };

  const onAdapter = (r: AdapterReport) => {
    const isReady = r.state === 'ready';
    queue.adapterReady(isReady);
    o.report({ type: 'adapter', ...r });
    cancelAway();
    if (!isReady)
      cancelAway = timers.after(AWAY_MS, () => o.giveUp(`the adapter was away for ${AWAY_MS / 1000} s`));
  };

  queue.adapterReady(false);
  port.onAdapter(onAdapter);
  const { batteries, pollMs } = o.order;
  const plans = batteries.map((battery) => ({ battery, driver: driverOf(battery) }));
  const sessions = plans.map(({ battery, driver }) => {
    const { id, address, capacityScale } = battery;
    const driverOptions = capacityScale && { capacityScale };
    const gatt = gattOf(battery, driver);
    return session({ id, address, driver, driverOptions, gatt, pollMs, turns: queue, timers, report });
  });
  void keepOpen(o, stopping.signal);

  return {
    stop: async () => {
      stopping.abort();
      cancelAway();
      for (const one of sessions) one.stop();
      await Promise.all(sessions.map(({ ended }) => ended));
      await port.close();
    },
    stalled: () => {
      for (const one of sessions) one.stalled();
    },
  };
}
