// A child process for one task: it is ended politely, and then for certain, before the next may have the radio.
import type { Message, Start } from '../child.ts';
import type { After } from '../model/timers.ts';

const STOP_MS = 3000;

export interface ChildTask {
  /** Resolves when the process is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts a child with its one order. `ended` comes only where nobody stopped it. */
export function childTask<Report extends Message>(
  start: Start,
  order: Message,
  { heard, ended, after }: { heard: (report: Report) => void; ended: (why: string) => void; after: After },
): ChildTask {
  let isStopping = false;
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const running = start(
    // The child is this program's own, which sends nothing but these.
    (message) => !isStopping && message.type !== 'pong' && heard(message as Report),
    (why) => {
      resolve();
      if (!isStopping) ended(why);
    },
  );
  running.send(order, () => {});
  return {
    async stop() {
      isStopping = true;
      running.send({ type: 'stop' }, () => {});
      const cancel = after(STOP_MS, () => running.kill());
      await gone;
      cancel();
    },
  };
}
