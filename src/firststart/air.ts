// Who is on the air, and what some of them say. One task has the radios at a time.
import type { ListenOrder } from '../ble/orders.ts';
import type { Start } from '../child.ts';
import type { SetupAir, SetupReading, SetupWish } from '../model/api/setup-air.ts';
import type { After } from '../model/timers.ts';
import type { ScanOrder } from '../scout.ts';
import { type HeardUnit, readOnce } from './read-once.ts';
import { openScan, type Scan } from './scan.ts';
import { heardUnits, isOf, leftAlone, readingOf } from './seen.ts';

/** Who looks at a scan asks every second; a page that is gone has not asked for so long. */
const LEASE_MS = 6000;
/** All units of one wish, one after the other where the radio has no more links. */
const READ_MS = 60_000;

export interface AirGround {
  readonly startScout: Start;
  readonly startEar: Start;
  readonly after: After;
  /** Names of the proxies that listen too. */
  readonly proxies: () => readonly string[];
  /** How to listen: by a proxy, or by the adapter of this machine. Throws why that is not possible. */
  readonly radio: (proxy?: string) => ScanOrder['radio'];
  readonly probe: (wishes: readonly SetupWish[]) => ListenOrder;
  /** What is to be shown of the password of a unit, after what became of reading it. */
  readonly passwordAfter: (wish: SetupWish, heard: HeardUnit | undefined) => SetupReading['password'];
}

export interface Air {
  readonly look: () => SetupAir;
  /** Begins to scan, or goes on; ends by itself when this is not called any more. */
  readonly scan: () => void;
  /** Reads these, but for those that were read already; the scan rests meanwhile. Throws what is wrong with the wish. */
  readonly read: (wishes: readonly SetupWish[]) => void;
  /** The radios for one task, when they are free. */
  readonly alone: <T>(task: (left: AbortSignal) => Promise<T>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/** Every radio that listens; undefined is the adapter of this machine. */
function scansOf({ startScout, after, proxies, radio }: AirGround) {
  const scans = new Map<string | undefined, Scan>();
  const heard = heardUnits();
  const end = (...those: readonly Scan[]) => Promise.all(those.map((scan) => scan.end()));
  const all = () => [...scans.values()];
  /** Who has batteries on a proxy needs no adapter here. */
  const isNeeded = (name: string | undefined) =>
    name !== undefined || !heard.units().some(({ proxy }) => proxy !== undefined);
  return {
    units: heard.units,
    isOn: () => all().some((scan) => scan.isOn()),
    /** Of each radio on a line of its own. */
    trouble() {
      const all = [...scans].flatMap(([name, scan]) => (isNeeded(name) && scan.trouble()) || []);
      return all.length > 0 ? all.join('\n') : undefined;
    },
    begin() {
      const names = [undefined, ...proxies()];
      for (const [name, scan] of scans) {
        if (names.includes(name)) continue;
        scans.delete(name);
        heard.forget(name);
        void end(scan);
      }
      for (const name of names) {
        const scan = scans.get(name) ?? openScan({ startScout, after }, (advert) => heard.hear(advert, name));
        scans.set(name, scan);
        scan.begin(() => radio(name));
      }
    },
    end: () => end(...all()),
  };
}

export function openAir(ground: AirGround): Air {
  const { startEar, after, probe, passwordAfter } = ground;
  const scans = scansOf(ground);
  let isReading = false;
  let readings: readonly SetupReading[] = [];
  let endLease = () => {};
  /** Of the last wish: who asks again waits for no older one. */
  let wanted = new AbortController();
  let work: Promise<unknown> = Promise.resolve();
  const stopping = new AbortController();

  async function endScan(): Promise<void> {
    endLease();
    await scans.end();
  }

  /** One after the other, whatever became of the one before. */
  function alone<T>(task: (left: AbortSignal) => Promise<T>): Promise<T> {
    const mine = work.then(async () => {
      isReading = true;
      await endScan();
      return task(stopping.signal).finally(() => {
        isReading = false;
      });
    });
    work = mine.catch(() => {});
    return mine;
  }

  function state(): SetupAir['state'] {
    if (isReading) return 'reading';
    if (scans.isOn()) return 'scanning';
    return scans.trouble() === undefined ? 'idle' : 'failed';
  }

  return {
    look() {
      const trouble = scans.trouble();
      return { state: state(), ...(trouble !== undefined && { trouble }), units: scans.units(), readings };
    },
    scan() {
      endLease();
      endLease = after(LEASE_MS, () => void endScan());
      if (!isReading && !stopping.signal.aborted) scans.begin();
    },
    read(wishes) {
      // First of all: what an older reading still hears is not of what was typed for this one.
      wanted.abort();
      wanted = new AbortController();
      const { signal } = wanted;
      readings = readings.map(leftAlone);
      const known = (wish: SetupWish) =>
        wish.password === undefined
          ? readings.find((reading) => reading.state === 'read' && isOf(wish)(reading))
          : undefined;
      const before = new Map(wishes.map((wish) => [wish, known(wish)]));
      const unread = wishes.filter((wish) => !before.get(wish));
      const order = unread.length > 0 ? probe(unread) : undefined;
      const tell = (units: ReadonlyMap<string, HeardUnit>) => {
        if (signal.aborted) return;
        readings = wishes.map((wish) => {
          const heard = units.get(`u${unread.indexOf(wish)}`);
          return before.get(wish) ?? readingOf(wish, heard, passwordAfter(wish, heard));
        });
      };
      tell(new Map());
      if (!order) return;
      void alone(async (left) => {
        if (signal.aborted) return;
        const patience = { startEar, after, limitMs: READ_MS, left: AbortSignal.any([left, signal]) };
        tell(await readOnce(order, patience, tell));
      });
    },
    alone,
    async stop() {
      stopping.abort();
      await endScan();
      await work;
    },
  };
}
