// Writes what one host on the virtual air says and hears into a snoop log, as Android would.
import type { Logged } from '../bms/snoop-log.ts';
import type { Air } from './air.js';

/** Begins at once, for every host that attaches to controller `n` from now on; the log grows as they talk. */
export function tap(air: Air, n: number): readonly Logged[] {
  const log: Logged[] = [];
  const beganMs = performance.now();
  const micros = () => BigInt(Math.round((performance.now() - beganMs) * 1000));
  const attach = air.attach.bind(air);
  air.attach = (controller, send) => {
    if (controller !== n) return attach(controller, send);
    const note = (received: boolean, packet: Buffer) =>
      log.push({ received, packet: [...packet], micros: micros() });
    const host = attach(controller, (packet) => {
      note(true, packet);
      send(packet);
    });
    return {
      ...host,
      packet(packet) {
        note(false, packet);
        host.packet(packet);
      },
    };
  };
  return log;
}
