// One radio that listens for as long as somebody looks, in a process of its own.
import type { Advert } from '../bms/driver.ts';
import type { Start } from '../child.ts';
import { sentence } from '../model/errors.ts';
import type { After } from '../model/timers.ts';
import type { ScanOrder, ScoutReport } from '../scout.ts';
import { type ChildTask, childTask } from './child-task.ts';

/** A radio that failed is tried again so much later. */
const AGAIN_MS = 5000;

export interface Scan {
  /** Begins, or goes on. */
  readonly begin: (radio: () => ScanOrder['radio']) => void;
  readonly end: () => Promise<void>;
  readonly isOn: () => boolean;
  /** What keeps it from hearing, and what mends it. */
  readonly trouble: () => string | undefined;
}

export function openScan(
  { startScout, after }: { readonly startScout: Start; readonly after: After },
  heard: (advert: Advert) => void,
): Scan {
  let scout: ChildTask | undefined;
  let trouble: string | undefined;
  let isResting = false;

  async function end(): Promise<void> {
    const ending = scout;
    scout = undefined;
    await ending?.stop();
  }

  const fail = (why: string) => {
    trouble = why;
    void end();
    isResting = true;
    after(AGAIN_MS, () => {
      isResting = false;
    });
  };

  function hear(report: ScoutReport): void {
    if (report.type === 'failed') fail(report.why);
    else if (report.type === 'scanning') trouble = undefined;
    else if (report.type === 'advert') heard(report.advert);
  }

  return {
    begin(radio) {
      if (scout || isResting) return;
      try {
        const order: ScanOrder = { type: 'scan', radio: radio() };
        scout = childTask<ScoutReport>(startScout, order, {
          after,
          heard: hear,
          ended: (why) => fail(`the radio process ended (${why}); try again`),
        });
      } catch (error) {
        fail(sentence(error));
      }
    },
    end,
    isOn: () => scout !== undefined,
    trouble: () => trouble,
  };
}
