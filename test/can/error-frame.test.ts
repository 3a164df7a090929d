import { expect, test } from 'vitest';
import { errorKindOf, faultOf } from '../../src/can/error-frame.ts';

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

// For who looks, every error frame is something, the gravest of what it says.
test.each([
  ['bus-off', 0x244, '0020000000008060'],
  ['no-ack', 0x008, '0000001900000000'],
  ['error-passive', 0x28c, '0010000400000000'],
  ['error-warning', 0x204, '0008000000006000'],
  ['overflow', 0x004, '0001000000000000'],
  ['damaged', 0x088, '0000040000000000'],
  ['damaged', 0x008, '0000800a00000000'],
  ['transceiver', 0x010, '0000000004000000'],
  ['arbitration', 0x002, '0500000000000000'],
  ['timeout', 0x001, '0000000000000000'],
  ['other', 0x200, '0000000000000000'],
] as const)('%s, of class %i', (kind, id, hex) => {
  expect(errorKindOf(id, Buffer.from(hex, 'hex'))).toBe(kind);
});
