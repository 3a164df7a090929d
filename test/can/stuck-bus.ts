import type { CanListener, CanTrouble } from '../../src/can/port.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';

/** A controller and the kernel's queue before it: frames wait there while nobody on the bus acknowledges. */
export function stuckBus({ queue = 1000, acknowledged = true, carriedBefore = 100, counts = true } = {}) {
  const waiting: CanFrame[] = [];
  const out: CanFrame[] = [];
  let isAcknowledged = acknowledged;
  let trouble: CanTrouble | undefined;
  let listener: CanListener | undefined;
  const traffic = { carried: carriedBefore, heard: 1 };

  function flow(): void {
    while (isAcknowledged) {
      const frame = waiting.shift();
      if (!frame) return;
      out.push(frame);
      if (counts) traffic.carried++;
    }
  }

  function send(frame: CanFrame): boolean {
    if (trouble?.kind === 'unavailable' || waiting.length >= queue) return false;
    // Without a carrier the kernel takes every frame and throws it away.
    if (!trouble) waiting.push(frame);
    flow();
    return true;
  }

  return {
    name: 'can0',
    opened: 0,
    out,
    waiting,
    traffic: () => traffic,
    trouble: () => trouble,
    open(ear: CanListener) {
      this.opened++;
      listener = ear;
      return { send, close() {} };
    },
    acknowledge(yes: boolean) {
      isAcknowledged = yes;
      flow();
    },
    suffer(next: CanTrouble | undefined) {
      trouble = next;
      if (next) waiting.length = 0;
    },
    hear: (frame: CanFrame) => listener?.onFrame(frame),
    fault: (fault: Parameters<CanListener['onFault']>[0]) => listener?.onFault(fault),
    /** The interface was made anew: it counts from zero. */
    recount() {
      traffic.carried = 0;
    },
    /** Down and up again, so soon that nobody saw it: what waited is gone. */
    flush() {
      waiting.length = 0;
    },
  };
}
