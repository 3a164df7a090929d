import { driverById } from '../bms/drivers.ts';
import type { Capture, CaptureEntry } from '../bytes/capture.ts';
import { toHex } from '../bytes/hex.ts';
import { GatewayError } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { unitsAsBatteries } from './captured-units.ts';
import { SETTLE_MS } from './linked.ts';
import type { ListenTo } from './orders.ts';
import { type RadioUnit, type UnitPort, unitPort } from './unit-port.ts';

/** Between two notifications of a capture without times: 20 bytes at 9600 baud (BLE reference 1.1). */
const STEP_MS = 20;
/**
 * How many requests ahead one that is asked now may lie, e.g. behind attempts that stayed silent. Only requests of ours count:
 * a maker's app may ask for a hundred settings between.
 */
const LOOK_AHEAD = 8;

export interface ReplayOptions {
  readonly capture: Capture;
  /** The unit's name in the capture; lines without one belong to every unit. */
  readonly unit: string;
  readonly advert: RadioUnit['advert'];
  readonly gatt: RadioUnit['gatt'];
  readonly timers: Timers;
  /** Begins again at the end instead of falling silent. */
  readonly isLooped?: boolean;
}

/** Where the request `wanted` stands at or after `from`; undefined when it is not among the next few of those that are asked. */
function indexOfRequest(
  entries: readonly CaptureEntry[],
  from: number,
  wanted: string,
  asked: ReadonlySet<string>,
): number | undefined {
  let seen = 0;
  for (let i = from; i < entries.length && seen < LOOK_AHEAD; i++) {
    const entry = entries[i];
    const hex = entry?.from === 'us' ? toHex(entry.bytes) : '';
    if (hex === wanted) return i;
    if (asked.has(hex)) seen++;
  }
  return undefined;
}

/** What the battery said after the request at `at`, each with its time after that request. */
export function answersAfter(
  entries: readonly CaptureEntry[],
  at: number,
): readonly { readonly afterMs: number; readonly bytes: Uint8Array }[] {
  const next = entries.findIndex((entry, i) => i > at && entry.from === 'us');
  const asked = entries[at]?.seconds;
  return entries.slice(at + 1, next < 0 ? undefined : next).map(({ seconds, bytes }, i) => ({
    bytes,
    afterMs:
      asked === undefined || seconds === undefined || seconds < asked
        ? (i + 1) * STEP_MS
        : (seconds - asked) * 1000,
  }));
}

/** What the battery said before it was first asked: the talk of a unit that talks by itself. */
function unasked(entries: readonly CaptureEntry[]): ReturnType<typeof answersAfter> {
  const asked = entries.findIndex(({ from }) => from === 'us');
  const own = entries.slice(0, asked < 0 ? undefined : asked);
  const [first] = own;
  return own.map(({ seconds, bytes }, i) => ({
    bytes,
    afterMs:
      seconds === undefined || first?.seconds === undefined
        ? (i + 1) * STEP_MS
        : STEP_MS + (seconds - first.seconds) * 1000,
  }));
}

/**
 * Says one after the other at its time, once its listener has settled; a new listener hears what is left. Looped, it begins
 * again at the end.
 */
function recital(talk: ReturnType<typeof answersAfter>, timers: Timers, isLooped: boolean) {
  let next = 0;
  return (say: (bytes: Uint8Array) => void): (() => void) => {
    let cancel = () => {};
    const goOn = (leadMs: number) => {
      if (isLooped && next === talk.length) next = 0;
      const [before, now] = [talk[next - 1], talk[next]];
      if (!now) return;
      cancel = timers.after(leadMs + now.afterMs - (before?.afterMs ?? 0), () => {
        next++;
        say(now.bytes);
        goOn(0);
      });
    };
    goOn(SETTLE_MS);
    return () => cancel();
  };
}

/** A captured unit in place of a real one: speaks in the order and the timing of its capture, then falls silent. */
export function replayedUnit({ capture, unit, advert, gatt, timers, isLooped }: ReplayOptions): RadioUnit {
  const entries = capture.entries.filter((entry) => entry.unit === undefined || entry.unit === unit);
  let at = 0;
  const requests = new Set<string>();
  const find = (request: Uint8Array) => {
    const hex = toHex(request);
    requests.add(hex);
    const next = indexOfRequest(entries, at, hex, requests);
    return next === undefined && isLooped ? indexOfRequest(entries, 0, hex, requests) : next;
  };
  /** Where there are requests, the capture begins anew by them. */
  const isAsked = entries.some(({ from }) => from === 'us');
  return {
    advert,
    gatt,
    subscribed: recital(unasked(entries), timers, (isLooped ?? false) && !isAsked),
    asked: (request, say) => {
      const found = find(request);
      if (found === undefined) return;
      at = found + 1;
      for (const { afterMs, bytes } of answersAfter(entries, found)) timers.after(afterMs, () => say(bytes));
    },
  };
}

export interface ReplayPortOptions {
  readonly capture: Capture;
  readonly batteries: readonly ListenTo[];
  readonly timers: Timers;
  readonly isLooped?: boolean;
}

/** A capture in place of the radio: each battery is the unit of its id or its address. */
export function replayPort({ capture: raw, batteries, timers, isLooped }: ReplayPortOptions): UnitPort {
  const capture = unitsAsBatteries(raw, batteries);
  const units = batteries.map(({ id, bms, address }) => {
    const gatt = driverById(bms)?.gatt[0];
    if (!gatt) throw new GatewayError('REFUSED', { message: `battery ${id}: there is no driver "${bms}"` });
    const advert = { address, services: [gatt.service] };
    return replayedUnit({ capture, unit: id, advert, gatt, timers, ...(isLooped && { isLooped }) });
  });
  return unitPort(units, timers);
}
