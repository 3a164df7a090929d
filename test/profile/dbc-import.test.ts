import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { shapes } from '../../src/bytes/field.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { GatewayError, sentence } from '../../src/model/errors.ts';
import { type CompiledCan, compileProfile, inPhase } from '../../src/profile/compile.ts';
import { startProfile } from '../../src/profile/dbc/import.ts';
import { readDbc } from '../../src/profile/dbc/read.ts';
import { dbcOf, dbcText } from '../../src/profile/dbc/write.ts';
import { openDocument } from '../../src/profile/document.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { NumberSlot, Slot } from '../../src/profile/layout.ts';
import type { Profile } from '../../src/profile/schema.ts';
import { cpuMsOf } from '../cpu.ts';
import { anyState } from './dbc/any-state.ts';
import { profileText, refused, shippedIds, taken } from './profiles.ts';

vi.setConfig({ testTimeout: 300_000 });

const started = (text: string, id = 'started') => {
  const profile = startProfile(readDbc('maker.dbc', text), 'maker.dbc', id);
  if (profile === undefined) throw new Error('there is nothing to send in it');
  return profile;
};

/** With an example that says nothing, so that what is proven is all the rest. */
const proven = (yaml: string, more = ''): string => `${yaml}${more}examples: [{ given: {}, then: {} }]\n`;

const maker = readFileSync(join(import.meta.dirname, 'dbc', 'maker.dbc'), 'utf8');

describe("a maker's DBC", () => {
  const { yaml, open, signals } = started(maker);
  const lines = yaml.split('\n').map((line) => line.trim());
  const profile = taken(proven(yaml));
  const frame = (id: number) => profile.can?.frames.find((f) => f.id === id);

  test('becomes a profile of which only the examples are missing', () => {
    expect(refused(yaml)).toEqual([
      expect.stringMatching(/^p\.yaml:\d+:\d+: `examples` is missing; add it: a list/),
    ]);
    expect(profile).toMatchObject({ id: 'started', evidence: 'inferred', sources: ['maker.dbc'] });
  });

  test('is read with its 29-bit ids, lengths, titles and periods', () => {
    expect(frame(0x18ff0efe)).toMatchObject({ extended: true, length: 8, title: 'Batt_Limits', every: 1000 });
    expect(frame(256)).toMatchObject({ extended: false, title: 'what the battery says of itself' });
    expect(profile.can?.every).toBe(500);
    expect(lines).toContain('# comes every 750 ms, which is no multiple of the beat');
  });

  test('puts Motorola numbers where their most significant bit says, in the unit of the catalogue', () => {
    expect(frame(0x18ff0efe)?.signals).toMatchObject([
      { at: 0, as: 'u16be', scale: 0.1, from: 'charge_voltage_limit_V', required: true },
      { at: 2, as: 'u16be', scale: 0.1, from: 'charge_current_limit_A', required: true },
      { at: 4, as: 'u16be', scale: 0.1, from: 'discharge_current_limit_A', max: 250, required: true },
      { at: 6, as: 'u16be', scale: 0.1, from: 'discharge_voltage_limit_V', required: true },
    ]);
  });

  test('binds Intel numbers, bits and flags whose name and unit leave no doubt', () => {
    expect(frame(256)).toMatchObject({
      signals: [
        { at: 0, as: 'u8', scale: 0.5, from: 'soc_told_pct' },
        { at: 1, as: 'u8', scale: 1, from: 'soh_pct' },
        { at: 2, as: 'u16le', scale: 0.1, from: 'voltage_V', max: 100 },
        { at: 4, as: 'i16le', scale: 0.1, from: 'current_A', min: -500, max: 500 },
      ],
      bits: [
        { at: 7, bit: 0, flags: ['charge_enable'] },
        { at: 7, bit: 1, alarms: ['cell_high_voltage'] },
        { at: 7, bit: 2, warnings: ['low_temperature'] },
      ],
    });
  });

  test('leaves what is in doubt to a person, with place, unit and values', () => {
    expect(yaml).toContain(
      '#   signals: - { at: 6, as: u8, scale: 1, offset: 0, name: "Current_unsigned", from: ?, required: true }   in A; 0 to 200',
    );
    expect(yaml).toContain(
      '#   codes: - { at: 7, bit: 3, size: 2, name: "Contactor_State", cases: [{ value: ?, flags: [?] }] }   0 to 3; values 0 open, 1 closing, 2 closed',
    );
    expect(yaml).toContain(
      '#   bits: - { at: 7, bit: 5, name: "Mystery", flags: [?] }   nobody knows; it said "later"',
    );
  });

  test('makes a frame of each value of a multiplexer', () => {
    const parts = profile.can?.frames.filter((f) => f.id === 257);
    expect(parts?.map((f) => [f.part, f.signals.map((s) => `${s.at} ${s.as} ${s.from}`)])).toEqual([
      [{ at: 0, value: 0 }, ['1 u16be max_cell_voltage_V', '3 u16be min_cell_voltage_V']],
      [{ at: 0, value: 1 }, ['1 i16le max_cell_temperature_C']],
    ]);
    expect(parts?.[1]?.signals[0]).toMatchObject({ scale: 0.1, offset: -40 });
    expect(yaml).toContain('"Odd12": 12 bits from bit 24 on (Intel), factor 1, offset 0; no wire type');
  });

  test('says what no profile can carry', () => {
    expect(yaml).toContain('"Energy": a floating-point number of 64 bits, which a profile cannot carry');
    expect(yaml).toContain('"SOC_again": multiplexed by something else than one whole byte');
    expect(yaml).toContain('# 0x384 Batt_Fd: 32 bytes, CAN FD');
    expect(yaml).not.toContain('Loose');
  });

  test('listens to what the inverter sends', () => {
    expect(profile.can?.receives).toMatchObject([{ id: 0x305, title: 'INV_KeepAlive' }]);
    expect(yaml).toContain(
      '#   signals: - { at: 0, as: u16le, scale: 0.1, offset: 0, name: "INV_Voltage", means: ? }   in V',
    );
  });

  test('counts what is open', () => {
    expect({ signals, open }).toEqual({ signals: 25, open: 10 });
    expect(lines.filter((line) => /^# {3}\S/.test(line))).toHaveLength(10);
  });

  test('loads from Windows, and from the time before Unicode', () => {
    const windows = started(maker.replaceAll('\n', '\r\n').replace('°', '\uFFFD')).yaml;
    expect(windows).toBe(yaml);
  });
});

/** Numbers that their place alone decides: no case or special zero, which a DBC cannot say. */
const isPlain = (slot: Slot): slot is NumberSlot =>
  slot.kind === 'number' && !slot.instead && !slot.zero_raw && !slot.never;

const speakers: Profile[] = [
  taken(readFileSync(join(import.meta.dirname, 'dbc', 'kinds.yaml'), 'utf8')),
  ...shippedIds.map((id) => taken(profileText(id))),
].filter(({ can }) => can);

const same = (a: CanFrame, b: CanFrame, at: number | undefined): boolean =>
  a.id === b.id && a.extended === b.extended && (at === undefined || a.data[at] === b.data[at]);

const framesOf = (can: CompiledCan, state: Parameters<CompiledCan['frames']>[0]): readonly CanFrame[] => {
  const frames = can.frames(state);
  return isIncomplete(frames) ? [] : frames;
};

describe.each(speakers.map((profile) => [profile.id, profile] as const))('the DBC of %s', (_, profile) => {
  const { can } = compileProfile(profile);
  const dbc = dbcOf(compileProfile(profile));
  if (!can || !dbc) return;
  const { yaml } = started(dbcText(dbc));
  const lacks = profile.lacks.length ? `lacks: [${profile.lacks.join(', ')}]\n` : '';

  test('starts a profile that sends the same numbers, bytes for bytes', () => {
    const back = compileProfile(taken(proven(yaml, lacks))).can;
    if (!back) throw new Error('it speaks no CAN');
    const last = can.talk.phases?.at(-1);
    let compared = 0;
    fc.assert(
      fc.property(anyState, (state) => {
        const theirs = framesOf(back, state);
        fc.pre(theirs.length > 0);
        for (const frame of framesOf(can, state)) {
          const layout = can.layouts.find(
            (l) =>
              l.id === frame.id &&
              l.extended === frame.extended &&
              inPhase(l, last) &&
              (!l.part || frame.data[l.part.at] === l.part.value),
          );
          const other = theirs.find((f) => same(f, frame, layout?.part?.at));
          for (const slot of layout?.slots.filter(isPlain) ?? []) {
            const bytes = (data: Uint8Array) => [...data.subarray(slot.at, slot.at + shapes[slot.as].bytes)];
            expect(bytes(other?.data ?? new Uint8Array())).toEqual(bytes(frame.data));
            compared++;
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(0);
  });
});

const message = 'BO_ 849 Limits: 8 BMS\n';
const signal = ' SG_ CVL : 0|16@1+ (0.1,0) [0|0] "V" INV\n';

describe('a DBC that cannot be meant', () => {
  const said = (text: string): string => {
    try {
      readDbc('maker.dbc', text);
    } catch (error) {
      if (error instanceof GatewayError) return error.message;
      throw error;
    }
    return 'it was taken';
  };

  test.each([
    ['', '1:1: no line here begins with `BO_`: this is not a DBC; give the .dbc file'],
    ['id: victron\ncan: {}\n', '1:1: no line here begins with `BO_`'],
    [`\0\x01\x02${message}`, '1:1: this is not a DBC'],
    [`${' '.repeat(4_200_000)}${message}`, '1:1: the file is larger than 4 MB'],
    [
      `BU_: A\nBO_ x Limits: 8 BMS\n`,
      '2:5: the id of a message should stand here, not `x`; write the line like `BO_ 849',
    ],
    ['BO_ 849 Limits 8 BMS\n', '1:16: `:` should stand here, not `8`'],
    [
      `BO_ 419385349 Limits: 8 BMS\n`,
      '1:5: id 419385349 does not fit 11 bits, and a 29-bit id has bit 31 set; write 2566868997',
    ],
    ['BO_ 5000000000 Limits: 8 BMS\n', '1:5: 5000000000 is no CAN id'],
    ['BO_ 849 Limits: 800 BMS\n', '1:5: a message cannot be 800 bytes long'],
    [`${message}${message}`, '2:5: message 849 is described twice'],
    [`BU_: A\n${signal}${message}`, '2:6: this signal stands before any message'],
    [`${message}${signal.replace('V"', 'V')}`, '2:34: a text begins here that does not end'],
    [`${message}${signal.replace('@1', '@2')}`, '2:17: 2 is no byte order; write 0 (Motorola) or 1 (Intel)'],
    [`${message}${signal.replace('(0.1', '(0')}`, '2:6: `CVL` has a factor of 0'],
    [`${message}${signal.replace('(0.1', '(1e999')}`, '2:6: `CVL` has a number that is too large'],
    [`${message}${signal.replace('16@', '65@')}`, '2:6: `CVL` has 65 bits from bit 0'],
    [`${message}${signal.replace('0|16', '50|16')}`, '2:6: `CVL` reaches beyond the 8 bytes of `Limits`'],
    [`${message}${signal.replace('0|16@1', '56|16@0')}`, '2:6: `CVL` reaches beyond the 8 bytes of `Limits`'],
    [`${message}${signal}${signal}`, '3:6: there is a second `CVL` in this message'],
    [
      `${message}${signal}${signal.replace('CVL : 0|16@1', 'DVL : 15|16@0')}`,
      '3:6: `DVL` lies on the same bits as `CVL`; correct one of them, or tell them apart by a multiplexer',
    ],
    [
      `${message}${signal.replace('CVL', 'CVL x7')}`,
      '2:10: `x7` says nothing here; write `M`, `m0` or leave it out',
    ],
    [`${message} SG_ CVL : 0|16`, '2:14: `@` should stand here, not `the end`'],
    [`${message}§\n`, '2:1: `§` cannot stand here'],
    [`${message}${signal}VAL_ 849 CVL 0 off ;\n`, '3:16: the name of a value in quotes should stand here'],
  ])('%j is refused in one sentence with its place', (text, why) => {
    expect(said(text)).toContain(`maker.dbc:${why}`);
    expect(said(text)).not.toContain('\n');
  });

  test('is told from one in which only other tools’ words are unknown', () => {
    expect(
      said(`${message}${signal}BA_DEF_SGTYPE_ "x" INT 0 1;\nFOO_ bar baz;\nEV_ e: 0 [0|1] "" 0 1 D V;\n`),
    ).toBe('it was taken');
  });

  test('never ends in anything but a sentence, however it is damaged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(maker.length), fc.nat(40), fc.string({ maxLength: 6 })), { maxLength: 6 }),
        (cuts) => {
          const damaged = cuts.reduce(
            (text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length),
            maker,
          );
          try {
            startProfile(readDbc('maker.dbc', damaged), 'maker.dbc', 'damaged');
          } catch (error) {
            expect(sentence(error)).toMatch(/^maker\.dbc:\d+:\d+: .+; .+$/);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('holds a thousand messages and the longest lists without keeping anyone waiting', () => {
    const many = Array.from({ length: 2000 }, (_, i) => `BO_ ${i} M${i}: 8 BMS\n${signal}`).join('');
    expect(cpuMsOf(() => expect(started(many).signals).toBe(2000))).toBeLessThan(10_000);
    const toldMs = cpuMsOf(() => {
      for (const long of ['1', '\\', '\\"', 'a_', ' ', '"" '])
        expect(said(`${message}${long.repeat(1_000_000 / long.length)}§`)).toMatch(/^maker\.dbc:\d+:\d+: /);
    });
    expect(toldMs).toBeLessThan(40_000);
    const crowded = Array.from({ length: 2000 }, (_, i) => signal.replace('CVL', `S${i} m${i}`)).join('');
    expect(said(message + crowded)).toContain('a message with 2000 signals is not taken; at most 1000 are');
  });
});

test('whatever words a file uses, what is started from it is YAML without a mistake of form', () => {
  const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/);
  const quoted = fc.string({ unit: 'grapheme', maxLength: 30 }).map((s) => s.replaceAll(/["\\\p{Cc}]/gu, ''));
  fc.assert(
    fc.property(word, word, quoted, quoted, quoted, (name, own, unit, comment, value) => {
      const text = `BO_ 1 ${name}: 8 BMS\n SG_ ${own} : 0|16@1+ (0.1,0) [0|9] "${unit}" INV\n SG_ b${own} : 16|8@1+ (1,0) [7|7] "" INV\nCM_ "${comment}";\nCM_ BO_ 1 "${comment}";\nCM_ SG_ 1 ${own} "${comment}";\nVAL_ 1 ${own} 1 "${value}" ;\n`;
      const opened = openDocument('p.yaml', started(text).yaml);
      expect('problems' in opened ? opened.problems : []).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a file in which only an inverter speaks starts nothing', () => {
  const text = 'BO_ 1 Hello: 8 Inverter\n SG_ a : 0|16@1+ (0.1,0) [0|9] "" BMS\n';
  expect(startProfile(readDbc('maker.dbc', text), 'maker.dbc', 'x')).toBeUndefined();
});
