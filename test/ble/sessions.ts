// The real sessions on a port that is under test, in real time; waits are for events, with generous limits.
import type { EarReport } from '../../src/ble/orders.ts';
import type { AdapterReport, BlePort } from '../../src/ble/port.ts';
import { session } from '../../src/ble/session.ts';
import { turns } from '../../src/ble/turns.ts';
import type { BmsDriver, Gatt } from '../../src/bms/driver.ts';
import { jbd } from '../../src/bms/jbd.ts';
import type { Timers } from '../../src/model/timers.ts';
import { realTimers } from '../../src/timers.ts';

export const LIMIT_MS = 60_000;

/** Things as they are said, and waiting for one of them. */
export function saying<T>() {
  const said: T[] = [];
  const waiting = new Set<() => void>();
  return {
    said,
    say: (thing: T) => {
      said.push(thing);
      for (const look of [...waiting]) look();
    },
    /** The first that fits, of those said since `from` of them were. */
    until: (fits: (thing: T) => boolean, from = 0): Promise<T> =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`not said in ${LIMIT_MS / 1000} s; last: ${JSON.stringify(said.slice(-5))}`));
        }, LIMIT_MS);
        const look = () => {
          const found = said.slice(from).find(fits);
          if (found === undefined) return;
          clearTimeout(limit);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** What a port says of itself. */
export function reportsOf(port: BlePort) {
  const reports = saying<AdapterReport>();
  port.onAdapter(reports.say);
  return reports;
}

export interface Listener {
  readonly said: readonly EarReport[];
  readonly until: (fits: (report: EarReport) => boolean, from?: number) => Promise<EarReport>;
  readonly adapter: ReturnType<typeof reportsOf>;
  /** Ends the sessions, then the port. */
  readonly stop: () => Promise<void>;
}

export interface ListenTo {
  readonly addresses: readonly string[];
  readonly gatt?: Gatt;
  readonly timers?: Timers;
  readonly pollMs?: number;
  /** A JBD where nothing is said. */
  readonly driver?: BmsDriver;
}

/** Unit 1, 2, … of these addresses. */
export async function listenTo(port: BlePort, o: ListenTo): Promise<Listener> {
  const { timers = realTimers, pollMs = 1000, driver = jbd } = o;
  const { said, say, until } = saying<EarReport>();
  const queue = turns(port, timers);
  const adapter = saying<AdapterReport>();
  port.onAdapter((report) => {
    queue.adapterReady(report.state === 'ready');
    adapter.say(report);
  });
  await port.open();
  const sessions = o.addresses.map((address, i) =>
    session({
      address,
      driver,
      batteries: [{ id: `${i + 1}` }],
      gatt: o.gatt,
      pollMs,
      turns: queue,
      timers,
      report: say,
    }),
  );
  return {
    said,
    until,
    adapter,
    stop: async () => {
      for (const one of sessions) one.stop();
      await Promise.all(sessions.map(({ ended }) => ended));
      await port.close();
    },
  };
}

export const sampleOf =
  (n: number, afterMs = 0) =>
  (r: EarReport): boolean =>
    r.type === 'sample' && r.battery === `${n}` && r.atMs > afterMs;

export const stampsOf = ({ said }: Listener, n: number): number[] =>
  said.flatMap((r) => (r.type === 'sample' && r.battery === `${n}` ? [r.atMs] : []));
