import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jbd, jbdUart } from '../../src/bms/jbd.ts';
import { frameOf } from '../../src/bms/jbd-frame.ts';
import { forgetRest, hear, hearLast, nothingHeard } from '../../src/bms/listener.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { captured, hex, tell } from './captures.ts';

const askBasic = hex('dda50300fffd77');
const askCells = hex('dda50400fffc77');
// 30 cells of 3447 and 3549 mV, 0d 77 and 0d dd: every other payload byte looks like an end or a start.
const cells = frameOf(
  4,
  0,
  Array.from({ length: 60 }, (_, i) => [0x0d, 0x77, 0x0d, 0xdd][i % 4] ?? 0),
);
const chunks = (bytes: Uint8Array, size = 20) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
const [first = new Uint8Array(), ...others] = chunks(cells);
const parts = (told: { answers: readonly { kind: string }[] }) => told.answers.map(({ kind }) => kind);

describe('notifications of 20 bytes become one answer', () => {
  test('a payload full of 77 and DD ends where its length says, after four notifications', () => {
    expect(chunks(cells)).toHaveLength(4);
    expect(tell(chunks(cells), askCells)).toEqual({
      answers: [
        {
          kind: 'part',
          part: 'cells',
          reading: { cellVoltagesV: Array.from({ length: 30 }, (_, i) => (i % 2 ? 3.549 : 3.447)) },
        },
      ],
      heard: nothingHeard,
    });
  });

  test('a repeated first notification costs its own bytes and nothing else', () => {
    const told = tell([first, first, ...others], askCells);
    expect(parts(told)).toEqual(['part']);
    expect(told.heard.skippedBytes).toBe(first.length);
  });

  test.each(['dd 05 00', 'dd 04 0c'])('a payload piece that starts %s begins no answer to 0x04', (start) => {
    const data = Uint8Array.of(...new Uint8Array(15), ...hex(start), ...new Uint8Array(22));
    expect(parts(tell(chunks(frameOf(4, 0, data), 19), askCells))).toEqual(['part']);
  });

  test('telemetry of another protocol between the answers is skipped', () => {
    const told = transcribe(jbd, captured('jbd/16s-beside-telemetry').entries);
    expect(told.said).toMatchObject([
      { answer: { part: 'name', reading: { name: '0123456789' } } },
      { answer: { part: 'cells', reading: { cellVoltagesV: expect.arrayContaining([3.3, 3.315]) } } },
    ]);
    expect(told.skippedBytes).toBe(64 + 20 + 20);
  });

  test('two answers glued into one notification are two answers', () => {
    expect(parts(tell([Uint8Array.of(...cells, ...cells)], askCells))).toEqual(['part', 'part']);
  });

  test('bytes behind the end mark, which newer firmware echoes, harm neither this answer nor the next', () => {
    const told = tell([Uint8Array.of(...cells, 1, 2, 3, 4), ...chunks(cells)], askCells);
    expect(parts(told)).toEqual(['part', 'part']);
    expect(told.heard.skippedBytes).toBe(4);
  });

  test('a lost middle notification loses that answer only', () => {
    const told = tell([first, ...others.slice(1), ...chunks(cells)], askCells);
    expect(parts(told)).toEqual(['part']);
  });

  test('an answer with one flipped bit, wherever it is, is none', () => {
    fc.assert(
      fc.property(fc.nat(cells.length * 8 - 1), (bit) => {
        const damaged = Uint8Array.from(cells, (byte, i) =>
          i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
        );
        expect(parts(tell(chunks(damaged), askCells)).includes('part')).toBe(false);
      }),
    );
  });

  test('the first half of an answer is forgotten before the next request', () => {
    const half = tell([first], askBasic).heard;
    expect(half.rest.length).toBe(first.length);
    expect(forgetRest(half)).toEqual({ ...nothingHeard, skippedBytes: first.length });
  });

  test('a start that claims too much hides a good frame only until the waiting ends', () => {
    const told = tell([Uint8Array.of(0xdd, 0x00, 0x00, 0xff, ...hex('dd040002 0ce4 ff0e 77'))], askCells);
    expect(told.answers).toEqual([]);
    const last = hearLast({ dialect: jbdUart, request: askCells }, told.heard);
    expect(last.answers).toMatchObject([{ value: { part: 'cells', reading: { cellVoltagesV: [3.3] } } }]);
    expect(last.heard).toEqual({ ...nothingHeard, skippedBytes: 4 });
  });
});

describe('what cannot be true', () => {
  test('a cell of 6 V is rejected and counted, though its frame is intact', () => {
    expect(tell([frameOf(4, 0, [0x0c, 0xe4, 0x17, 0x70])], askCells)).toEqual({
      answers: [{ kind: 'rejected', why: 'cell 2 cannot have 6 V' }],
      heard: { ...nothingHeard, rejectedFrames: 1 },
    });
  });
});

describe('whatever the radio brings', () => {
  const noise = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom(
        first,
        ...others,
        hex('dd'),
        hex('dd0300ff'),
        hex('dd030000000077'),
        hex('ffaa1701374f'),
      ),
    ),
    { maxLength: 60 },
  );
  const asked = fc.constantFrom(undefined, askBasic, askCells);

  test('nothing throws, nothing grows, no number is NaN', () => {
    fc.assert(
      fc.property(noise, asked, (notifications, request) => {
        const { answers, heard } = tell(notifications, request);
        expect(heard.rest.length).toBeLessThanOrEqual(512);
        expect(JSON.stringify(answers)).not.toContain(':null');
      }),
    );
  });

  test('a good answer behind it is found', () => {
    fc.assert(
      fc.property(noise, (notifications) => {
        const { heard } = tell(notifications, askCells);
        expect(parts(tell(chunks(cells), askCells, heard))).toContain('part');
      }),
    );
  });

  test('a good answer glued behind it is found, at the latest when nothing more comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (garbage) => {
        const now = hear({ dialect: jbdUart }, nothingHeard, Uint8Array.of(...garbage, ...cells));
        const last = hearLast({ dialect: jbdUart }, now.heard);
        const found = [...now.answers, ...last.answers].map(({ value }) => value.kind);
        expect(found).toContain('part');
      }),
    );
  });
});
