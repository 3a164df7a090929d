import { describe, expect, test } from 'vitest';
import { assemble, nothingHeld } from '../../src/bms/overheard/l2cap.ts';
import { hex } from './captures.ts';

// Core Specification, vol 3 part A, 3.1: length 3, channel 4 (attributes), then the packet.
const whole = hex('03 00 04 00 0a 0d 00');

describe('a packet of the attribute channel', () => {
  test('in one piece, or in two cut anywhere', () => {
    expect(assemble(nothingHeld, true, whole)).toEqual({
      assembly: nothingHeld,
      isLoss: false,
      att: hex('0a0d00'),
    });
    for (let cut = 1; cut < whole.length; cut++) {
      const { assembly, att, isLoss } = assemble(nothingHeld, true, whole.subarray(0, cut));
      expect([att, isLoss]).toEqual([undefined, false]);
      expect(assemble(assembly, false, whole.subarray(cut)).att).toEqual(hex('0a0d00'));
    }
  });

  test('of another channel is none, and no loss', () => {
    expect(assemble(nothingHeld, true, hex('01 00 05 00 aa'))).toEqual({
      assembly: nothingHeld,
      isLoss: false,
    });
    expect(assemble(nothingHeld, true, hex('01 00 04 01 aa')).att).toBeUndefined();
  });

  test.each([
    ['a piece that goes on where nothing began', nothingHeld, false, whole],
    ['a damaged piece', { held: hex('0300') }, false, undefined],
    ['more bytes than the length says', nothingHeld, true, hex('03 00 04 00 0a 0d 00 00')],
  ] as const)('%s is a loss, and nothing of it is used', (_, held, isStart, piece) => {
    expect(assemble(held, isStart, piece)).toEqual({ assembly: nothingHeld, isLoss: true });
  });

  test('a new start gives up what waited, and is used itself', () => {
    expect(assemble({ held: hex('0900040001') }, true, whole)).toEqual({
      assembly: nothingHeld,
      isLoss: true,
      att: hex('0a0d00'),
    });
  });
});
