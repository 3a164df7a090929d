// A slave at a line that takes whatever it answers.
import { answerPdu } from '../../src/modbus/pdu.ts';
import type { Slave } from '../../src/modbus/slave.ts';

/** The reply to a request, sent. */
export function sentReply(slave: Slave, request: Uint8Array): Uint8Array | undefined {
  const reply = answerPdu(slave, request, false);
  slave.taken?.()?.();
  return reply;
}
