// Reads each battery of an order once, by the ear and its sessions as the gateway itself does.
import type { EarReport, LinkState, ListenOrder } from '../ble/orders.ts';
import type { Start } from '../child.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { After } from '../model/timers.ts';
import { childTask } from './child-task.ts';

export type HeardUnit =
  | { readonly state: 'waiting'; readonly doing?: LinkState; readonly why?: string }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'read'; readonly atMs: number; readonly reading: BatteryReading };

export interface ReadGround {
  readonly startEar: Start;
  readonly after: After;
  readonly limitMs: number;
  readonly left: AbortSignal;
}

/** When nothing new came for so long, nothing will: a unit in reach is heard within a few seconds. */
const QUIET_MS = 20_000;

const SILENT =
  'it was not heard: out of reach, off, or in use by a phone; close the app of its maker and go nearer';

const waits = (units: ReadonlyMap<string, HeardUnit>): boolean =>
  [...units.values()].some(({ state }) => state === 'waiting');

const whyNot = (unit: HeardUnit): string => ('why' in unit && unit.why !== undefined ? unit.why : SILENT);

/** What a report changes; undefined where nothing. */
function news(report: EarReport): HeardUnit | undefined {
  if (report.type === 'sample') return { state: 'read', atMs: report.atMs, reading: report.reading };
  if (report.type === 'link')
    return { state: 'waiting', doing: report.state, ...(report.why !== undefined && { why: report.why }) };
  if (report.type === 'rejected') return { state: 'waiting', why: report.why };
  if (report.type === 'notice') return { state: 'waiting', why: report.text };
  return undefined;
}

/** Resolves with what came of each when all were read, when time is over, or when nobody waits any more. `tell` hears each change. */
export async function readOnce(
  order: ListenOrder,
  { startEar, after, limitMs, left }: ReadGround,
  tell: (units: ReadonlyMap<string, HeardUnit>) => void,
): Promise<ReadonlyMap<string, HeardUnit>> {
  const units = new Map<string, HeardUnit>(order.batteries.map(({ id }) => [id, { state: 'waiting' }]));
  const { promise: over, resolve } = Promise.withResolvers<void>();
  let endQuiet = () => {};
  const listenOn = () => {
    endQuiet();
    endQuiet = after(QUIET_MS, () => giveUp(whyNot));
  };
  const give = (id: string, unit: HeardUnit) => {
    if (units.get(id)?.state !== 'waiting') return;
    units.set(id, unit);
    listenOn();
    tell(units);
    if (!waits(units)) resolve();
  };
  const giveUp = (whyOf: (unit: HeardUnit) => string) => {
    for (const [id, unit] of units) give(id, { state: 'failed', why: whyOf(unit) });
    resolve();
  };
  const ear = childTask<EarReport>(startEar, order, {
    after,
    heard(report) {
      const unit = news(report);
      if ('battery' in report && report.battery !== undefined && unit) give(report.battery, unit);
      else if (report.type === 'adapter' && report.state !== 'ready')
        giveUp(() => report.why ?? `${report.radio} is ${report.state}`);
    },
    ended: (why) => giveUp(() => `the radio process ended (${why}); try again`),
  });
  const cancel = after(limitMs, () => giveUp(whyNot));
  left.addEventListener('abort', () => giveUp(() => 'nobody waited for it any more'));
  if (left.aborted) resolve();
  listenOn();
  await over;
  cancel();
  endQuiet();
  await ear.stop();
  return units;
}
