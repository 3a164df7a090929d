import type { Advert } from '../bms/driver.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import { addressKey, type BleLink, type BlePort } from './port.ts';
import { slots } from './slots.ts';

/** A connect attempt has no time limit of its own in the stacks (packages, section 4): this one. */
export const CONNECT_MS = 20_000;
/** The limit while another unit waits. */
export const CONNECT_WHILE_OTHERS_WAIT_MS = 5_000;
/** How long a unit is listened for before its turn counts as failed. */
export const LISTEN_MS = 20_000;

export interface TurnRequest {
  readonly address: string;
  /** Monotonic ms of what is known of this unit; the oldest is served first. */
  readonly knownAtMs: number;
  readonly signal: AbortSignal;
  /** The unit was heard on the air during this turn. */
  readonly onHeard?: (advert: Advert) => void;
  readonly onConnecting?: () => void;
  /** Another unit waits and no link is free: this one is to be given back soon. */
  readonly onWanted?: () => void;
}

/** Whose turn it is on one adapter: one connect at a time, no scan meanwhile, never more links than it has slots. */
export interface Turns {
  readonly connect: (request: TurnRequest) => Promise<BleLink>;
  /** While the adapter is away turns wait instead of failing. */
  readonly adapterReady: (isReady: boolean) => void;
}

interface Waiter extends TurnRequest {
  readonly key: string;
  readonly resolve: (link: BleLink) => void;
  readonly reject: (error: unknown) => void;
}

const NOT_HEARD = `not heard for ${LISTEN_MS / 1000} s: out of reach, off, or in use by a phone`;

const failed = (address: string, why: string) =>
  new GatewayError('BLE_FAILED', { address, step: 'connect', why });

export function turns(port: BlePort, timers: Timers, most = Number.POSITIVE_INFINITY): Turns {
  /**
   * Units heard since their last attempt: only these are connected to, so an absent one blocks nobody. A link that was lost may
   * mean that its unit is out of reach, and on the kernel's HCI each attempt on an absent one holds the whole process for 2 s.
   */
  const heard = new Set<string>();
  let waiting: Waiter[] = [];
  let isReady = true;
  let isWorking = false;
  let isScanning = false;
  let attempt: { readonly startedMs: number; readonly end: (why: string) => void } | undefined;
  let wake = () => {};
  const links = slots(most, () => changedLinks());

  const leave = (waiter: Waiter) => {
    waiting = waiting.filter((w) => w !== waiter);
    wake();
  };

  const onAdvert = (advert: Advert) => {
    const key = addressKey(advert.address);
    const waiter = waiting.find((w) => w.key === key);
    if (!waiter || heard.has(key)) return;
    heard.add(key);
    waiter.onHeard?.(advert);
    changedLinks();
  };

  const onAir = () => waiting.filter(({ key }) => heard.has(key));

  /** Only units that are on the air need a link: an absent one takes nobody's. */
  const changedLinks = () => {
    links.need(onAir().length + (attempt ? 1 : 0));
    wake();
  };

  const oldestHeard = () => onAir().sort((a, b) => a.knownAtMs - b.knownAtMs)[0];

  const nextUp = () => (isReady && links.isFree() ? oldestHeard() : undefined);

  const scan = async (on: boolean) => {
    if (isScanning === on) return;
    await (on ? port.scan(onAdvert) : port.stopScan());
    isScanning = on;
  };

  const hurry = () => {
    const spentMs = attempt ? timers.now() - attempt.startedMs : 0;
    if (waiting.length > 0 && spentMs >= CONNECT_WHILE_OTHERS_WAIT_MS)
      attempt?.end(`no link within ${Math.round(spentMs / 1000)} s, and another unit waits`);
  };

  const serve = async (waiter: Waiter) => {
    leave(waiter);
    const ending = new AbortController();
    const { signal } = ending;
    const end = (why: string) => ending.abort(failed(waiter.address, why));
    const onAbort = () => ending.abort(waiter.signal.reason);
    waiter.signal.addEventListener('abort', onAbort);
    const cancel = timers.after(CONNECT_WHILE_OTHERS_WAIT_MS, hurry);
    attempt = { startedMs: timers.now(), end };
    waiter.onConnecting?.();
    try {
      const link = await port.connect(waiter.address, { timeoutMs: CONNECT_MS, signal });
      waiter.resolve(links.hold(link, () => waiter.onWanted?.()));
    } catch (error) {
      waiter.reject(error);
    } finally {
      heard.delete(waiter.key);
      waiter.signal.removeEventListener('abort', onAbort);
      cancel();
      attempt = undefined;
      changedLinks();
    }
  };

  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  const step = async () => {
    const change = changed();
    const next = nextUp();
    if (next) {
      await scan(false);
      return serve(next);
    }
    if (isReady) await scan(waiting.length > 0);
    if (waiting.length > 0 && !nextUp()) await change;
  };

  const work = async () => {
    if (isWorking) return;
    isWorking = true;
    while (waiting.length > 0 || isScanning) {
      try {
        await step();
      } catch (error) {
        for (const waiter of waiting) waiter.reject(failed(waiter.address, sentence(error)));
        waiting = [];
        isScanning = false;
      }
    }
    isWorking = false;
  };

  const drop = (waiter: Waiter, error: unknown) => {
    if (!waiting.includes(waiter)) return;
    leave(waiter);
    waiter.reject(error);
  };

  /** A turn that hears nothing in its time has failed; time without an adapter does not count. */
  const listenFor = (waiter: Waiter): (() => void) => {
    let cancel = () => {};
    const again = () => {
      cancel = timers.after(LISTEN_MS, () => {
        if (!isReady || heard.has(waiter.key)) again();
        else drop(waiter, failed(waiter.address, NOT_HEARD));
      });
    };
    again();
    return () => cancel();
  };

  const connect = (request: TurnRequest): Promise<BleLink> => {
    const { promise, resolve, reject } = Promise.withResolvers<BleLink>();
    const waiter = { ...request, key: addressKey(request.address), resolve, reject };
    const onAbort = () => drop(waiter, request.signal.reason);
    const stopListening = listenFor(waiter);
    request.signal.addEventListener('abort', onAbort);
    waiting.push(waiter);
    hurry();
    wake();
    void work();
    return promise.finally(() => {
      stopListening();
      request.signal.removeEventListener('abort', onAbort);
    });
  };

  return {
    connect,
    adapterReady: (ready) => {
      isReady = ready;
      if (!ready) isScanning = false;
      wake();
    },
  };
}
