import { expect, test } from 'vitest';
import { faultOf } from '../../src/can/error-frame.ts';

// As candump -e shows them: class bits in the id, then eight bytes.
test.each([
  ['bus-off', 0x040, '0000000000000000'],
  ['bus-off, told together with the counters', 0x244, '0020000000008060'],
  ['restarted', 0x100, '0000000000000000'],
  ['no-ack', 0x020, '0000000000000000'],
  ['no-ack, as a protocol violation in the ACK slot', 0x008, '0000001900000000'],
  ['error-passive', 0x204, '0020000000008000'],
  ['error-active', 0x004, '0040000000000000'],
  ['nothing: only a warning', 0x204, '0008000000006000'],
  ['nothing: arbitration was lost', 0x002, '0500000000000000'],
])('%s', (meaning, id, hex) => {
  const fault = faultOf(id, Buffer.from(hex, 'hex')) ?? 'nothing';
  expect(meaning.split(/[,:]/)[0]).toBe(fault);
});
