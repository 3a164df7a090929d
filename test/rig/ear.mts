// The real ear in a process of its own, and what it says, for tests that hold the other end of the air.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { earReport } from '../../src/ble/heard-orders.ts';
import type { EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { monotonicMs } from '../../src/model/freshness.ts';

const here = import.meta.dirname;
const EAR = join(here, '..', '..', 'src', 'ear.ts');
const PRELOAD = join(here, 'hci-unix.js');

type Ending = number | NodeJS.Signals;

/** Who waited for a report waits no longer: there will be none. */
export class EarEnded extends Error {
  readonly ending: Ending;
  constructor(ending: Ending, last: string) {
    super(`the ear ended with ${ending}; last: ${last}`);
    this.ending = ending;
  }
}

export interface ForkedEar {
  readonly child: ChildProcess;
  /** With the monotonic moment of arrival. */
  readonly said: { readonly atMs: number; readonly report: EarReport }[];
  readonly exited: Promise<number | null>;
  /** Resolves with the first report that fits, from now on or already said; fails after `limitMs`, and when the ear ends. */
  readonly until: (fits: (report: EarReport) => boolean, limitMs: number) => Promise<EarReport>;
}

/** Forks the ear on the virtual air in `airDir`, or on the kernel's adapters without one. */
export function forkEar(
  order: ListenOrder,
  airDir?: string,
  stderr: 'inherit' | 'pipe' = 'inherit',
): ForkedEar {
  const child = fork(EAR, [], {
    execArgv: airDir ? ['-r', PRELOAD] : [],
    env: { ...process.env, ...(airDir && { HCI_UNIX_DIR: airDir }) },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', stderr, 'ipc'],
  });
  const said: ForkedEar['said'] = [];
  const waiting = new Set<() => void>();
  let ending: Ending | undefined;
  const look = () => {
    for (const each of waiting) each();
  };
  child.on('message', (message) => {
    const report = earReport(message);
    if (report) said.push({ atMs: monotonicMs(), report });
    look();
  });
  // Comes when its channel is empty, too: what it said last was heard.
  child.on('close', (code, signal) => {
    ending = signal ?? code ?? -1;
    look();
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  child.on('error', () => {}); // of an order that a dead ear does not take: `close` says what became of it
  child.send(order);

  const last = () => JSON.stringify(said.slice(-8).map(({ report }) => report));
  const until: ForkedEar['until'] = (fits, limitMs) => {
    const { promise, resolve, reject } = Promise.withResolvers<EarReport>();
    const search = () => {
      const found = said.find(({ report }) => fits(report));
      if (found) resolve(found.report);
      else if (ending !== undefined) reject(new EarEnded(ending, last()));
    };
    const timer = setTimeout(() => reject(new Error(`not within ${limitMs} ms; last: ${last()}`)), limitMs);
    waiting.add(search);
    search();
    return promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(search);
    });
  };
  return { child, said, exited, until };
}
