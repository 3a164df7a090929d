// What the grammar can say beyond plain fields, on small profiles of a few lines.
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/hex.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { type CompiledCan, compileProfile } from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { Settings } from '../../src/profile/options.ts';
import { readRegisters } from '../../src/profile/registers.ts';
import { compileWriteTable, emptyStore } from '../../src/profile/write-table.ts';
import { refused, taken } from './profiles.ts';

const lacks =
  'lacks: [charge_voltage_limit_V, charge_current_limit_A, discharge_current_limit_A, soc_told_pct, voltage_V, current_A]';

interface Parts {
  readonly can?: string;
  readonly options?: string;
  readonly proof?: string;
  readonly given?: string;
}

/** A CAN profile of these frames (a YAML list, no indent), nothing mandatory. */
const canText = (
  frames: string,
  { can = '', options = '{}', proof = '{}', given = '{}' }: Parts = {},
): string =>
  `id: small
version: '1.0.0'
title: a few frames
inverters: [{ brand: none, models: none }]
evidence: vendor
options: ${options}
${lacks}
can:
  bitrate: 500000
  every: 1s
${can ? `  ${can}\n` : ''}  frames:
${frames
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
lost: hold
examples:
  - given: ${given}
    then: ${proof}
`;

function canOf(text: string, settings: Settings = {}): CompiledCan {
  const { can } = compileProfile(taken(text), settings);
  if (!can) throw new Error('no CAN side');
  return can;
}

/** Every frame as `351#0102`. */
function said(text: string, state: SignalValues, settings: Settings = {}): string[] {
  const frames = canOf(text, settings).frames(state);
  if (isIncomplete(frames)) return [`lacks ${frames.missing.join(', ')}`];
  return frames.map((f) => `${f.id.toString(16)}#${toHex(f.data, '')}`);
}

const one = (entry: string, length = 2): string => `- id: 0x100
  length: ${length}
  ${entry}`;

describe('a pair of bits', () => {
  const text = canText(
    one(
      'pairs: [{ at: 0, pair: 1, alarms: [high_voltage] }, { at: 0, pair: 3, off: [online], since: stale }]',
      1,
    ),
  );

  test('says 01 when raised and 10 when clear, and leaves the others 00', () => {
    expect(said(text, { alarms: ['high_voltage'] })).toEqual(['100#84']);
    expect(said(text, { alarms: [] })).toEqual(['100#88']);
  });

  test('is raised by a flag that is known to be off, not by one that is unknown', () => {
    expect(said(text, { online: false })).toEqual(['100#48']);
    expect(said(text, { online: true })).toEqual(['100#88']);
  });

  test('is raised by old data', () => {
    expect(said(text, { freshness: 'lost' })).toEqual(['100#48']);
    expect(said(text, { freshness: 'late' })).toEqual(['100#88']);
  });
});

test('an inverted bit stands while nothing raises it', () => {
  const text = canText(one('bits: [{ at: 0, bit: 0, alarms: any, inverted: true }]', 1));
  expect(said(text, { alarms: [] })).toEqual(['100#01']);
  expect(said(text, { alarms: ['internal'] })).toEqual(['100#00']);
});

describe('a code', () => {
  const text = canText(
    one(
      `codes:
    - { at: 0, bit: 1, size: 2, cases: [{ value: 2, flags: [charging] }, { value: 3, flags: [discharging] }], else: 1 }
    - { at: 1, cases: [{ value: 0xAA, zero: [charge_current_limit_A] }] }
  bits: [{ at: 0, bit: 0, flags: [balancing] }]`,
    ),
  );

  test('is that of the first case that holds, in its own bits beside the others', () => {
    expect(said(text, { charging: true, balancing: true })).toEqual(['100#0500']);
    expect(said(text, { discharging: true, balancing: true })).toEqual(['100#0700']);
    expect(said(text, {})).toEqual(['100#0200']);
  });

  test('can tell that a limit is 0; an unknown limit is not 0', () => {
    expect(said(text, { chargeCurrentLimitA: 0 })).toEqual(['100#02aa']);
    expect(said(text, { chargeCurrentLimitA: 50, chargeEnable: false })).toEqual(['100#02aa']);
    expect(said(text, { chargeCurrentLimitA: 0.1 })).toEqual(['100#0200']);
  });
});

test('an inverted case holds while none of its conditions does: old data and an alarm together', () => {
  const text = canText(
    one(
      'codes: [{ at: 0, cases: [{ value: 2, alarms: [internal], inverted: true }, { value: 0, since: stale }], else: 1 }]',
    ),
  );
  expect(said(text, { freshness: 'stale' })).toEqual(['100#0200']);
  expect(said(text, { freshness: 'stale', alarms: ['internal'] })).toEqual(['100#0000']);
  expect(said(text, { alarms: ['internal'] })).toEqual(['100#0100']);
});

describe('a number', () => {
  const number = (more: string, from = 'charge_current_limit_A') =>
    canText(one(`signals: [{ at: 0, as: u16be, scale: 0.1, from: ${from}, required: true, ${more} }]`));

  test('is held in the range that the inverter accepts', () => {
    const text = number('min: 41, max: 63', 'charge_voltage_limit_V');
    expect(said(text, { chargeVoltageLimitV: 65 })).toEqual(['100#0276']);
    expect(said(text, { chargeVoltageLimitV: 39 })).toEqual(['100#019a']);
    expect(said(text, { chargeVoltageLimitV: 56.8 })).toEqual(['100#0238']);
  });

  test('sends raw 1 where an inverter ignores a 0', () => {
    const text = number('zero_raw: 1, evidence: field');
    expect(said(text, { chargeCurrentLimitA: 0 })).toEqual(['100#0001']);
    expect(said(text, { chargeCurrentLimitA: 0.04 })).toEqual(['100#0001']);
    expect(said(text, { chargeCurrentLimitA: 0.25 })).toEqual(['100#0002']);
  });

  test('that must never go out counts as unknown', () => {
    const text = number('never: [0]', 'charge_voltage_limit_V');
    expect(said(text, { chargeVoltageLimitV: 0 })).toEqual(['lacks charge_voltage_limit_V']);
    expect(said(text, { chargeVoltageLimitV: 0.1 })).toEqual(['100#0001']);
  });

  test('tells one direction of a current, positive, in a register of its own', () => {
    const text = canText(
      one(
        `signals:
    - { at: 0, as: u16be, scale: 0.1, from: current_A, half: charge, required: true }
    - { at: 2, as: u16be, scale: 0.1, from: current_A, half: discharge, required: true }`,
        4,
      ),
    );
    expect(said(text, { currentA: -12.5 })).toEqual(['100#0000007d']);
    expect(said(text, { currentA: 12.5 })).toEqual(['100#007d0000']);
  });

  test('gives way to another while a case holds; `as_is` ends the search', () => {
    const text = canText(
      one(`signals:
    - at: 0
      as: u16be
      scale: 0.01
      from: soc_told_pct
      required: true
      instead:
        - { value: as_is, zero: [charge_current_limit_A, discharge_current_limit_A] }
        - { value: 100, zero: [charge_current_limit_A] }
        - { value: 0, zero: [discharge_current_limit_A] }`),
    );
    const soc = { socPct: 50 };
    expect(said(text, { ...soc, chargeCurrentLimitA: 0, dischargeCurrentLimitA: 9 })).toEqual(['100#2710']);
    expect(said(text, { ...soc, chargeCurrentLimitA: 9, dischargeCurrentLimitA: 0 })).toEqual(['100#0000']);
    expect(said(text, { ...soc, chargeCurrentLimitA: 0, dischargeCurrentLimitA: 0 })).toEqual(['100#1388']);
    expect(said(text, soc)).toEqual(['100#1388']);
  });

  test('lies as the family, or the option of the installer, says', () => {
    const frames = one('signals: [{ at: 0, as: u16, from: cycles, unknown: 0 }]');
    const choice = '{ byte_order: { kind: choice, values: [little, big], default: little, title: t } }';
    const text = canText(frames, { can: 'order: { option: byte_order }', options: choice });
    expect(said(text, { cycles: 0x1234 })).toEqual(['100#3412']);
    expect(said(text, { cycles: 0x1234 }, { byte_order: 'big' })).toEqual(['100#1234']);
    expect(said(canText(frames, { can: 'order: big' }), { cycles: 0x1234 })).toEqual(['100#1234']);
  });
});

test('a code in some bits of a little-endian wire lies in its low byte, and leaves the other to others', () => {
  const text = canText(
    one(
      'codes: [{ at: 0, as: u16le, bit: 0, size: 3, cases: [{ value: 5, flags: [charging] }] }]\n  bits: [{ at: 0, bit: 3, alarms: any }]',
    ),
  );
  expect(said(text, { charging: true, alarms: ['internal'] })).toEqual(['100#0d00']);
});

test('a row of cells fills its places, and what is not there reads as the profile says', () => {
  const text = canText(
    one('lists: [{ at: 0, as: u16be, count: 3, scale: 0.001, from: cell_voltages_V, unknown: invalid }]', 6),
  );
  expect(said(text, { cellVoltagesV: [3.3, 3.301] })).toEqual(['100#0ce40ce5ffff']);
  expect(said(text, { cellVoltagesV: [3.3, 3.301, 3.302, 3.303] })).toEqual(['100#0ce40ce50ce6']);
  expect(said(text, {})).toEqual(['100#ffffffffffff']);
});

test('a row that goes on in the next frame leaves out what stood in the one before', () => {
  const text = canText(
    `- { id: 0x315, length: 4, lists: [{ at: 0, as: u16be, count: 2, scale: 0.001, from: cell_voltages_V }] }
- { id: 0x316, length: 4, lists: [{ at: 0, as: u16be, count: 2, skip: 2, scale: 0.001, from: cell_voltages_V }] }`,
  );
  expect(said(text, { cellVoltagesV: [3.3, 3.301, 3.302] })).toEqual(['315#0ce40ce5', '316#0ce60000']);
  expect(refused(text.replace('skip: 2, scale: 0.001', 'skip: 2, scale: 0.00001'))[0]).toContain(
    '`cell_voltages_V` needs 0 to 4.3 V',
  );
});

test('a bit of two bytes moves with the byte order, a bit of a byte stays', () => {
  const text = canText(
    one(
      'bits: [{ at: 0, as: u16, bit: 9, alarms: [internal] }, { at: 0, as: u16, bit: 0, alarms: [general] }, { at: 2, bit: 7, alarms: any }]',
      3,
    ),
    {
      can: 'order: { option: byte_order }',
      options: '{ byte_order: { kind: choice, values: [little, big], default: little, title: t } }',
    },
  );
  const state: SignalValues = { alarms: ['internal', 'general'] };
  expect(said(text, state)).toEqual(['100#010280']);
  expect(said(text, state, { byte_order: 'big' })).toEqual(['100#020180']);
  expect(refused(text.replace('at: 2, bit: 7', 'at: 2, bit: 8'))[0]).toContain(
    'a byte has bits 0 to 7; write `as: u16` for a bit of two bytes',
  );
});

describe('a battery with an address', () => {
  const text = canText(
    `- { id: 0x4210, extended: true, length: 1, when_asked: [all], constants: [{ at: 0, bytes: '01' }] }`,
    {
      can: 'id_offset: { option: address }\n  receives: [{ id: 0x4200, extended: true, asks: [all] }, { id: 0x8200, extended: true, addressed: true }]',
      options: '{ address: { kind: number, default: 0, min: 0, max: 15, title: t } }',
      proof: "{ 0x4210: '01' }",
    },
  );

  test('speaks at its own ids, and hears at its own what is addressed to it', () => {
    expect(said(text, {})).toEqual(['4210#01']);
    expect(said(text, {}, { address: 3 })).toEqual(['4213#01']);
    expect(canOf(text, { address: 3 }).receives.map(({ id }) => id)).toEqual([0x4200, 0x8203]);
  });

  test('needs an option that is a number, and ids that fit', () => {
    expect(refused(text.replace('option: address', 'option: adress'))[0]).toContain(
      'option `adress` must be a number from 0 on',
    );
    expect(refused(text.replace('max: 15', 'max: 600000000'))[0]).toContain(
      '0x00004210 and the address do not fit 29 bits',
    );
  });
});

describe('several contents of one id', () => {
  const text = canText(
    `- { id: 0x3D0, length: 4, part: { at: 0, value: 0 }, texts: [{ at: 1, length: 3, from: product_name }] }
- { id: 0x3D0, length: 4, part: { at: 0, value: 1 }, texts: [{ at: 1, length: 3, from: product_name, skip: 3 }] }`,
    { given: '{ product_name: Battery }', proof: "{ 0x3D0/0: '00 42 61 74', 0x3D0/1: '01 74 65 72' }" },
  );

  test('are sent one after the other, each with its number', () => {
    expect(said(text, { productName: 'Box' })).toEqual(['3d0#00426f78', '3d0#01000000']);
  });

  test('are refused when nothing tells them apart', () => {
    expect(refused(text.replace('part: { at: 0, value: 1 }', 'part: { at: 0, value: 0 }'))[0]).toMatch(
      /frame 0x3D0 is described twice; join the two/,
    );
  });
});

test('an optional frame is left out while it has nothing to say, and its example says so', () => {
  const text = canText(
    `- { id: 0x380, length: 8, optional: true, texts: [{ at: 0, length: 8, from: serial, required: true }] }`,
    { given: '{}', proof: '{ 0x380: none }' },
  );
  expect(said(text, {})).toEqual([]);
  expect(said(text, { serial: '' })).toEqual([]);
  expect(said(text, { serial: 'GW01' })).toEqual(['380#4757303100000000']);
  expect(said(text.replace(' optional: true,', '').replace('0x380: none', ''), {})).toEqual(['lacks serial']);
});

test('a frame of another phase is not said, and a bit can show the phase', () => {
  const text = canText(
    `- { id: 0x100, length: 1, bits: [{ at: 0, bit: 0, phases: [closed] }] }
- { id: 0x101, length: 0, phases: [announce] }`,
    { can: 'phases: [announce, closed]' },
  );
  const can = canOf(text);
  const inPhase = (phase: string) => {
    const frames = can.say({}, () => true, phase);
    return isIncomplete(frames) ? [] : frames.map((f) => `${f.id.toString(16)}#${toHex(f.data, '')}`);
  };
  expect(inPhase('announce')).toEqual(['100#00', '101#']);
  expect(inPhase('closed')).toEqual(['100#01']);
  expect(said(text, {})).toEqual(['100#01']);
});

describe('registers', () => {
  const modbus = (entries: string, more = ''): string => `id: small
version: '1.0.0'
title: a few registers
inverters: [{ brand: none, models: none }]
evidence: vendor
${lacks}
modbus:
  units: [1]
  functions: [3, 4]
  windows: [{ from: 0, to: 15, holes: zero }${more}]
  ${entries}
lost: silent
examples:
  - given: {}
    then: {}
`;
  const words = (text: string, state: SignalValues, at: number, count: number): string => {
    const image = compileProfile(taken(text)).modbus?.image(state);
    if (!image || 'missing' in image) throw new Error('no image');
    return [...(readRegisters(image, at, count, undefined) ?? [])].map((w) => w.toString(16)).join(' ');
  };

  test('a value of two registers with the low one first', () => {
    const text = modbus(
      'signals: [{ at: 3, as: i32, words: low_first, scale: 0.01, from: power_W, unknown: 0 }]',
    );
    expect(words(text, { powerW: -660 }, 3, 2)).toBe('fe30 fffe');
  });

  test('a value of four registers', () => {
    const text = modbus('signals: [{ at: 1, as: u64, scale: 0.001, from: energy_charged_kWh, unknown: 0 }]');
    expect(words(text, { energyChargedKWh: 5_000_000.123 }, 1, 4)).toBe('0 1 2a05 f27b');
  });

  test('a code in some bits of a register, over its two bytes', () => {
    const text = modbus(
      'codes: [{ at: 2, bit: 6, size: 4, cases: [{ value: 15, flags: [charging] }], else: 9 }, { at: 3, cases: [{ value: 3, since: stale }] }]',
    );
    expect(words(text, { charging: true }, 2, 2)).toBe('3c0 0');
    expect(words(text, { freshness: 'lost' }, 2, 2)).toBe('240 3');
  });

  test('a window that only one function code sees', () => {
    const text = modbus(
      'constants: [{ at: 0x20, bytes: "12 34" }]',
      ', { from: 0x20, to: 0x20, holes: refuse, functions: [4] }',
    );
    const image = compileProfile(taken(text)).modbus?.image({});
    if (!image || 'missing' in image) throw new Error('no image');
    const table = compileWriteTable([]);
    const written = { table, store: emptyStore(table) };
    expect(readRegisters(image, 0x20, 1, 0, { ...written, fc: 4 })).toEqual(Uint16Array.of(0x1234));
    expect(readRegisters(image, 0x20, 1, 0, { ...written, fc: 3 })).toBeUndefined();
  });
});

describe('a mistake is refused at its place, with the cure', () => {
  const limit = (more: string) =>
    canText(
      one(
        `signals: [{ at: 0, as: u16be, scale: 0.1, from: charge_current_limit_A, required: true, ${more} }]`,
      ),
    );

  test.each([
    [
      'a zero that is not 0 without evidence',
      limit('zero_raw: 1'),
      'a zero that is not 0 needs its evidence',
    ],
    [
      'a current limit that cannot reach 0',
      limit('min: 5'),
      '`charge_current_limit_A` must be able to reach 0',
    ],
    [
      'a limit raised by a case',
      limit('instead: [{ value: 10, since: stale }]'),
      '`charge_current_limit_A` is a limit; while a case holds it may be told as 0 or `as_is`',
    ],
    [
      'a zero of another signal',
      canText(
        one(
          'signals: [{ at: 0, as: i16be, scale: 0.1, from: current_A, required: true, zero_raw: 1, evidence: field }]',
        ),
      ),
      'only a current limit in counts of at most 0.1 A from 0 may have another zero',
    ],
    [
      'half of what has no direction',
      canText(
        one('signals: [{ at: 0, as: u16be, scale: 0.1, from: voltage_V, required: true, half: charge }]'),
      ),
      'only `current_A` and `power_W` have a direction',
    ],
    [
      'bounds the wrong way round',
      limit('min: 50, max: 40').replace('charge_current_limit_A', 'charge_voltage_limit_V'),
      '`min` is above `max`; exchange them',
    ],
    [
      'a code that does not fit its bits',
      canText(one('codes: [{ at: 0, bit: 0, size: 2, cases: [{ value: 4, flags: [charging] }] }]')),
      '4 does not fit here; the largest code is 3',
    ],
    [
      'a code that reaches beyond its byte',
      canText(one('codes: [{ at: 0, bit: 6, size: 3, cases: [{ value: 4, flags: [charging] }] }]')),
      'bits 6 to 8 do not lie in 8 bits',
    ],
    [
      'a code with half of its place',
      canText(one('codes: [{ at: 0, bit: 6, cases: [{ value: 1, flags: [charging] }] }]')),
      '`bit` and `size` go together',
    ],
    [
      'a case that nothing raises',
      canText(one('codes: [{ at: 0, cases: [{ value: 1 }] }]')),
      'nothing raises this case; give it one of `flags`',
    ],
    [
      'a pair over a bit',
      canText(one('pairs: [{ at: 0, pair: 1, alarms: any }]\n  bits: [{ at: 0, bit: 3, alarms: any }]')),
      'is already taken by',
    ],
    [
      'a row beyond its frame',
      canText(one('lists: [{ at: 0, as: u16be, count: 2, scale: 0.001, from: cell_voltages_V }]')),
      'but 0x100 has 2 bytes',
    ],
    [
      'a row where a number goes',
      canText(one('signals: [{ at: 0, as: u16be, scale: 0.001, from: cell_voltages_V, unknown: 0 }]')),
      '`cell_voltages_V` is no number; put it under `lists`',
    ],
    [
      'a question that nobody asks',
      canText('- { id: 0x100, length: 1, when_asked: [names] }'),
      'there is no question `names`; give a frame `when_asked` with this name, or a received frame that `asks` it',
    ],
    [
      'an answer that nobody gives',
      canText('- { id: 0x100, length: 1 }', { can: 'receives: [{ id: 0x200, asks: [names] }]' }),
      'there is no question `names`',
    ],
    [
      'a phase that nobody named',
      canText('- { id: 0x100, length: 1, phases: [closd] }', { can: 'phases: [announce, closed]' }),
      'there is no phase `closd`; did you mean `closed`?',
    ],
    [
      'a phase that nobody named in a case',
      canText(one('codes: [{ at: 0, cases: [{ value: 1, phases: [closd] }] }]'), {
        can: 'phases: [announce, closed]',
      }),
      'there is no phase `closd`; did you mean `closed`?',
    ],
    [
      'a little-endian code over a bit of its own byte',
      canText(
        one(
          'codes: [{ at: 0, as: u16le, bit: 0, size: 3, cases: [{ value: 1, flags: [charging] }] }]\n  bits: [{ at: 0, bit: 2, alarms: any }]',
        ),
      ),
      'is already taken by',
    ],
    [
      'a start that nothing makes',
      canText('- { id: 0x100, length: 1 }', { can: 'starts: heard' }),
      'nothing that is received starts this talk; add a frame under `receives`',
    ],
    [
      'a slower frame out of step',
      canText('- { id: 0x100, length: 1, every: 1500ms }'),
      'this frame cannot keep time with a beat of 1 s; write a multiple of it',
    ],
    [
      'a byte order that no option chooses',
      canText('- { id: 0x100, length: 1 }', { can: 'order: { option: turned }' }),
      'option `turned` must be a choice of `little`, `big`',
    ],
    [
      'an example of a frame that is sent',
      canText('- { id: 0x100, length: 1 }', { proof: '{ 0x100: none }' }),
      'the example does not match: 0x100 should be none, but is 00',
    ],
  ])('%s', (_, text, sentence) => {
    const [first = ''] = refused(text);
    expect(first).toMatch(/^p\.yaml:\d+:\d+: /);
    expect(first).toContain(sentence);
  });
});
