// Who is on the air, and what some of them say. One task has the radio at a time.
import type { ListenOrder } from '../ble/orders.ts';
import { addressKey } from '../ble/port.ts';
import type { Advert } from '../bms/driver.ts';
import type { Start } from '../child.ts';
import type { SetupAir, SetupReading, SetupWish } from '../model/api/setup-air.ts';
import { sentence } from '../model/errors.ts';
import type { After } from '../model/timers.ts';
import type { ScanOrder, ScoutReport } from '../scout.ts';
import { type ChildTask, childTask } from './child-task.ts';
import { type HeardUnit, readOnce } from './read-once.ts';
import { isOf, readingOf, unitsOf } from './seen.ts';

/** Who looks at a scan asks every second; a page that is gone has not asked for so long. */
const LEASE_MS = 6000;
/** A radio that failed is tried again so much later. */
const AGAIN_MS = 5000;
/** All units of one wish, one after the other where the radio has no more links. */
const READ_MS = 60_000;

export interface AirGround {
  readonly startScout: Start;
  readonly startEar: Start;
  readonly after: After;
  readonly radio: () => ScanOrder['radio'];
  readonly probe: (wishes: readonly SetupWish[]) => ListenOrder;
  /** What is to be shown of the password of a unit, after what became of reading it. */
  readonly passwordAfter: (wish: SetupWish, heard: HeardUnit | undefined) => SetupReading['password'];
}

export interface Air {
  readonly look: () => SetupAir;
  /** Begins to scan, or goes on; ends by itself when this is not called any more. */
  readonly scan: () => void;
  /** Reads these; the scan rests meanwhile. Throws what is wrong with the wish. */
  readonly read: (wishes: readonly SetupWish[]) => void;
  /** The radio for one task, when it is free. */
  readonly alone: <T>(task: (left: AbortSignal) => Promise<T>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

export function openAir({ startScout, startEar, after, radio, probe, passwordAfter }: AirGround): Air {
  const heard = new Map<string, Advert>();
  let state: SetupAir['state'] = 'idle';
  let trouble: string | undefined;
  let readings: readonly SetupReading[] = [];
  let scout: ChildTask | undefined;
  let endLease = () => {};
  let isResting = false;
  /** Of the last wish: who asks again waits for no older one. */
  let wanted = new AbortController();
  let work: Promise<unknown> = Promise.resolve();
  const stopping = new AbortController();

  async function endScan(): Promise<void> {
    endLease();
    const ending = scout;
    scout = undefined;
    if (state === 'scanning') state = 'idle';
    await ending?.stop();
  }

  const fail = (why: string) => {
    trouble = why;
    void endScan();
    state = 'failed';
    isResting = true;
    after(AGAIN_MS, () => {
      isResting = false;
    });
  };

  function hear(report: ScoutReport): void {
    if (report.type === 'failed') fail(report.why);
    else if (report.type === 'scanning') trouble = undefined;
    else if (report.type === 'advert') {
      const { advert } = report;
      const key = addressKey(advert.address);
      heard.set(key, { ...heard.get(key), ...advert });
    }
  }

  function beginScan(): void {
    if (scout || isResting || stopping.signal.aborted) return;
    state = 'scanning';
    const order: ScanOrder = { type: 'scan', radio: radio() };
    scout = childTask<ScoutReport>(startScout, order, {
      after,
      heard: hear,
      ended: (why) => fail(`the radio process ended (${why}); try again`),
    });
  }

  /** One after the other, whatever became of the one before. */
  function alone<T>(task: (left: AbortSignal) => Promise<T>): Promise<T> {
    const mine = work.then(async () => {
      await endScan();
      state = 'reading';
      return task(stopping.signal).finally(() => {
        state = 'idle';
      });
    });
    work = mine.catch(() => {});
    return mine;
  }

  return {
    look: () => ({
      state,
      ...(trouble !== undefined && { trouble }),
      units: unitsOf([...heard.values()]),
      readings,
    }),
    scan() {
      endLease();
      endLease = after(LEASE_MS, () => void endScan());
      if (state === 'reading') return;
      try {
        beginScan();
      } catch (error) {
        fail(sentence(error));
      }
    },
    read(wishes) {
      const known = (wish: SetupWish) =>
        wish.password === undefined
          ? readings.find((reading) => reading.state === 'read' && isOf(wish)(reading))
          : undefined;
      const before = new Map(wishes.map((wish) => [wish, known(wish)]));
      const unread = wishes.filter((wish) => !before.get(wish));
      const order = unread.length > 0 ? probe(unread) : undefined;
      wanted.abort();
      wanted = new AbortController();
      const { signal } = wanted;
      const tell = (units: ReadonlyMap<string, HeardUnit>) => {
        if (signal.aborted) return;
        readings = wishes.map((wish) => {
          const heard = units.get(`u${unread.indexOf(wish)}`);
          return before.get(wish) ?? readingOf(wish, heard, passwordAfter(wish, heard));
        });
      };
      tell(new Map());
      if (!order) return;
      const ground = { startEar, after, limitMs: READ_MS };
      void alone(async (left) => {
        if (signal.aborted) return;
        tell(await readOnce(order, { ...ground, left: AbortSignal.any([left, signal]) }, tell));
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
