import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AsciiManners, serveAscii } from '../../src/modbus/ascii.ts';
import { feed, forget, newAsciiLine } from '../../src/modbus/ascii-framing.ts';
import type { CodecBattery } from '../../src/modbus/codec-battery.ts';
import type { LineSettings } from '../../src/modbus/line-server.ts';
import { asciiText, infoText, lengthField, readAscii } from '../../src/profile/serial/ascii-frame.ts';
import { bytes } from './battery.ts';
import { lineServing } from './line.ts';

// The worked examples of the RS485 reference, section 10, without their CR.
const Y1 =
  '~200246008062CE40FB1E4C0070177062620CE9020C0CE101070B960B9C02020B8F01010BB90BC300010BAF00020BA50BAF00010B9B0002E87D';
const Y3 = '~20024600D012DDE0AF0003E805DCC0F978';
const Y4 = '~20024600B01402DDE0AF0003E805DCC0F916';
const Y5 =
  '~20024600B07E0002100CE10CE40CE70CE10CE40CE70CE10CE40CE70CE10CE40CE90CE10CE40CE70CE1050BA50B950B960B9C0B8FFF83CE40FFFF04FFFF0070033F400445C0E0F8';
const ask = {
  Y1: '~20024661E00202FD32',
  Y2: '~20024662E00202FD31',
  Y3: '~20024663E00202FD30',
  Y4: '~20024692E00202FD2E',
  Y5: '~20024642E00202FD33',
};
const refused = '~200246040000FDAE';

const text = (frame: string) => Buffer.from(`${frame}\r`, 'latin1');
/** Between LENGTH and CHKSUM. */
const infoOf = (frame: string) => bytes(frame.slice(13, -4));
const contents = new Map([
  [0x61, infoOf(Y1)],
  [0x62, bytes('00 00 00 00')],
  [0x63, infoOf(Y3)],
  [0x92, infoOf(Y4)],
  [0x42, infoOf(Y5)],
  [0x4f, new Uint8Array()],
]);

/** A request of our own making, right in every checksum. */
const request = (cid2: number, { ver = '20', adr = 2, cid1 = 0x46, info = '02' } = {}) =>
  asciiText({ ver, adr, cid1, cid2, info }).slice(0, -1);

interface Moods {
  speaks?: boolean;
  answer?: CodecBattery['answer'];
}

const battery = ({
  speaks = true,
  answer = (command) => contents.get(command),
}: Moods = {}): CodecBattery => ({
  speaks: () => speaks,
  answer,
  perBattery: new Set([0x42, 0x92]),
  accepts: () => false,
});

const polite: AsciiManners = { rtnEcho: false, onBadChecksum: 'silent' };

/** A line with one battery at address 2, or with those that are named; what it says is text without CR. */
async function lineWith(
  manners: Partial<AsciiManners> = {},
  settings: Partial<LineSettings> = {},
  batteries: Readonly<Record<number, CodecBattery>> = { 2: battery() },
  adapter: Parameters<typeof lineServing>[1] = {},
) {
  const heard: number[] = [];
  const faults: unknown[] = [];
  const telegrams: (string | number | undefined)[][] = [];
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const line = await lineServing(
    (ground) =>
      serveAscii(
        { path: '/dev/rs485', baud: 9600, replyDelay: 0, ...settings },
        new Map(
          Object.entries(batteries).map(([adr, b]) => [Number(adr), { battery: b, ...polite, ...manners }]),
        ),
        {
          ...ground,
          onRequest: (_, adr) => heard.push(adr),
          onTelegram: (_, adr, told) => {
            const { request: ask, reply } = told();
            telegrams.push([adr, text(ask), reply && text(reply)]);
          },
          onFault: (error) => faults.push(error),
        },
      ),
    adapter,
  );
  return {
    ...line,
    heard,
    faults,
    telegrams,
    hear: (data: string | Uint8Array) =>
      line.hear(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
    said: () => line.said().map((frame) => Buffer.from(frame).toString('latin1').replace(/\r$/, '')),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('who watches the line', () => {
  test('is told each question to us and its answer as they are on the wire', async () => {
    const { hear, said, telegrams } = await lineWith();
    await hear(`${request(0x61)}\r`);
    const [answer] = said();
    expect(telegrams).toEqual([[2, `${request(0x61)}\r`, `${answer}\r`]]);
  });

  test('sees what is asked of an address that nobody has, or of other devices; and no answers of others', async () => {
    const { hear, telegrams } = await lineWith();
    const [elsewhere, device] = [request(0x61, { adr: 9 }), request(0x61, { cid1: 0x4a })];
    await hear(`${elsewhere}\r`);
    await hear(`${device}\r`);
    await hear(`${request(0, { adr: 9 })}\r`);
    expect(telegrams).toEqual([
      [9, `${elsewhere}\r`, undefined],
      [2, `${device}\r`, undefined],
    ]);
  });

  test('sees a damaged question as it came, with the refusal where the profile has one', async () => {
    const damaged = `${request(0x61).slice(0, -1)}?\r`;
    const unreadable = '~2\x7f!\r';
    for (const onBadChecksum of ['silent', 'answer'] as const) {
      const { hear, said, telegrams } = await lineWith({ onBadChecksum });
      await hear(damaged);
      const refusal = said()[0];
      await hear(unreadable);
      expect(refusal === undefined).toBe(onBadChecksum === 'silent');
      expect(telegrams).toEqual([
        [2, damaged, refusal && `${refusal}\r`],
        [undefined, unreadable, undefined],
      ]);
    }
  });

  test('sees a question that is not answered', async () => {
    const { hear, telegrams } = await lineWith({}, {}, { 2: battery({ speaks: false }) });
    await hear(`${request(0x61)}\r`);
    expect(telegrams).toEqual([[2, `${request(0x61)}\r`, undefined]]);
  });
});

describe('the checksums', () => {
  test("are those of the document's own valid sample", () => {
    expect(readAscii('20024642E00202FD33')).toMatchObject({ cid2: 0x42, info: '02' });
    expect(readAscii('20024642E00202FD34')).toMatchObject({ rtn: 2, adr: 2 });
  });

  test('a length whose nibbles add up to a multiple of 16 has check nibble 0, not 16', () => {
    expect([lengthField(0), lengthField(2), lengthField(0x0f1)]).toEqual([0, 0xe002, 0x00f1]);
  });

  test('of any frame that we make are right, and it reads as what it was made of', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, fc.uint8Array({ maxLength: 2047 }), (adr, cid1, cid2, content) => {
        const frame = { ver: '20', adr, cid1, cid2, info: infoText(content) };
        const made = asciiText(frame);
        expect(readAscii(made.slice(1, -1))).toEqual(frame);
        const sum = Buffer.from(made.slice(1, -5)).reduce((all, character) => all + character, 0);
        expect((sum + Number.parseInt(made.slice(-5, -1), 16)) & 0xffff).toBe(0);
      }),
    );
  });

  test('tell any single character that was changed on the way', () => {
    const whole = ask.Y1.slice(1);
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.integer({ min: 0x20, max: 0x7d }).map((code) => String.fromCharCode(code)),
        (at, other) => {
          fc.pre(whole[at]?.toUpperCase() !== other.toUpperCase());
          expect(readAscii(whole.slice(0, at) + other + whole.slice(at + 1))).toHaveProperty('rtn');
        },
      ),
    );
  });
});

describe('a stream of characters', () => {
  const frames = (...pieces: Uint8Array[]) => {
    const line = newAsciiLine({ resyncBytes: 0 });
    return pieces.flatMap((piece) => feed(line, piece));
  };

  test('gives the same frames in pieces of any size, with any noise between', () => {
    const noise = fc
      .uint8Array({ maxLength: 20 })
      .map((b) => b.filter((byte) => byte !== 0x7e && byte !== 0x0d));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, fc.constantFrom(...Object.values(ask))), { maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        (sent, size) => {
          const stream = Buffer.concat(sent.flatMap(([before, frame]) => [before, text(frame)]));
          const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
            stream.subarray(i * size, (i + 1) * size),
          );
          expect(frames(...pieces)).toEqual(sent.map(([, frame]) => readAscii(frame.slice(1))));
        },
      ),
    );
  });

  test('never throws and never finds an intact frame in noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(frames(noise).filter((frame) => !('rtn' in frame))).toEqual([]);
      }),
    );
  });

  test('is not remembered for ever: 4095 characters of INFO are taken, one more is noise', () => {
    const counters = { resyncBytes: 0 };
    const line = newAsciiLine(counters);
    const long = Buffer.from(`~2002466100${'0'.repeat(16 - 10 + 4095)}`, 'latin1');
    expect(feed(line, long)).toEqual([]);
    expect(line.begun?.length).toBe(16 + 4095);
    feed(line, Buffer.from('0'));
    expect([line.begun, counters.resyncBytes]).toEqual([undefined, 4113]);
    expect(feed(line, text(ask.Y1))).toHaveLength(1);
  });

  test('that stops is forgotten, and counted', () => {
    const counters = { resyncBytes: 0 };
    const line = newAsciiLine(counters);
    feed(line, Buffer.from('~2002'));
    forget(line);
    expect(counters.resyncBytes).toBe(5);
    expect(feed(line, Buffer.from(`4661E00202FD32\r`))).toEqual([]);
  });
});

describe('on the line', () => {
  test.each([
    ['Y1', ask.Y1, Y1],
    ['Y2', ask.Y2, '~20024600800800000000FC22'],
    ['Y3', ask.Y3, Y3],
    ['Y4', ask.Y4, Y4],
    ['Y5', ask.Y5, Y5],
    ['Y7', request(0x77), refused],
  ])('%s: answered in one write call', async (_, question, answer) => {
    const line = await lineWith();
    line.hear(text(question));
    expect(line.said()).toEqual([answer]);
    expect(line.link.counters).toMatchObject({ requests: 1, answers: 1, crcErrors: 0 });
  });

  test('the master gets back the version that it uses', async () => {
    const line = await lineWith();
    line.hear(text(request(0x4f, { ver: '28', info: '' })));
    expect(line.said()).toEqual([asciiText({ ver: '28', adr: 2, cid1: 0x46, cid2: 0, info: '' }).trim()]);
  });

  test.each([0x94, 0x95, 0x00, 0x41])(
    'a set or unknown command (%i) is refused, an answer code is not answered',
    async (cid2) => {
      const line = await lineWith();
      line.hear(text(request(cid2)));
      expect(line.said()).toEqual(cid2 < 7 ? [] : [refused]);
    },
  );

  test('only our own addresses answer, each with its own battery', async () => {
    const told: number[] = [];
    const mine = (adr: number) =>
      battery({
        answer(_, asked) {
          told.push(asked);
          return Uint8Array.of(adr);
        },
      });
    const line = await lineWith({}, {}, { 2: mine(2), 18: mine(0x12) });
    for (const adr of [2, 3, 0x12, 0xff, 0]) line.hear(text(request(0x62, { adr, info: '' })));
    expect(line.said().map((frame) => frame.slice(3, 5))).toEqual(['02', '12']);
    expect([told, line.heard]).toEqual([
      [2, 0x12],
      [2, 0x12],
    ]);
    expect(line.link.counters.foreignFrames).toBe(3);
  });

  test('a question about another battery than ours is told so, one about all is not', async () => {
    const line = await lineWith();
    line.hear(text(request(0x42, { info: '03' })));
    line.hear(text(request(0x92, { info: 'FF' })));
    line.hear(text(request(0x61, { info: '03' })));
    line.hear(text(request(0x42, { info: '' })));
    expect(line.said().map((frame) => frame.slice(7, 9))).toEqual(['90', '00', '00', '00']);
  });

  test('half a byte of INFO is told as a wrong format', async () => {
    const line = await lineWith();
    line.hear(text(request(0x42, { info: '020' })));
    expect(line.said().map((frame) => frame.slice(7, 9))).toEqual(['05']);
  });

  test('the command stands in the place of return code 00 for a master that wants it so', async () => {
    const line = await lineWith({ rtnEcho: true });
    line.hear(text(ask.Y3));
    line.hear(text(request(0x77)));
    expect(line.said().map((frame) => frame.slice(7, 9))).toEqual(['63', '04']);
  });

  test('a battery that throws is told as code 91, and the reason is kept', async () => {
    const answer = () => {
      throw new Error('map');
    };
    const line = await lineWith({}, {}, { 2: battery({ answer }) });
    line.hear(text(ask.Y1));
    expect(line.said().map((frame) => frame.slice(7, 9))).toEqual(['91']);
    expect(line.faults).toEqual([new Error('map')]);
  });

  test('a battery that says nothing says nothing, to no command and to no damage', async () => {
    const line = await lineWith({ onBadChecksum: 'answer' }, {}, { 2: battery({ speaks: false }) });
    for (const frame of [...Object.values(ask), request(0x4f), request(0x94), '~20024661E00202FD33'])
      line.hear(text(frame));
    line.pass(1000);
    expect(line.said()).toEqual([]);
    expect(line.link.counters).toMatchObject({ requests: 7, answers: 0 });
  });
});

describe('what is damaged', () => {
  const bad = {
    'CHKSUM wrong': ['~20024661E00202FD33', '02'],
    'LCHKSUM wrong': [`${'~20024661D00202'}FD33`, '03'],
    'LENGTH beyond the frame': ['~20024661C00402FD32', '05'],
    'a character that is no hex': ['~2002466GE00202FD1C', '05'],
    'a start only': ['~', undefined],
    'too short to have an address': ['~20', undefined],
    'another address, CHKSUM wrong': ['~20034661E00202FD33', undefined],
  } as const;

  test.each(Object.entries(bad))('%s: is as if it had not come', async (_, [frame]) => {
    const line = await lineWith();
    line.hear(text(frame));
    expect(line.said()).toEqual([]);
    expect(line.link.counters).toMatchObject({ crcErrors: 1, requests: 0 });
    line.hear(text(ask.Y3));
    expect(line.said()).toEqual([Y3]);
  });

  test.each(Object.entries(bad))('%s: is told to a master that wants it so', async (_, [frame, code]) => {
    const line = await lineWith({ onBadChecksum: 'answer' });
    line.hear(text(frame));
    expect(line.said().map((said) => said.slice(7, 9))).toEqual(code ? [code] : []);
  });

  test('noise before, in and after a question', async () => {
    const line = await lineWith();
    line.hear(Buffer.concat([Buffer.from([0, 255, 13, 0x7e, 0x32]), text(ask.Y3), Buffer.from([255, 0])]));
    expect(line.said()).toEqual([Y3]);
    line.hear(text(`${ask.Y3.slice(0, 8)}\xff${ask.Y3.slice(8)}`));
    expect(line.said()).toEqual([]);
  });

  test('one character at a time is heard all the same, as long as no pause is longer than 200 ms', async () => {
    const line = await lineWith();
    for (const byte of text(ask.Y3)) {
      line.hear(Uint8Array.of(byte));
      line.pass(150);
    }
    expect(line.said()).toEqual([Y3]);
  });

  test('half a question and then silence: the other half says nothing, the next question is heard', async () => {
    const line = await lineWith();
    line.hear(ask.Y3.slice(0, 9));
    line.pass(250);
    line.hear(text(ask.Y3.slice(9)));
    expect(line.said()).toEqual([]);
    line.hear(text(ask.Y3));
    expect(line.said()).toEqual([Y3]);
  });
});

describe('whose turn it is', () => {
  test('no answer starts earlier than t3.5 after the last byte', async () => {
    const line = await lineWith({}, { replyDelay: 't3.5' });
    line.hear(text(ask.Y3));
    line.pass(3);
    expect(line.said()).toEqual([]);
    line.pass(1);
    expect(line.said()).toEqual([Y3]);
  });

  test('of what piled up only the newest is answered', async () => {
    const line = await lineWith();
    line.hear(Buffer.concat([ask.Y1, ask.Y2, ask.Y3].map(text)));
    expect(line.said()).toEqual([Y3]);
  });

  test('a master that has gone on to another battery does not wait for us any more', async () => {
    const line = await lineWith();
    line.hear(Buffer.concat([text(ask.Y3), text(request(0x63, { adr: 3 }))]));
    expect(line.said()).toEqual([]);
  });

  test('an answer of ours that the adapter gives back is no question, even when it looks like one', async () => {
    const line = await lineWith({ rtnEcho: true }, { localEcho: true }, undefined, { echoes: true });
    line.hear(text(request(0x4f, { info: '' })));
    line.pass(1000);
    expect(line.said()).toHaveLength(1);
    expect(line.link.counters).toMatchObject({ requests: 1, echoBytes: 18 });
  });
});
