import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { explain } from '../../src/profile/explain.ts';
import { decodeSent } from '../../src/profile/frame-pieces.ts';
import { profileJsonSchema } from '../../src/profile/json-schema.ts';
import { rowsOf } from '../../src/profile/rows.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { profileText, refused, shelf, shipped, shippedIds } from './profiles.ts';

describe.each(shippedIds)('%s', (id) => {
  test('is right by its own examples, and its file is called like its id', () => {
    expect(refused(profileText(id))).toEqual([]);
    expect(shipped(id).profile.id).toBe(id);
  });

  test('is right by the published schema, which an editor uses', () => {
    const fits = new Ajv({ strict: false }).compile(profileJsonSchema());
    fits(parse(profileText(id), { stringKeys: true }));
    expect(fits.errors).toBeNull();
  });

  test('can be explained under every choice of its options', () => {
    const { profile } = shipped(id);
    const choices = Object.entries(profile.options).flatMap(([name, option]) =>
      option.kind === 'choice' ? option.values.map((value) => ({ [name]: value })) : [],
    );
    for (const settings of [{}, ...choices]) {
      const text = explain(shipped(id, settings));
      expect(text).toContain(`${id} ${profile.version}`);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

test('the published schema is that of the program (UPDATE=1 writes it anew)', () => {
  const file = join(shelf, 'profile.schema.json');
  if (process.env.UPDATE) writeFileSync(file, `${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(profileJsonSchema())));
});

test('the schema finds the same mistake as the program', () => {
  const fits = new Ajv({ strict: false }).compile(profileJsonSchema());
  expect(
    fits(parse(profileText('pylontech-lv').replace('lost: hold', 'lost: hodl'), { stringKeys: true })),
  ).toBe(false);
});

describe('the table an installer lays beside the manual', () => {
  const text = explain(shipped('pylontech-lv'));

  test.each([
    [
      'where and how a value lies',
      'byte 2–3  i16 little-endian  0.1 A  CCL  charge_current_limit_A; required; rounded down',
    ],
    [
      'what stands for an unknown value, and that it is not measured',
      'soh_pct; unknown: 100 %, not measured; cut to whole counts; evidence: field',
    ],
    ['which alarms raise a bit', 'alarm high_voltage, cell_high_voltage, module_high_voltage'],
    ['the sign of old data', '0x359 byte 3 bit 3 (internal communication, also old data) rises when stale'],
    ['what a lost bank does', 'lost    goes on saying zero limits with the stale sign up'],
    ['what it listens to', 'hears 0x305'],
    ['its own proof', '0x351  38 02 E8 03 B0 04 B8 01'],
    ['how we know', 'known   by vendor; Pylontech LV CAN V1.2'],
  ])('says %s', (_, line) => expect(text).toContain(line));
});

test('registers are there as a manual counts them, in hex and in decimal', () => {
  const text = explain(shipped('byd-modbus'));
  expect(text).toContain('registers 0x012C (300) to 0x0143 (323), unassigned ones read 0');
  expect(text).toMatch(/0x0132 \(306\) +u16 big-endian +1 W +maximum discharge power/);
  expect(text).toMatch(/0x0190 \(400\) +u16 +requested mode/);
});

describe('a frame heard on the bus', () => {
  const { can } = shipped('pylontech-lv');
  if (!can) throw new Error('no CAN side');
  const heard = (id: number, data: number[], extended = false) =>
    decodeSent(can.layouts, { id, extended, data: Uint8Array.from(data) })
      .pieces.filter(({ kind }) => kind === 'field')
      .map((row) => `${row.label}: ${row.text}`);

  test('reads as signals', () => {
    expect(heard(0x356, [0x72, 0x14, 0x85, 0xff, 0xc9, 0xff])).toEqual([
      'voltage_V: 52.34 V',
      'current_A: -12.3 A',
      'temperature_C: -5.5 °C',
    ]);
    expect(heard(0x35c, [0xb0, 0])).toEqual(['bits: force charge II, force charge I, charge enable']);
    expect(heard(0x35e, [...Buffer.from('PYLON   ')])).toEqual(['manufacturer: "PYLON"']);
  });

  test('of another family, or cut short, is left alone', () => {
    expect(heard(0x357, [0])).toEqual([]);
    expect(heard(0x356, [0, 0, 0, 0, 0, 0], true)).toEqual([]);
    expect(heard(0x356, [0x72])).toEqual([]);
  });
});

test('what was never measured is marked', () => {
  const state = writtenState({
    socPct: 76,
    voltageV: 52,
    currentA: 0,
    temperatureC: 20,
    chargeVoltageLimitV: 56,
    chargeCurrentLimitA: 9,
    dischargeCurrentLimitA: 9,
  });
  const can = shipped('pylontech-lv').can;
  const frames = can?.frames(state);
  const layout = can?.layouts[1];
  if (!layout || !frames || 'missing' in frames || !frames[1]) throw new Error('no frame');
  expect(rowsOf(layout, frames[1].data, state)).toMatchObject([
    { label: 'soc_pct', text: '76 %' },
    { label: 'soh_pct', text: '100 % (not measured)' },
  ]);
});
