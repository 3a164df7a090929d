// A stream that is open only while somebody watches, and not while the page is hidden. It is taken up again by itself.
import { type Signal, signal } from '@preact/signals';

/** `refused`: the gateway does not give it, or not now. */
export type StreamState = 'off' | 'opening' | 'on' | 'refused';

export interface WatchedStream {
  readonly state: Signal<StreamState>;
  /** Calling the result ends it for this watcher. */
  readonly watch: () => () => void;
}

const AGAIN_MS = 3000;

interface StreamHearing {
  /** Its name on the stream. */
  readonly event: string;
  readonly hear: (data: string) => void;
  /** It was opened, for the first time or again. */
  readonly begin?: () => void;
}

export function watchedStream(path: string, { event, hear, begin }: StreamHearing): WatchedStream {
  const state = signal<StreamState>('off');
  let watchers = 0;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function hangUp(): void {
    clearTimeout(timer);
    source?.close();
    source = undefined;
    state.value = 'off';
  }

  function open(): void {
    if (watchers === 0 || document.hidden) return;
    hangUp();
    state.value = 'opening';
    const opened = new EventSource(path);
    source = opened;
    opened.addEventListener('open', () => {
      state.value = 'on';
      begin?.();
    });
    opened.addEventListener(event, ({ data }) => {
      // Whoever answers late is not listened to any more.
      if (source === opened && typeof data === 'string') hear(data);
    });
    opened.addEventListener('error', () => {
      if (source !== opened) return;
      hangUp();
      state.value = 'refused';
      timer = setTimeout(open, AGAIN_MS);
    });
  }

  const look = () => (document.hidden ? hangUp() : open());

  return {
    state,
    watch() {
      watchers++;
      if (watchers === 1) {
        document.addEventListener('visibilitychange', look);
        open();
      }
      return () => {
        watchers--;
        if (watchers > 0) return;
        document.removeEventListener('visibilitychange', look);
        hangUp();
      };
    },
  };
}
