// The step between a wire and the map: nothing that a map throws may reach the wire as anything but exception 04.
import type { LinkEvents } from './link.ts';
import { answerPdu, exceptionReply } from './pdu.ts';
import type { Slave } from './slave.ts';

export function answerOrFault(
  slave: Slave,
  pdu: Uint8Array,
  broadcast: boolean,
  onFault: LinkEvents['onFault'],
): Uint8Array | undefined {
  try {
    return answerPdu(slave, pdu, broadcast);
  } catch (error) {
    onFault?.(error);
    return broadcast ? undefined : exceptionReply(pdu[0] ?? 0, 4);
  }
}

/** Was a request refused? */
export const isException = (reply: Uint8Array | undefined): boolean => ((reply?.[0] ?? 0) & 0x80) !== 0;
