import type { BmsDriver, Gatt } from '../bms/driver.ts';
import { driverById } from '../bms/drivers.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { EarReport, ListenTo } from './orders.ts';
import { type AdapterReport, addressKey, type BlePort } from './port.ts';
import { type Session, session } from './session.ts';
import { pause } from './timers.ts';
import { turns } from './turns.ts';
import { wedgeWatch } from './wedge.ts';

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
  readonly timers: Timers;
  readonly report: (report: EarReport) => void;
  /** The stack is wedged, in one sentence; a new process is the remedy. */
  readonly giveUp: (why: string) => void;
}

/** All batteries of one radio, until `stop`. */
export interface Listening {
  readonly stop: () => Promise<void>;
  readonly stalled: () => void;
  readonly command: Session['command'];
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
    o.report({ type: 'adapter', radio: o.radio, ...r });
    cancelAway();
    if (!isReady)
      cancelAway = timers.after(AWAY_MS, () => o.giveUp(`the adapter was away for ${AWAY_MS / 1000} s`));
  };

  queue.adapterReady(false);
  port.onAdapter(onAdapter);
  const { pollMs } = o;
  const sessions = byAddress(o.batteries).map((group): Session => {
    const [first] = group;
    const driver = driverOf(first);
    const gatt = gattOf(first, driver);
    const { address } = first;
    return session({ address, driver, batteries: group, gatt, pollMs, turns: queue, timers, report });
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
    command: (battery, command) => {
      for (const one of sessions) {
        const result = one.command(battery, command);
        if (result) return result;
      }
      return undefined;
    },
  };
}
