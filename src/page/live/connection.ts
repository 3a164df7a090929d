// The stream of the live document, as signals. It is taken up again by itself, and rests while nobody looks.
import { batch, computed, signal } from '@preact/signals';
import type { Live, LiveMessage } from '../../model/api/live.ts';
import { waitBefore } from './backoff.ts';
import { firstOffset, hasJumped, type Offset, offsetAfter, SLOW_MS } from './clock.ts';
import { type Known, nothingKnown, taken } from './message.ts';
import { isStillAt } from './still.ts';

/** `connecting` until the first whole document; `lost` when the gateway is not heard any more. */
export type Link = 'connecting' | 'live' | 'lost';

export const live = signal<Live | undefined>(undefined);
export const link = signal<Link>('connecting');
/** Moments of this browser's own monotonic clock. */
export const heardAtMs = signal<number | undefined>(undefined);
export const browserNowMs = signal(performance.now());
/** The gateway's wall clock at the last message, ms since 1970. */
export const wallMs = signal<number | undefined>(undefined);
const offset = signal<Offset | undefined>(undefined);

/** The gateway's monotonic now; undefined before it was ever heard. It goes on while the link is lost, and so do the ages. */
export const nowMs = computed(() => {
  const known = offset.value;
  return known === undefined ? undefined : browserNowMs.value + known.ms;
});
/** The page is served, and yet the gateway judges nothing any more: what serves the inverters hangs, or is gone. */
export const isStill = computed(() => link.value === 'live' && isStillAt(live.value?.bank, nowMs.value));
/** Only then is anything fresh, and only then may anything be changed. */
export const isLive = computed(() => link.value === 'live' && !isStill.value);

const SILENT_AFTER_MS = 5000;
/** A stream that was asked for and says nothing is asked for anew. */
const OPENING_MS = 30_000;
/** One that was slow to begin is held to be old; whether it still is shows a new one. */
const DOUBT_MS = 15_000;
const TICK_MS = 1000;

let source: EventSource | undefined;
let askedAtMs = 0;
let isDoubtful = false;
let known: Known = nothingKnown;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let whenRefused: () => Promise<boolean> = async () => true;

function timeOf({ now_ms }: LiveMessage, came: number, isFirst: boolean): Offset {
  // Another gateway, or one that was started anew, has another clock.
  if (!isFirst && offset.value) return offsetAfter(offset.value, now_ms, came);
  isDoubtful = came - askedAtMs > SLOW_MS;
  return firstOffset(now_ms, askedAtMs, came);
}

function hear(message: LiveMessage, isFirst: boolean): void {
  const came = performance.now();
  known = taken(known, message);
  batch(() => {
    heardAtMs.value = came;
    browserNowMs.value = came;
    wallMs.value = message.wall_ms;
    offset.value = timeOf(message, came, isFirst);
    if (known.live) {
      attempt = 0;
      live.value = known.live;
      link.value = 'live';
    } else if (link.value === 'live') link.value = 'connecting';
  });
}

function hangUp(): void {
  source?.close();
  source = undefined;
  clearTimeout(timer);
  known = nothingKnown;
}

function open(): void {
  hangUp();
  const opened = new EventSource('/api/v1/live');
  source = opened;
  askedAtMs = performance.now();
  let isFirst = true;
  opened.addEventListener('live', ({ data }) => {
    if (source !== opened) return;
    // The stream carries these messages and no others.
    hear(JSON.parse(data) as LiveMessage, isFirst);
    isFirst = false;
  });
  opened.addEventListener('error', () => source === opened && lose());
}

function lose(): void {
  hangUp();
  if (link.value === 'live' || attempt > 0) link.value = 'lost';
  timer = setTimeout(
    async () => {
      if (await whenRefused()) open();
    },
    waitBefore(attempt++, Math.random()),
  );
}

const apartNow = (): number => Date.now() - performance.now();
let apartMs = apartNow();

/** A machine that sleeps stops the monotonic clock of its browsers: ages stood still meanwhile. */
function hasSlept(): boolean {
  const before = apartMs;
  apartMs = apartNow();
  return hasJumped(before, apartMs);
}

/** Nothing comes from a stream that is open, or was asked for. */
function mindSilence(now: number): void {
  const silentMs = now - Math.max(askedAtMs, heardAtMs.value ?? 0);
  if (silentMs <= SILENT_AFTER_MS) return;
  if (link.value === 'live' || silentMs > OPENING_MS) lose();
  else link.value = 'lost';
}

/** While messages come they move the time; the clock goes on by itself where none did. */
function tick(): void {
  const now = performance.now();
  if (hasSlept() && source) resume();
  if (now - (heardAtMs.value ?? 0) >= TICK_MS) browserNowMs.value = now;
  if (!source) return;
  if (isDoubtful && link.value === 'live' && now - askedAtMs > DOUBT_MS) {
    isDoubtful = false;
    open();
  } else mindSilence(now);
}

/** At once, not when it is due. */
export function connectNow(): void {
  attempt = Math.max(1, attempt);
  open();
}

/** Nobody may look any more: nothing of what was seen stays. */
export function disconnect(): void {
  hangUp();
  batch(() => {
    live.value = undefined;
    link.value = 'connecting';
    heardAtMs.value = undefined;
    offset.value = undefined;
  });
}

let isStarted = false;

/** `mayGoOn` is asked before each new attempt: false where somebody has to log in first. */
export function connect(mayGoOn: () => Promise<boolean>): void {
  whenRefused = mayGoOn;
  attempt = 0;
  open();
  if (isStarted) return;
  isStarted = true;
  setInterval(tick, TICK_MS);
  const look = () => {
    if (document.hidden) hangUp();
    else if (link.value !== 'connecting' || heardAtMs.value !== undefined) resume();
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', hangUp);
  addEventListener('pageshow', ({ persisted }) => persisted && resume());
}

/** A browser that slept did not count: what it shows is not live until a whole document has come. */
function resume(): void {
  if (heardAtMs.value !== undefined) link.value = 'connecting';
  open();
}
