// A browser as the office sees it: it reads `/live` for as long as it may, and begins again when it was turned away.
import { get } from 'node:http';

export interface LiveReader {
  /** Gives how many messages it heard. */
  readonly stop: () => number;
}

const AGAIN_MS = 200;

/** One connection, to its end. */
const listen = (origin: string, signal: AbortSignal, onText: (text: string) => void): Promise<void> =>
  new Promise((resolve) => {
    get(`${origin}/api/v1/live`, { agent: false, signal }, (answer) => {
      answer.setEncoding('utf8').on('data', onText);
      answer.on('error', () => {}).on('close', () => resolve());
    }).on('error', () => resolve());
  });

export function liveReader(origin: string): LiveReader {
  let heard = 0;
  const over = new AbortController();
  const count = (text: string) => {
    heard += text.match(/^event: live$/gm)?.length ?? 0;
  };
  const read = async () => {
    while (!over.signal.aborted) {
      await listen(origin, over.signal, count);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  void read();
  return {
    stop() {
      over.abort();
      return heard;
    },
  };
}
