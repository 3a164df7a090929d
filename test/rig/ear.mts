// The real ear in a process of its own, and what it says, for tests that hold the other end of the air.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { earReport } from '../../src/ble/heard-orders.ts';
import type { EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { monotonicMs } from '../../src/model/freshness.ts';

const here = import.meta.dirname;
const EAR = join(here, '..', '..', 'src', 'ear.ts');
const PRELOAD = join(here, 'hci-unix.js');

export interface ForkedEar {
  readonly child: ChildProcess;
  /** With the monotonic moment of arrival. */
  readonly said: { readonly atMs: number; readonly report: EarReport }[];
  readonly exited: Promise<number | null>;
  /** Resolves with the first report that fits, from now on or already said; fails after `limitMs`. */
  readonly until: (fits: (report: EarReport) => boolean, limitMs: number) => Promise<EarReport>;
}

/** Forks the ear on the virtual air in `airDir`, or on the kernel's adapters without one. */
export function forkEar(order: ListenOrder, airDir?: string): ForkedEar {
  const child = fork(EAR, [], {
    execArgv: airDir ? ['-r', PRELOAD] : [],
    env: { ...process.env, ...(airDir && { HCI_UNIX_DIR: airDir }) },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const said: ForkedEar['said'] = [];
  const waiting = new Set<() => void>();
  child.on('message', (message) => {
    const report = earReport(message);
    if (report) said.push({ atMs: monotonicMs(), report });
    for (const look of waiting) look();
  });
  child.send(order);

  const until: ForkedEar['until'] = (fits, limitMs) => {
    const { promise, resolve, reject } = Promise.withResolvers<EarReport>();
    const look = () => {
      const found = said.find(({ report }) => fits(report));
      if (found) resolve(found.report);
    };
    const last = () => JSON.stringify(said.slice(-8).map(({ report }) => report));
    const timer = setTimeout(() => reject(new Error(`not within ${limitMs} ms; last: ${last()}`)), limitMs);
    waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(look);
    });
  };

  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, said, exited, until };
}
