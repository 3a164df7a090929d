// The rules of the RS485 reference, section 1.4: how requests are found among all that a line carries. Idle is 50 ms.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { everyFunctionBattery, genericBattery, hex } from './battery.ts';
import { lineWith, request } from './line.ts';
import { dice, noise } from './streams.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SOC = request(1, '03 01 00 00 01');
const SOC_76 = hex(request(1, '03 02 00 4C'));
const WRITE = request(1, '06 01 80 00 07');
const WROTE = hex(WRITE);
/** The idle time, and what the gateway reads before it believes in the silence. */
const IDLE_MS = 52;
const HOUR_MS = 3_600_000;

async function oneBattery(...options: [Parameters<typeof lineWith>[1]?, Parameters<typeof lineWith>[3]?]) {
  const battery = genericBattery();
  const line = await lineWith(new Map([[1, battery]]), options[0], {}, options[1]);
  return { ...line, written: battery.written };
}

const glued = (...frames: readonly Uint8Array[]): Uint8Array => Buffer.concat(frames);

describe('pieces', () => {
  test.each([1, 5, 16, 20, 40])(
    'a request that comes byte by byte, %i ms apart, is answered',
    async (gapMs) => {
      const { hear, pass, said } = await oneBattery();
      for (const byte of SOC) {
        pass(gapMs);
        hear(Uint8Array.of(byte));
      }
      expect(said()).toEqual([SOC_76]);
    },
  );

  test('a write of 255 bytes in pieces of a USB adapter, 62 bytes each 16 ms, is obeyed once', async () => {
    const battery = { ...everyFunctionBattery(), write: vi.fn(() => true) };
    const line = await lineWith(new Map([[1, battery]]));
    const longest = request(1, `10 01 80 00 7B F6${' 00 01'.repeat(123)}`);
    for (let at = 0; at < longest.length; at += 62) {
      line.hear(longest.subarray(at, at + 62));
      line.pass(16);
    }
    expect(line.said()).toEqual([hex(request(1, '10 01 80 00 7B'))]);
    expect(battery.write).toHaveBeenCalledTimes(1);
  });

  test('a request that is cut by a silence of 60 ms is none, and neither half spoils the next', async () => {
    const { hear, pass, said } = await oneBattery();
    hear(SOC.subarray(0, 5));
    pass(60);
    hear(SOC.subarray(5));
    expect(said()).toEqual([]);
    hear(SOC);
    pass(IDLE_MS);
    expect(said()).toEqual([SOC_76]);
  });

  test('after an hour without a byte the next request is answered at once, and the port was never opened anew', async () => {
    const beforeOpen = vi.fn();
    const { hear, pass, said } = await oneBattery({}, { beforeOpen });
    hear('01 03');
    pass(HOUR_MS);
    hear(SOC);
    expect(said()).toEqual([SOC_76]);
    expect(beforeOpen).toHaveBeenCalledTimes(1);
  });

  test('an idle time below twice t3.5 is not taken: at 1200 baud that is 58 ms, and a gap of 50 ms is none', async () => {
    const { hear, pass, said } = await oneBattery({ baud: 1200, idleMs: 10 });
    hear(SOC.subarray(0, 4));
    pass(50);
    hear(SOC.subarray(4));
    expect(said()).toEqual([SOC_76]);
  });
});

describe('noise', () => {
  test.each(['00', 'FF', '00 FF', '00 00 00 00', 'FF FF FF', '7E 0D 55'])(
    '%s right before a request costs it nothing',
    async (noise) => {
      const { hear, said } = await oneBattery();
      hear(`${noise} ${hex(SOC)}`);
      expect(said()).toEqual([SOC_76]);
    },
  );

  test.each(['01', '01 03', '01 10 00 00 00 7B F6', '01 41', '05 03 FF', '01 03 01 00 00 01'])(
    '%s, which begins like a frame, delays a request by the idle time at most',
    async (noise) => {
      const { hear, pass, said } = await oneBattery();
      hear(`${noise} ${hex(SOC)}`);
      pass(IDLE_MS);
      expect(said()).toEqual([SOC_76]);
    },
  );

  test('also where the installer wants a long idle time a write is answered when that is over', async () => {
    const { hear, pass, said } = await oneBattery({ idleMs: 1000 });
    hear(`01 41 ${hex(WRITE)}`);
    pass(999);
    expect(said()).toEqual([]);
    pass(3);
    expect(said()).toEqual([WROTE]);
  });

  test('a read behind noise that looks like the head of a long frame is answered once, as soon as the line rests', async () => {
    const { hear, pass, said } = await oneBattery();
    hear(`02 03 F0 ${hex(SOC)}`);
    pass(5);
    expect(said()).toEqual([]);
    pass(5);
    expect(said()).toEqual([SOC_76]);
    pass(IDLE_MS);
    hear(SOC);
    expect(said()).toEqual([SOC_76]);
  });

  test('what looks like a write inside the answer of another is none, even where its adapter pauses behind it', async () => {
    const { hear, pass, said, written } = await oneBattery();
    const answer = request(2, `03 0C ${hex(WRITE)} 00 00 00 00`);
    hear(answer.subarray(0, 11));
    pass(40);
    hear(answer.subarray(11));
    pass(IDLE_MS);
    expect([said(), written]).toEqual([[], []]);
  });

  test.each([
    [10, 60],
    [20, 120],
    [49, 160],
  ])(
    'that comes each %i ms and never lets the line be idle costs few polls: of 200 more than %i are answered, none with what an older one asked',
    async (everyMs, enough) => {
      const { hear, pass, said } = await oneBattery({ replyDelay: 't3.5' });
      const roll = dice(11);
      const answered: boolean[] = [];
      for (let poll = 0; poll < 200; poll++) {
        const phaseMs = roll(everyMs);
        const count = 1 + (poll % 20);
        const answers: string[] = [];
        hear(request(1, `03 01 00 00 ${hex(Uint8Array.of(count))}`));
        for (let ms = 1; ms <= 300; ms++) {
          if (ms % everyMs === phaseMs) hear(noise(roll).subarray(0, 1 + roll(3)));
          pass(1);
          answers.push(...said());
        }
        expect(answers.every((answer) => answer.startsWith(`01 03 ${hex(Uint8Array.of(2 * count))} `))).toBe(
          true,
        );
        answered.push(answers.length === 1);
      }
      expect(answered.filter(Boolean).length).toBeGreaterThan(enough);
    },
  );

  test.each(['00', '01 03', 'FF FF FF', '01 10 00 00 00 7B F6'])(
    '%s right behind a request does not undo it',
    async (noise) => {
      const { hear, pass, said } = await oneBattery();
      hear(`${hex(SOC)} ${noise}`);
      pass(IDLE_MS);
      expect(said()).toEqual([SOC_76]);
    },
  );

  test('one byte is lost in a request: the next one is heard, though both touch', async () => {
    for (let lost = 0; lost < SOC.length; lost++) {
      const { hear, pass, said } = await oneBattery();
      hear(glued(SOC.subarray(0, lost), SOC.subarray(lost + 1), WRITE));
      pass(IDLE_MS);
      expect(said()).toEqual([WROTE]);
    }
  });

  test('that goes on for a second does not bring out an answer that nobody waits for any more', async () => {
    const { hear, pass, said } = await oneBattery({ replyDelay: 't3.5' });
    hear(SOC);
    for (let ms = 0; ms < 1000; ms += 2) {
      pass(2);
      hear('FF');
    }
    pass(IDLE_MS);
    expect(said()).toEqual([]);
    hear(SOC);
    pass(IDLE_MS);
    expect(said()).toEqual([SOC_76]);
  });
});

describe('requests that touch', () => {
  test('of two the newer is answered, and both are obeyed', async () => {
    const { hear, said, written } = await oneBattery();
    hear(glued(WRITE, SOC));
    expect([said(), written]).toEqual([[SOC_76], ['0x0180=7']]);
  });

  test('of twenty that come one after the other each is answered, in order', async () => {
    const { hear, said } = await oneBattery();
    for (let i = 0; i < 20; i++) hear(i % 2 ? WRITE : SOC);
    expect(said()).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 ? WROTE : SOC_76)));
  });

  test('a master that has gone on to another unit does not wait for us: we stay out of their talk', async () => {
    const { hear, pass, said, written } = await oneBattery();
    hear(glued(WRITE, request(2, '03 00 00 00 02')));
    pass(IDLE_MS);
    expect([said(), written]).toEqual([[], ['0x0180=7']]);
    hear(SOC);
    expect(said()).toEqual([SOC_76]);
  });
});

/** What other slaves are asked and answer, of every function with a known form; `…` is where eight bytes of ours could stand. */
const traps = [
  ['an FC01 answer', '01 08 …'],
  ['an FC03 answer', '03 08 …'],
  ['an FC04 answer', '04 0A 00 00 …'],
  ['an FC12 answer', '0C 0E 00 00 00 00 00 00 …'],
  ['an FC15 request', '0F 00 00 00 40 08 …'],
  ['an FC16 request', '10 01 80 00 04 08 …'],
  ['an FC17 answer', '11 0A … 00 FF'],
  ['an FC20 answer', '14 0A 09 06 …'],
  ['an FC21 request', '15 0F 06 00 04 00 07 00 04 …'],
  ['an FC23 request', '17 00 00 00 01 01 80 00 04 08 …'],
  ['an FC23 answer', '17 08 …'],
  ['an FC24 answer', '18 00 0A 00 04 …'],
  ['an FC43 answer', '2B 0E 01 01 00 00 02 00 08 … 01 02 31 30'],
] as const;

describe('other units on the line', () => {
  test.each(traps)(
    '%s that carries what looks like a write to us is not obeyed, however it is cut',
    async (_, form) => {
      const frame = request(2, form.replace('…', hex(WRITE)));
      for (let cut = 0; cut < frame.length; cut++) {
        const { hear, pass, said, written, link } = await oneBattery();
        hear(frame.subarray(0, cut));
        hear(frame.subarray(cut));
        pass(IDLE_MS);
        expect([said(), written, link.counters.foreignFrames]).toEqual([[], [], 1]);
      }
    },
  );

  test.each(traps)('our request right behind %s is answered at once', async (_, form) => {
    const { hear, said } = await oneBattery();
    hear(glued(request(2, form.replace('…', '00 00 00 00 00 00 00 00')), SOC));
    expect(said()).toEqual([SOC_76]);
  });

  test.each([
    '03 00 00 00 02',
    '06 00 00 00 02',
    '07',
    '0B',
    '10 00 00 00 01 02 00 07',
    '16 00 00 00 FF 00 00',
  ])('a request to another (%s) that nobody answers does not hide the next one to us', async (pdu) => {
    const { hear, said } = await oneBattery();
    hear(glued(request(2, pdu), SOC));
    expect(said()).toEqual([SOC_76]);
  });

  test.each([0, 2, 4, 8, 20, 49])(
    'our request %i ms after the talk of another is answered at once',
    async (gapMs) => {
      const { hear, pass, said } = await oneBattery();
      hear('02 03 00 00 00 02 C4 38');
      pass(gapMs);
      hear('02 03 04 00 01 00 02 19 32');
      pass(gapMs);
      hear(SOC);
      expect(said()).toEqual([SOC_76]);
    },
  );

  // With its first zero the answer would have a right CRC too, for zeros do not change one.
  test('a broadcast right behind the answer of another is obeyed', async () => {
    const { hear, written } = await oneBattery();
    hear(glued(request(5, '04 02 A8 7A'), request(0, '06 01 80 00 07')));
    expect(written).toEqual(['0x0180=7']);
  });

  test('a refusal in our name, or of another, is nothing to answer', async () => {
    const { hear, pass, said } = await oneBattery();
    for (const unit of [1, 2]) hear(request(unit, '83 02'));
    pass(IDLE_MS);
    expect(said()).toEqual([]);
  });
});

describe('an adapter that gives back what we send', () => {
  test('with `local_echo` a write is obeyed once, and so is the same write again', async () => {
    const { hear, pass, said, written, link } = await oneBattery({ localEcho: true }, { echoes: true });
    for (const times of [1, 2]) {
      hear(WRITE);
      pass(1500);
      expect([said(), written.length, link.counters.echoBytes]).toEqual([[WROTE], times, 8 * times]);
    }
  });

  test('an echo that stays out for a silence does not cost the next request', async () => {
    const { hear, pass, said, written } = await oneBattery({ localEcho: true });
    hear(WRITE);
    pass(IDLE_MS);
    hear(WRITE);
    expect([said(), written.length]).toEqual([[WROTE, WROTE], 2]);
  });
});

test('a frame of a maker is known by silence alone: refused then, not before', async () => {
  const { hear, pass, said } = await oneBattery();
  hear(request(1, '64 01 02 03'));
  expect(said()).toEqual([]);
  pass(IDLE_MS);
  expect(said()).toEqual([hex(request(1, 'E4 01'))]);
});
