// Reads each battery of an order once, by the ear and its sessions as the gateway itself does.
import type { EarReport, LinkState, ListenOrder } from '../ble/orders.ts';
import type { Start } from '../child.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { After } from '../model/timers.ts';
import { childTask } from './child-task.ts';

export type HeardUnit =
  /** `isMute`: there was a link, and nothing was said on it. */
  | { readonly state: 'waiting'; readonly doing?: LinkState; readonly why?: string; readonly isMute?: true }
  | { readonly state: 'failed'; readonly why: string; readonly isMute?: true }
  | { readonly state: 'read'; readonly atMs: number; readonly reading: BatteryReading };

export interface ReadGround {
  readonly startEar: Start;
  readonly after: After;
  readonly limitMs: number;
  readonly left: AbortSignal;
}

/** When nothing new came for so long, nothing will: a unit in reach is heard within a few seconds. */
const QUIET_MS = 20_000;

/** An adapter may still be busy with what had it before; the ear opens it again every few seconds. */
const ADAPTER_MS = 12_000;

export const LEFT = 'nobody waited for it any more';

const SILENT =
  'it was not heard: out of reach, off, or in use by a phone; close the app of its maker and go nearer';

const whyNot = (unit: HeardUnit): string => ('why' in unit && unit.why !== undefined ? unit.why : SILENT);

/** What a report changes; undefined where nothing. */
function news(report: EarReport): HeardUnit | undefined {
  if (report.type === 'sample') return { state: 'read', atMs: report.atMs, reading: report.reading };
  if (report.type === 'link') {
    const { state: doing, why, wasOpen, isFinal } = report;
    if (isFinal) return { state: 'failed', why: why ?? SILENT };
    return { state: 'waiting', doing, ...(why !== undefined && { why }), ...(wasOpen && { isMute: true }) };
  }
  if (report.type === 'rejected') return { state: 'waiting', why: report.why };
  if (report.type === 'notice') return { state: 'waiting', why: report.text };
  return undefined;
}

/** Calls off what waits under this name, and lets it wait anew. */
function waits(after: After) {
  const running = new Map<string, () => void>();
  const end = (name: string) => running.get(name)?.();
  return {
    end,
    begin(name: string, ms: number, act: () => void) {
      end(name);
      running.set(name, after(ms, act));
    },
    endAll: () => {
      for (const name of running.keys()) end(name);
    },
  };
}

type Units = ReadonlyMap<string, HeardUnit>;

/** The units of an order, each of which gets its answer once; `over` when all have one. */
function answersOf({ batteries, radios }: ListenOrder, tell: (units: Units) => void) {
  const units = new Map<string, HeardUnit>(batteries.map(({ id }) => [id, { state: 'waiting' }]));
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const settle = () => {
    if ([...units.values()].every(({ state }) => state !== 'waiting')) resolve();
  };
  const give = (id: string, unit: HeardUnit): boolean => {
    const was = units.get(id);
    if (was?.state !== 'waiting') return false;
    units.set(id, was.isMute && unit.state !== 'read' ? { ...unit, isMute: true } : unit);
    tell(units);
    settle();
    return true;
  };
  const isOn = (id: string, radio: string) =>
    batteries.some((battery) => battery.id === id && (battery.radio ?? radios[0].name) === radio);
  return {
    units,
    over,
    give,
    /** Those that still wait, of one radio or of all, will not be read. */
    giveUp(whyOf: (unit: HeardUnit) => string, radio?: string) {
      for (const [id, unit] of units)
        if (radio === undefined || isOn(id, radio)) give(id, { state: 'failed', why: whyOf(unit) });
      settle();
    },
  };
}

/** Resolves with what came of each when all were read, when time is over, or when nobody waits any more. `tell` hears each change. */
export async function readOnce(
  order: ListenOrder,
  { startEar, after, limitMs, left }: ReadGround,
  tell: (units: Units) => void,
): Promise<Units> {
  const { units, over, give, giveUp } = answersOf(order, tell);
  const waiting = waits(after);
  const listenOn = () => waiting.begin('news', QUIET_MS, () => giveUp(whyNot));
  const heard = (report: EarReport) => {
    const unit = news(report);
    if ('battery' in report && report.battery !== undefined && unit) {
      if (give(report.battery, unit)) listenOn();
    } else if (report.type === 'adapter') {
      const { radio, state, why = `${radio} is ${state}` } = report;
      waiting.end(radio);
      if (state !== 'ready') waiting.begin(radio, ADAPTER_MS, () => giveUp(() => why, radio));
    }
  };
  const ended = (why: string) => giveUp(() => `the radio process ended (${why}); try again`);
  const ear = childTask<EarReport>(startEar, order, { after, heard, ended });
  waiting.begin('the end', limitMs, () => giveUp(whyNot));
  listenOn();
  const leave = () => giveUp(() => LEFT);
  left.addEventListener('abort', leave, { once: true });
  if (left.aborted) leave();
  await over;
  waiting.endAll();
  left.removeEventListener('abort', leave);
  await ear.stop();
  return units;
}
