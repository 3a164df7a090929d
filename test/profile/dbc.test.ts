import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { shapes } from '../../src/bytes/field.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { keyOf, signalSpec } from '../../src/model/signals.ts';
import { type CompiledProfile, compileProfile, inPhase, valuesFor } from '../../src/profile/compile.ts';
import { caseOf, type Moment, raisedBy } from '../../src/profile/condition.ts';
import { dbcOf, dbcText } from '../../src/profile/dbc/write.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { CodeSlot, FrameLayout, NumberSlot, Slot } from '../../src/profile/layout.ts';
import { bytesOf } from '../../src/profile/layout.ts';
import { invalidRaw } from '../../src/profile/number.ts';
import type { Settings } from '../../src/profile/options.ts';
import type { Profile } from '../../src/profile/schema.ts';
import { anyState } from './dbc/any-state.ts';
import { decode, type ReadMessage, type ReadSignal, readStrictly } from './dbc/reader.ts';
import { profileText, shippedIds, taken } from './profiles.ts';

vi.setConfig({ testTimeout: 300_000 });

const kinds = taken(readFileSync(join(import.meta.dirname, 'dbc', 'kinds.yaml'), 'utf8'));
const profiles = [kinds, ...shippedIds.map((id) => taken(profileText(id)))].filter(({ can }) => can);

/** The defaults, and every choice and flag of the profile in turn. */
const settingsOf = ({ options }: Profile): Settings[] => [
  {},
  ...Object.entries(options).flatMap(([name, option]): Settings[] => {
    if (option.kind === 'choice') return option.values.map((value) => ({ [name]: value }));
    return option.kind === 'flag' ? [{ [name]: !option.default }] : [];
  }),
];

const cases = profiles.flatMap((profile) =>
  settingsOf(profile).map(
    (settings) => [`${profile.id} ${JSON.stringify(settings)}`, profile, settings] as const,
  ),
);

const exported = (compiled: CompiledProfile): string => {
  const dbc = dbcOf(compiled);
  if (dbc === undefined) throw new Error('this profile speaks no CAN');
  return dbcText(dbc);
};

const idOf = ({ id, extended }: { id: number; extended: boolean }): number => (extended ? id + 2 ** 31 : id);

/** Bits that an entry fills, counted as a DBC does. */
function bitsOf(slot: Slot): number[] {
  const row = (first: number, size: number) => Array.from({ length: size }, (_, i) => first + i);
  switch (slot.kind) {
    case 'bit':
      return [slot.at * 8 + slot.bit];
    case 'pair':
      return row(slot.at * 8 + slot.pair * 2, 2);
    case 'number':
      return row(slot.at * 8, shapes[slot.as].bytes * 8);
    case 'code':
      return slot.size === undefined ? row(slot.at * 8, shapes[slot.as].bytes * 8) : partOf(slot, slot.size);
    default:
      return [];
  }
}

const partOf = ({ at, as, bit = 0 }: CodeSlot, size: number): number[] =>
  Array.from({ length: size }, (_, i) => {
    const inNumber = bit + i;
    const byte = as.endsWith('be') ? shapes[as].bytes - 1 - (inNumber >> 3) : inNumber >> 3;
    return (at + byte) * 8 + (inNumber % 8);
  });

const sorted = (bits: readonly number[]): string => bits.toSorted((a, b) => a - b).join();

/** What a number should read as, in its unit; or the raw code for "not available". */
function wanted(slot: NumberSlot, moment: Moment): { value: number } | { raw: number } {
  const held = moment[keyOf(slot.from)];
  const own = Array.isArray(held) ? held[slot.index ?? 0] : held;
  const other = slot.instead && caseOf(slot.instead)(moment);
  const known = typeof own === 'number' ? boundTo(slot, own) : undefined;
  const value = typeof other === 'number' ? other : known;
  if (value !== undefined) return { value };
  if (slot.unknown === 'invalid') return { raw: invalidRaw(slot.as) ?? Number.NaN };
  return { value: slot.unknown ?? Number.NaN };
}

function boundTo({ from, half, modulo, min, max }: NumberSlot, own: number): number {
  if (modulo !== undefined) return ((own % modulo) + modulo) % modulo;
  const part = half === undefined ? own : Math.max(0, half === 'charge' ? own : -own);
  const percent = signalSpec(from).unit === '%' ? [0, 100] : [-Infinity, Infinity];
  return Math.min(max ?? Infinity, percent[1] ?? 0, Math.max(min ?? -Infinity, percent[0] ?? 0, part));
}

/** The slot's signal in what was read, and its raw number and value. */
function readAt(read: ReturnType<typeof decode>, slot: Slot) {
  const found = read.find(({ signal }) => sorted(signal.bits) === sorted(bitsOf(slot)));
  if (found === undefined) throw new Error(`nothing is read where ${slot.path.join('.')} lies`);
  return found;
}

function checkSlot(slot: Slot, read: ReturnType<typeof decode>, moment: Moment): void {
  if (slot.kind === 'text' || slot.kind === 'bytes') return;
  const { signal, raw, value } = readAt(read, slot);
  if (slot.kind === 'bit') expect(raw).toBe(raisedBy(slot)(moment) ? 1 : 0);
  if (slot.kind === 'pair') expect(signal.values.get(raw)).toBe(raisedBy(slot)(moment) ? 'raised' : 'clear');
  if (slot.kind === 'code') {
    expect(raw).toBe(caseOf(slot.cases)(moment) ?? slot.else);
    expect(signal.values.get(raw)).toBeDefined();
  }
  if (slot.kind !== 'number') return;
  expect(signal.name.startsWith(slot.from)).toBe(true);
  const want = wanted(slot, moment);
  if ('raw' in want) {
    expect(raw).toBe(want.raw);
    expect(signal.values.get(raw)).toBe('not available');
    return;
  }
  expect(value).toBeGreaterThanOrEqual(signal.min - 1e-9);
  expect(value).toBeLessThanOrEqual(signal.max + 1e-9);
  const held = Math.min(signal.max, Math.max(signal.min, want.value));
  expect(Math.abs(value - held)).toBeLessThanOrEqual(Math.abs(slot.scale) * 1.000001);
}

const putFloat = (bytes: Uint8Array, { bits }: ReadSignal, value: number): void =>
  new DataView(bytes.buffer).setFloat32((bits.at(-1) ?? 0) >> 3, value, true);

function putBits(bytes: Uint8Array, { bits }: ReadSignal, raw: number): void {
  const whole = raw < 0 ? raw + 2 ** bits.length : raw;
  for (const [i, bit] of bits.entries()) {
    const on = Math.floor(whole / 2 ** (bits.length - 1 - i)) % 2;
    const mask = 1 << (bit % 8);
    const before = bytes[bit >> 3] ?? 0;
    bytes[bit >> 3] = on ? before | mask : before & ~mask;
  }
}

/** Every bit of the frame is told by one signal, or is padding. */
function rebuilt(layout: FrameLayout, read: ReturnType<typeof decode>): Uint8Array {
  const bytes = new Uint8Array(layout.length).fill(layout.pad);
  for (const { signal, raw } of read) (signal.float ? putFloat : putBits)(bytes, signal, raw);
  return bytes;
}

describe.each(cases)('the DBC of %s', (_, profile, settings) => {
  const compiled = compileProfile(profile, settings);
  const { can } = compiled;
  if (!can) return;
  const messages = readStrictly(exported(compiled));
  const last = can.talk.phases?.at(-1);
  const layoutOf = ({ id, extended, data }: CanFrame) =>
    can.layouts.find(
      (l) =>
        l.id === id &&
        l.extended === extended &&
        inPhase(l, last) &&
        (!l.part || data[l.part.at] === l.part.value),
    );
  const messageOf = (frame: CanFrame): ReadMessage | undefined => messages.find((m) => m.id === idOf(frame));

  test('reads back what is sent, whatever the bank says', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const frames = can.frames(state);
        fc.pre(!isIncomplete(frames));
        if (isIncomplete(frames)) return;
        const moment: Moment = { ...valuesFor(profile, settings)(state), phase: last };
        for (const frame of frames) {
          const [layout, message] = [layoutOf(frame), messageOf(frame)];
          if (!layout || !message) throw new Error(`the DBC has no ${frame.id.toString(16)}`);
          const read = decode(message, frame.data);
          for (const slot of layout.slots) checkSlot(slot, read, moment);
          expect(rebuilt(layout, read)).toEqual(Uint8Array.from(frame.data));
        }
      }),
      { numRuns: Object.keys(settings).length ? 15 : 60 },
    );
  });

  test('knows the period of every frame that comes by itself, and who sends it', () => {
    for (const layout of can.layouts) {
      const message = messages.find((m) => m.id === idOf(layout));
      expect(message?.sender).toBe('Battery');
      expect(message?.length).toBeGreaterThanOrEqual(layout.length);
    }
    for (const layout of can.layouts.filter((l) => inPhase(l, last)))
      expect(messages.find((m) => m.id === idOf(layout))?.cycleMs).toBe(
        layout.when_asked ? undefined : (layout.every ?? can.everyMs),
      );
    const sent = new Set(can.layouts.map(idOf));
    for (const id of can.receives.map(idOf).filter((id) => !sent.has(id)))
      expect(messages.find((m) => m.id === id)?.sender).toBe('Inverter');
  });

  test('tells constants by a range of one value', () => {
    for (const layout of can.layouts.filter((l) => inPhase(l, last)))
      for (const slot of layout.slots.filter((s) => s.kind === 'bytes' && s.name !== 'part')) {
        if (slot.kind !== 'bytes') continue;
        const message = messages.find((m) => m.id === idOf(layout));
        for (const [i, byte] of bytesOf(slot).entries()) {
          const bits = sorted(Array.from({ length: 8 }, (_, bit) => (slot.at + i) * 8 + bit));
          const signal = message?.signals.find((s) => sorted(s.bits) === bits);
          expect(signal).toMatchObject({ min: byte, max: byte });
        }
      }
  });
});

describe('the DBC of one of each kind', () => {
  const text = exported(compileProfile(kinds));
  const messages = readStrictly(text);
  const named = (name: string) => messages.find((m) => m.name.startsWith(name));

  test('marks a 29-bit id by bit 31, and keeps the 11-bit one apart', () => {
    expect(text).toContain(`BO_ ${2 ** 31 + 0x211} x00000211_numbers_as_the_wire: 8 Battery`);
    expect(text).toContain(`BA_ "VFrameFormat" BO_ ${2 ** 31 + 0x211} 1;`);
  });

  test('names big-endian numbers by their most significant bit', () => {
    expect(text).toContain('SG_ voltage_V : 7|16@0+ (0.1,0) [0|6553.4] "V" Inverter');
    expect(text).toContain('SG_ current_A : 23|16@0+ (0.1,-3000) [-3000|3553.4] "A" Inverter');
  });

  test('names little-endian ones by their least', () => {
    const little = exported(compileProfile(kinds, { order: 'little' }));
    expect(little).toContain('SG_ voltage_V : 0|16@1+ (0.1,0) [0|6553.4] "V" Inverter');
    expect(little).toContain('SG_ power_W_discharge : 32|32@1- (0.001,0) [0|2147483.647] "W" Inverter');
  });

  test('says what is clamped, and what is sent in place of nothing', () => {
    expect(text).toContain('SG_ charge_voltage_limit_V : 7|16@0+ (0.1,0) [40|58.4] "V" Inverter');
    expect(text).toContain('SG_ temperature_C : 56|8@1- (1,0) [-40|100] "degC" Inverter');
    expect(text).toMatch(/VAL_ 849 discharge_voltage_limit_V 65535 "not available" ;/);
  });

  test('gives every sign of a frame a name of its own', () => {
    expect(named('x352')?.signals.map((s) => s.name)).toEqual([
      'charge_enable',
      'discharge_forbidden',
      'old_data',
      'alarm_high_voltage',
      'alarm_high_voltage_2',
      'bit_0_6',
      'warning_high_voltage',
      'warning_low_temperature',
      'state',
      'mode',
      'mark',
      'PN_1',
      'PN_2',
    ]);
  });

  test('names the values of codes and pairs', () => {
    expect(text).toContain('state 1 "status charge" 2 "status discharge" 3 "otherwise" ;');
    expect(text).toContain('warning_low_temperature 1 "raised" 2 "clear" ;');
  });

  test('tells the contents of one id apart by a multiplexer', () => {
    expect(text).toContain(' SG_ part M : 0|8@1+ (1,0) [0|255] "" Inverter');
    expect(text).toContain(' SG_ manufacturer_8 m1 : 8|8@1+');
    expect(text).toContain(' SG_ cell_voltages_V_1 m2 : 15|16@0+ (0.001,0) [0|65.534] "V" Inverter');
    expect(text).toContain('part 0 "name 1" 1 "name 2" 2 "cells" 9 "of no content" ;');
    expect(named('x3D0')?.comment).toContain('cells, part 2, only 7 bytes long');
  });

  test('shows of two phases the last, and says what it does not show', () => {
    expect(named('x3D1')?.signals.map((s) => s.name)).toEqual(['soh_pct']);
    expect(named('x3D1')?.comment).toContain('not described here: one that pairs, in phase pairing');
  });

  test('describes what the inverter sends', () => {
    const poll = named('x00004200');
    expect(poll).toMatchObject({ sender: 'Inverter', length: 8 });
    expect([...(poll?.signals[0]?.values ?? [])]).toEqual([
      [0, 'asks for numbers'],
      [2, 'asks for nothing that we have'],
    ]);
    expect(named('x151')?.signals).toMatchObject([{ bits: [0], min: 1, max: 1 }]);
    expect(named('x091')?.signals.map((s) => [s.name, s.unit])).toEqual([
      ['inverter_voltage', 'V'],
      ['inverter_current', 'A'],
      ['inverter_temperature', 'degC'],
    ]);
  });

  test('is plain ASCII, and no quote or backslash of a comment ends it', () => {
    expect(text).toContain(
      'CM_ "profile kinds 1.0.0: One of each kind that a frame can carry - for 100 degC;',
    );
    expect(text).toContain("allows them, 'in quotes' and with a back/slash, when asked for numbers");
    expect(text).not.toMatch(/[^\n -~]/);
  });
});
