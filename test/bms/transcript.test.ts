import { describe, expect, test } from 'vitest';
import { jbd, jbdUart } from '../../src/bms/jbd.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { parseCapture } from '../../src/bytes/capture.ts';

function said(text: string, request?: Uint8Array) {
  const capture = parseCapture(text);
  if ('message' in capture) throw new Error(capture.message);
  return transcribe(jbd, capture.entries, request).said.map(({ unit, answer }) =>
    answer.kind === 'part' ? [unit, answer.part] : [unit, answer.kind],
  );
}

describe('a capture', () => {
  test('of two units that answer in turns is heard unit by unit', () => {
    expect(
      said(`
        0 a > dd a5 04 00 ff fc 77
        0 b > dd a5 04 00 ff fc 77
        1 a < dd 04 00 02
        1 b < dd 04 00 02 0c
        2 a < 0c e4 ff 0e 77
        2 b < e4 ff 0e 77`),
    ).toEqual([
      ['a', 'cells'],
      ['b', 'cells'],
    ]);
  });

  test('a half answer ends with the next request, and the good frame that it hid is still told', () => {
    expect(
      said(`
        > dd a5 04 00 ff fc 77
        < 00 dd 00 00 40 dd 04 00 02 0c e4 ff 0e 77
        > dd a5 04 00 ff fc 77
        < dd 04 00 02 0c e4 ff 0e 77`),
    ).toEqual([
      [undefined, 'cells'],
      [undefined, 'cells'],
    ]);
  });

  test('an answer is measured by the request that is pending', () => {
    const askBasic = jbdUart.requests({})[0]?.bytes;
    expect(said('< dd 04 00 02 0c e4 ff 0e 77', askBasic)).toEqual([[undefined, 'rejected']]);
    expect(said('< dd 04 00 02 0c e4 ff 0e 77')).toEqual([[undefined, 'cells']]);
  });
});
