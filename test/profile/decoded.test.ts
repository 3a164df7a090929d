// What goes over a wire, decoded with the profile that made or hears it: each byte is one piece, and each piece has its line.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeField } from '../../src/bytes/field.ts';
import { fromHex } from '../../src/bytes/hex.ts';
import { profileIds, shippedProfiles } from '../../src/config/profile-paths.ts';
import { answerText } from '../../src/modbus/ascii.ts';
import { answerBytes } from '../../src/modbus/kostal.ts';
import { type ExplainedProfile, lineKey } from '../../src/profile/explained.ts';
import { decodeFrame } from '../../src/profile/frame-pieces.ts';
import type { Rule } from '../../src/profile/hears.ts';
import { meaningText } from '../../src/profile/meaning-text.ts';
import { decodePdus } from '../../src/profile/pdu-pieces.ts';
import type { Decoded } from '../../src/profile/pieces.ts';
import { rowsOf } from '../../src/profile/rows.ts';
import { asciiText } from '../../src/profile/serial/ascii-frame.ts';
import { kinds, kostalFrame } from '../../src/profile/serial/kostal-frame.ts';
import { decodeTelegrams } from '../../src/profile/serial/telegrams.ts';
import { explained } from '../config/explained.ts';
import { shipped } from './profiles.ts';

const ids = profileIds(shippedProfiles);

const key = (path: readonly PropertyKey[]): string => lineKey(path);
const keysIn = ({ pieces }: Decoded): string[] => pieces.flatMap(({ paths }) => paths.map(key));
const word = (value: number): number[] => [value >> 8, value & 0xff];
const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Nothing, where the pieces lie one behind the other from the first byte to the last and every line is in the file. */
function faults({ lines }: ExplainedProfile, decoded: Decoded, length: number): string[] {
  let end = 0;
  const wrong: string[] = [];
  for (const { at, length: size, label, kind } of decoded.pieces) {
    if (at !== end || size < 1) wrong.push(`${kind} ${label} at ${at}, not at ${end}`);
    end = at + size;
  }
  if (end !== length) wrong.push(`ends at ${end} of ${length}`);
  const paths = [...decoded.pieces, ...decoded.facts].flatMap((one) => one.paths);
  return [...wrong, ...paths.map(key).filter((one) => !(one in lines))];
}

/** A frame that bears the marks of an entry, with a value in each of its fields. */
function frameOf({ spec, fields, bytes }: Rule) {
  const data = new Uint8Array(Math.max(bytes, 8));
  for (const { at, is, mask } of spec.where) data[at] = is & mask;
  const values = fields.map(({ scale = 1, ...field }, i) => {
    const value = Math.abs(scale) * (17 + i);
    writeField(data, { ...field, scale }, value);
    return meaningText(field.means, Number(value.toFixed(9)));
  });
  return { frame: { id: spec.id, extended: spec.extended, data }, values };
}

describe.each(ids)('%s: what an inverter says', (id) => {
  const profile = explained(id);

  test('each frame that is heard leads to its lines, and each value in it to its own', () => {
    for (const rule of profile.hears) {
      const { frame, values } = frameOf(rule);
      const decoded = decodeFrame(profile, '<', frame);
      expect(faults(profile, decoded, frame.data.length)).toEqual([]);
      expect(decoded.facts.flatMap(({ paths }) => paths.map(key))).toContain(key(rule.path));
      expect(keysIn(decoded)).toEqual(expect.arrayContaining(rule.fields.map(({ path }) => key(path))));
      const texts = decoded.pieces.filter(({ kind }) => kind === 'field').map(({ text }) => text);
      expect(texts).toEqual(expect.arrayContaining(values));
    }
  });

  test('each register that is read leads to its lines, in the question and in the answer', () => {
    for (const window of profile.windows)
      for (const row of rowsOf(window, new Uint8Array(window.length)))
        for (const code of window.functions) {
          const quantity = (row.length + 1) >> 1;
          const first = window.from + (row.at >> 1);
          const request = Uint8Array.of(code, ...word(first), ...word(quantity));
          const header = code === 3 ? profile.readHeader : 'bytes8';
          const told = header === 'words16' ? quantity : 2 * quantity;
          const reply = Uint8Array.of(
            code,
            ...(header === 'bytes8' ? [told] : word(told)),
            ...new Uint8Array(2 * quantity),
          );
          const [asked, answered] = decodePdus(profile, { unit: 1, request, reply });
          expect(faults(profile, asked, request.length)).toEqual([]);
          expect(answered && faults(profile, answered, reply.length)).toEqual([]);
          const own = row.paths.map(key);
          expect([keysIn(asked), answered && keysIn(answered)]).toEqual([
            expect.arrayContaining(own),
            expect.arrayContaining(own),
          ]);
        }
  });

  test('each register that is written leads to its line, with its value', () => {
    for (const { path, address, length, field, means, units = [1] } of profile.writable) {
      const value = 258 * (field.scale ?? 1);
      const bytes = new Uint8Array(2 * length);
      writeField(bytes, field, value);
      const several = Uint8Array.of(16, ...word(address), ...word(length), bytes.length, ...bytes);
      const single = Uint8Array.of(6, ...word(address), ...bytes);
      for (const request of length === 1 ? [several, single] : [several]) {
        const [asked] = decodePdus(profile, { unit: units[0] ?? 1, request, reply: undefined });
        expect(faults(profile, asked, request.length)).toEqual([]);
        expect(asked.pieces).toContainEqual(
          expect.objectContaining({ paths: [path], text: meaningText(means, Number(value.toFixed(9))) }),
        );
      }
    }
  });
});

describe('a value of two registers of which only one goes over the wire', () => {
  const map = explained('generic-modbus');
  const [high, low] = [0x0126, 0x0127];
  const said = (request: number[], reply?: number[], unit = 1) =>
    decodePdus(map, {
      unit,
      request: Uint8Array.from(request),
      reply: reply && Uint8Array.from(reply),
    }).map((of) =>
      of?.pieces.flatMap(({ kind, label, text }) =>
        kind === 'function' || kind === 'first' || kind === 'quantity' || kind === 'bytes'
          ? []
          : [`${kind} ${label} ${text}`],
      ),
    );
  const readOf = (address: number, value: number) =>
    said([3, ...word(address), 0, 1], [3, 2, ...word(value)]).at(1);

  test('is no number when it is read, nor a register that the map leaves free', () => {
    expect(readOf(high, 0)).toEqual(['part 0x0126 voltage_V 00 00']);
    expect(readOf(low, 0x14b4)).toEqual(['part 0x0126 voltage_V 14 B4']);
  });

  test('is no number when it is written, and is not unknown', () => {
    const [clock] = map.writable.filter(({ means }) => means === 'unix_time');
    const request = Uint8Array.of(6, ...word((clock?.address ?? 0) + 1), 0x12, 0x34);
    const [asked] = decodePdus(map, { unit: 1, request, reply: undefined });
    expect(asked.facts).toEqual([]);
    expect(asked.pieces.at(-1)).toMatchObject({ kind: 'part', text: '12 34', paths: [clock?.path] });
  });

  test('is no number where the master says that it writes one register and sends two', () => {
    const [asked] = said([16, 0x01, 0x82, 0, 1, 4, 0x65, 0xa1, 0xb2, 0xc3]);
    expect(asked?.[0]).toMatch(/^part .*65 A1$/);
    expect(asked?.slice(1)).toEqual(['unnamed  B2 C3']);
  });
});

test('a number of bytes that does not fit those that follow is said to be wrong', () => {
  const wrong = (...request: number[]) =>
    decodePdus(explained('generic-modbus'), {
      unit: 1,
      request: Uint8Array.from(request),
      reply: undefined,
    })[0].pieces.some(({ kind, isWrong }) => kind === 'bytes' && isWrong);
  expect(wrong(16, 0x01, 0x84, 0, 1, 2, 0x02, 0x14)).toBe(false);
  expect(wrong(16, 0x01, 0x84, 0, 1, 4, 0x02, 0x14)).toBe(true);
});

test('a register that is written at one unit has no line where it is read at another', () => {
  const epever = explained('epever-rs485');
  const [entry] = epever.writable;
  const linesAt = (unit: number) => {
    const request = Uint8Array.of(3, ...word(entry?.address ?? 0), 0, 1);
    return keysIn(decodePdus(epever, { unit, request, reply: undefined })[0]);
  };
  expect(linesAt(3)).toContain(key(entry?.path ?? []));
  expect(linesAt(4)).not.toContain(key(entry?.path ?? []));
});

/** Each content of the examples in its telegram, after the question for it. */
function telegrams(id: string): readonly { request: Uint8Array; reply: Uint8Array; ask: string }[] {
  const { profile } = shipped(id);
  return profile.examples.flatMap(({ then }) =>
    Object.entries(then).flatMap(([ask, hex]) => {
      const content = hex === 'none' ? undefined : fromHex(hex);
      const code = Number(ask);
      if (!content) return [];
      return profile.serial?.codec === 'kostal'
        ? {
            ask,
            request: kostalFrame({ kind: kinds.read, content: Uint8Array.of(code & 0xff, code >> 8) }),
            reply: answerBytes(content),
          }
        : {
            ask,
            request: latin(asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2: code, info: '02' })),
            reply: latin(answerText(2, content)),
          };
    }),
  );
}

const serialIds = ids.filter((id) => shipped(id).serial);
const spokenSerial = ({ serial }: ExplainedProfile) => {
  if (!serial) throw new Error('the profile has no serial side');
  return serial;
};

describe.each(serialIds)('%s: a telegram', (id) => {
  const profile = explained(id);
  const serial = spokenSerial(profile);
  const examples = telegrams(id);

  test.each(examples)('every byte of the answer to $ask belongs to one named piece, in order', (telegram) => {
    const [asked, answered] = decodeTelegrams(serial, telegram);
    expect(faults(profile, asked, telegram.request.length)).toEqual([]);
    if (!answered) throw new Error('there was an answer');
    expect(faults(profile, answered, telegram.reply.length)).toEqual([]);
    expect(answered.pieces.filter(({ kind, isWrong }) => kind === 'unnamed' || isWrong)).toEqual([]);
    expect(asked.pieces.find(({ kind }) => kind === 'command')?.paths.length).toBeGreaterThan(0);
    expect(answered.pieces.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['checksum', 'end']));
  });

  test('one that is cut off or damaged never throws, and is whole in its pieces', () => {
    const [first] = examples;
    if (!first) throw new Error('there is an example');
    const torn = fc.record({
      of: fc.constantFrom(...examples),
      at: fc.nat(140),
      with: fc.nat(255),
      cut: fc.nat(140),
    });
    fc.assert(
      fc.property(torn, ({ of, at, with: byte, cut }) => {
        const reply = of.reply.slice(0, Math.max(0, of.reply.length - (cut > 100 ? 0 : cut)));
        if (at < reply.length) reply[at] = byte;
        const [asked, answered] = decodeTelegrams(serial, { request: of.request, reply });
        expect(faults(profile, asked, of.request.length)).toEqual([]);
        expect(answered && faults(profile, answered, reply.length)).toEqual([]);
      }),
    );
  });
});

test('cells are told one by one, each by its number, and what stands behind them is told too', () => {
  const profile = explained('pylontech-rs485');
  const telegram = telegrams('pylontech-rs485').find(({ ask }) => ask === '0x42');
  const [, answered] = decodeTelegrams(
    spokenSerial(profile),
    telegram ?? { request: new Uint8Array(), reply: undefined },
  );
  const cells = answered?.pieces.filter(({ label }) => label === 'cells') ?? [];
  expect(cells.slice(0, 3).map(({ kind, text, nth }) => [kind, text, nth])).toEqual([
    ['count', '16', undefined],
    ['field', '3.297 V', [1, 16]],
    ['field', '3.3 V', [2, 16]],
  ]);
  expect(cells).toHaveLength(17);
  const rest = answered?.pieces.map(({ label, text }) => `${label}: ${text}`) ?? [];
  expect(rest).toEqual(expect.arrayContaining(['temperatures: 22.8 °C', 'capacity_Ah: 280 Ah']));
});

test('a checksum and a length that do not fit are said to be wrong', () => {
  const serial = spokenSerial(explained('pylontech-rs485'));
  const wrongIn = (text: string) =>
    decodeTelegrams(serial, { request: latin(text), reply: undefined })[0]
      .pieces.filter(({ isWrong }) => isWrong)
      .map(({ kind }) => kind);
  const right = asciiText({ ver: '20', adr: 2, cid1: 0x46, cid2: 0x61, info: '02' });
  expect(wrongIn(right)).toEqual([]);
  expect(wrongIn(right.replace('E002', 'E003'))).toEqual(['characters', 'checksum']);
});

describe('bytes that nobody made', () => {
  const profiles = ids.map((id) => explained(id));
  const bytes = fc.uint8Array({ maxLength: 60 });
  const anyOf = fc.constantFrom(...profiles);
  /** What is said to be unknown has no line, and what is cut off no value. */
  const isHonest = ({ pieces, facts }: Decoded): boolean =>
    facts.every(({ kind }) => {
      if (kind === 'unknown') return pieces.every(({ paths }) => paths.length === 0);
      return kind !== 'damaged' || pieces.every((piece) => piece.kind !== 'field');
    });

  test('as frames name nothing that is not there', () => {
    const known = profiles.flatMap((profile) =>
      [...profile.hears.map(({ spec }) => spec), ...profile.frames].map(({ id, extended }) => ({
        profile,
        id,
        extended,
      })),
    );
    const frame = fc.record({
      known: fc.constantFrom(...known),
      data: fc.uint8Array({ maxLength: 8 }),
      way: fc.constantFrom('>', '<'),
    });
    fc.assert(
      fc.property(frame, ({ known: { profile, id, extended }, data, way }) => {
        const decoded = decodeFrame(profile, way, { id, extended, data });
        expect(faults(profile, decoded, data.length)).toEqual([]);
        const isNamed = decoded.pieces.some(({ kind }) => kind === 'field' || kind === 'mark');
        const none = decoded.facts.some(({ kind }) => ['unknown', 'ours', 'tooShort'].includes(kind));
        expect(isNamed && none).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('as Modbus name nothing that is not there', () => {
    const code = fc.constantFrom(1, 2, 3, 4, 5, 6, 15, 16, 17, 22, 23, 43, 99, 0x83);
    const near = fc.nat(200);
    fc.assert(
      fc.property(
        anyOf,
        code,
        near,
        bytes,
        fc.option(bytes, { nil: undefined }),
        (profile, fc_, offset, tail, more) => {
          const first = ((profile.windows[0]?.from ?? 0) + offset) & 0xffff;
          const request = Uint8Array.of(fc_, ...word(first), ...tail);
          const reply = more && Uint8Array.of(fc_, ...more);
          const [asked, answered] = decodePdus(profile, { unit: 1, request, reply });
          expect(faults(profile, asked, request.length)).toEqual([]);
          expect(!answered || !reply || faults(profile, answered, reply.length)).toEqual(reply ? [] : true);
          expect(isHonest(asked)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('as telegrams of a codec name nothing', () => {
    const serials = profiles.filter(({ serial }) => serial);
    fc.assert(
      fc.property(fc.constantFrom(...serials), bytes, bytes, (profile, request, reply) => {
        const [asked, answered] = decodeTelegrams(spokenSerial(profile), { request, reply });
        expect(faults(profile, asked, request.length)).toEqual([]);
        expect(answered && faults(profile, answered, reply.length)).toEqual([]);
        expect(asked.facts.some(({ kind }) => kind === 'damaged')).toBe(true);
        expect(asked.pieces.every(({ kind }) => kind === 'unnamed')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a frame', () => {
  const pylontech = explained('pylontech-lv');
  const frame = (id: number, ...data: number[]) => ({ id, extended: false, data: Uint8Array.from(data) });
  const facts = (decoded: Decoded) => decoded.facts.map(({ kind }) => kind);

  test('that only is a keep-alive says so', () => {
    const decoded = decodeFrame(pylontech, '<', frame(0x305, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(facts(decoded)).toEqual(['onlyAlive']);
    expect(decoded.pieces).toMatchObject([
      { kind: 'unnamed', at: 0, length: 8, text: '00 00 00 00 00 00 00 00' },
    ]);
  });

  test('that no line names is said to be one', () => {
    expect(facts(decodeFrame(pylontech, '<', frame(0x123, 1)))).toEqual(['unknown']);
  });

  test('of another battery on the wire is not read by our lines', () => {
    const decoded = decodeFrame(pylontech, '<', frame(0x351, 0x14, 2, 0xf4, 1, 0xf4, 1, 0xb0, 1));
    expect(facts(decoded)).toEqual(['ours']);
    expect(decoded.pieces.map(({ kind }) => kind)).toEqual(['unnamed']);
  });

  test('of an SMA tells what the inverter measures, charging positive', () => {
    const decoded = decodeFrame(explained('sma'), '<', frame(0x305, 0x14, 2, 0x9c, 0xff, 0xf5, 0, 0x20, 3));
    expect(decoded.pieces.map(({ label, text }) => `${label} ${text}`)).toEqual([
      'inverter_voltage 53.2 V',
      'inverter_current 10 A',
      'inverter_temperature 24.5 °C',
      'inverter_soc 80 %',
    ]);
  });

  test('too short for what is heard in it names none of it', () => {
    const decoded = decodeFrame(explained('sma'), '<', frame(0x305, 0x14, 2));
    expect(decoded.facts).toMatchObject([{ kind: 'tooShort', text: '8' }]);
  });

  test('of a poll tells what it asks for, and where the talk goes', () => {
    const solax = explained('solax-hv');
    const poll = { id: 0x1871, extended: true, data: Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0) };
    const decoded = decodeFrame(solax, '<', poll);
    expect(decoded.facts.map(({ kind, text }) => `${kind} ${text}`.trim())).toEqual([
      'alive',
      'asks data',
      'leads closed',
    ]);
    expect(decoded.pieces.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'mark 01',
      'unnamed 00 01 00 00 00 00 00',
    ]);
  });

  test('of ours with free bytes has the line of the frame beside them', () => {
    const goodwe = explained('goodwe-lv');
    const decoded = decodeFrame(goodwe, '>', frame(0x35b, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(decoded.pieces.every(({ paths }) => paths.length > 0)).toBe(true);
  });
});

describe('a Modbus question', () => {
  const generic = explained('generic-modbus');
  const asked = (...request: number[]) =>
    decodePdus(generic, { unit: 1, request: Uint8Array.from(request), reply: undefined })[0];

  test('for registers that no line names says so', () => {
    expect(asked(3, 0x7f, 0, 0, 2).facts).toMatchObject([{ kind: 'unknown' }]);
  });

  test('that writes is told with the value in its unit', () => {
    const { pieces } = asked(6, 0x01, 0x84, 0x02, 0x08);
    expect(pieces.map(({ kind, label, text }) => [kind, label, text])).toEqual([
      ['function', '', '6'],
      ['first', '', '0x0184'],
      ['field', '0x0184 inverter_voltage', '52 V'],
    ]);
  });

  test('that is cut off is damaged', () => {
    expect(asked(3, 1, 0).facts).toMatchObject([{ kind: 'damaged' }]);
  });

  test('that is refused has the exception in its answer', () => {
    const request = Uint8Array.of(3, 0x7f, 0, 0, 2);
    const [, reply] = decodePdus(generic, { unit: 1, request, reply: Uint8Array.of(0x83, 2) });
    expect(reply?.pieces.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['function 3', 'exception 2']);
  });
});
