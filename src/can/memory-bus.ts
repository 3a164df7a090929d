import type { CanFrame } from '../model/can-frame.ts';
import { GatewayError } from '../model/errors.ts';
import type { CanFault, CanLine, CanListener, CanTrouble } from './port.ts';

/** A CAN bus without a wire, for the demo and for tests: each port hears what the others send, at once. */
export interface MemoryBus extends CanLine {
  /** From now on sends fail for this reason, and nothing opens while it is `unavailable`; `undefined` mends it. */
  readonly suffer: (trouble: CanTrouble | undefined) => void;
  /** As if each controller had said so. After `stopped` every port is dead. */
  readonly fault: (fault: CanFault) => void;
}

const copy = (frame: CanFrame): CanFrame => ({ ...frame, data: frame.data.slice() });

export function memoryBus(name = 'memory'): MemoryBus {
  const ports = new Set<CanListener>();
  let trouble: CanTrouble | undefined;

  function send(from: CanListener, frame: CanFrame): boolean {
    if (trouble || !ports.has(from)) return false;
    for (const port of ports) if (port !== from) port.onFrame(copy(frame));
    return true;
  }

  return {
    name,
    open(listener) {
      if (trouble?.kind === 'unavailable')
        throw new GatewayError('PORT_UNAVAILABLE', { port: name, why: trouble.why, remedy: trouble.remedy });
      // One of its own, so that the same listener may open two ports.
      const port = { ...listener };
      ports.add(port);
      return { send: (frame) => send(port, frame), close: () => ports.delete(port) };
    },
    trouble: () => trouble,
    suffer(next) {
      trouble = next;
    },
    fault(fault) {
      const hearers = [...ports];
      if (fault === 'stopped') ports.clear();
      for (const port of hearers) port.onFault(fault);
    },
  };
}
