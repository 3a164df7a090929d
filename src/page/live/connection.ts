// The stream of the live document, as signals. It is taken up again by itself, and rests while nobody looks.
import { batch, computed, signal } from '@preact/signals';
import type { Live, LiveMessage } from '../../model/api/live.ts';
import { waitBefore } from './backoff.ts';
import { type Offset, offsetAfter } from './clock.ts';
import { type Known, nothingKnown, taken } from './message.ts';

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
/** Only then may anything be changed. */
export const isLive = computed(() => link.value === 'live');

const SILENT_AFTER_MS = 5000;
const TICK_MS = 1000;

let source: EventSource | undefined;
let known: Known = nothingKnown;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let whenRefused: () => Promise<boolean> = async () => true;

function hear(message: LiveMessage): void {
  const came = performance.now();
  known = taken(known, message);
  batch(() => {
    heardAtMs.value = came;
    browserNowMs.value = came;
    wallMs.value = message.wall_ms;
    offset.value = offsetAfter(offset.value, message.now_ms, came);
    if (!known.live) return;
    attempt = 0;
    live.value = known.live;
    link.value = 'live';
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
  let isFirst = true;
  opened.addEventListener('live', ({ data }) => {
    if (source !== opened) return;
    // Another gateway, or one that was started anew, has another clock.
    if (isFirst) offset.value = undefined;
    isFirst = false;
    // The stream carries these messages and no others.
    hear(JSON.parse(data) as LiveMessage);
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

/** While messages come they move the time; the clock goes on by itself where none did. */
function tick(): void {
  const now = performance.now();
  const silentMs = now - (heardAtMs.value ?? 0);
  if (silentMs < TICK_MS) return;
  browserNowMs.value = now;
  if (source && link.value === 'live' && silentMs > SILENT_AFTER_MS) lose();
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
