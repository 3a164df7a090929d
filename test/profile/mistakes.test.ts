import { describe, expect, test } from 'vitest';
import { profileText, refused } from './profiles.ts';

const pylontech = profileText('pylontech-lv');
const generic = profileText('generic-modbus');

/** The shipped profile with one mistake in it, and the line where it was made. */
function spoilt(text: string, from: string, to: string): { text: string; line: number } {
  if (text.split(from).length < 2) throw new Error(`the profile has no ${from}`);
  const before = text.slice(0, text.indexOf(from));
  return { text: text.replace(from, to), line: before.split('\n').length };
}

const first = (text: string, from: string, to: string): { sentence: string | undefined; line: number } => {
  const bad = spoilt(text, from, to);
  return { sentence: refused(bad.text)[0], line: bad.line };
};

describe('a CAN profile with one mistake is refused at its line, with the cure', () => {
  test.each([
    [
      'an option that only JavaScript knows',
      'when: { frame_set: v1.2 }',
      'when: { constructor: v1.2 }',
      'unknown option `constructor`; this profile has manufacturer, frame_set',
    ],
    [
      'an option with a name that is none',
      '  frame_set:',
      '  Frame-Set:',
      'an option is called by letters and digits that begin with a small one, e.g. `frame_set`',
    ],
    [
      'a base outside of the folders of profiles',
      'id: pylontech-lv',
      'base: ../pylontech-lv',
      'a base is named by its id and found in the folders of profiles; write e.g. `pylontech-lv`',
    ],
    [
      'a signal nobody knows',
      'from: voltage_V, required',
      'from: voltag_V, required',
      'unknown signal `voltag_V`; did you mean `voltage_V`?',
    ],
    [
      'a signal without its unit',
      'from: soh_pct',
      'from: soh',
      'unknown signal `soh`; did you mean `soh_pct`?',
    ],
    [
      'a flag where a number goes',
      'from: modules_online',
      'from: charge_enable',
      '`charge_enable` is no number; put it into the `flags` of a bit',
    ],
    [
      'an alarm nobody knows',
      'alarms: [high_voltage, cell_high_voltage,',
      'alarms: [hi_voltage, cell_high_voltage,',
      'unknown alarm `hi_voltage`; did you mean `high_voltage`?',
    ],
    [
      'a key nobody knows',
      'title: state of charge and health',
      'titel: state of charge and health',
      'unknown key `titel`; did you mean `title`?',
    ],
    [
      'a place taken twice',
      '{ at: 2, as: i16le, scale: 0.1, from: charge_current_limit_A',
      '{ at: 1, as: i16le, scale: 0.1, from: charge_current_limit_A',
      'byte 1–2 of 0x351 is already taken by `CVL`; move one of them',
    ],
    [
      'a bit taken twice',
      '{ at: 0, bit: 2, name: under-voltage',
      '{ at: 0, bit: 1, name: under-voltage',
      'byte 0 bit 1 of 0x359 is already taken by `over-voltage`; move one of them',
    ],
    [
      'a field beyond the frame',
      '{ at: 2, as: u16le, from: soh_pct',
      '{ at: 3, as: u16le, from: soh_pct',
      '`SoH` ends at byte 4, but 0x355 has 4 bytes (0 to 3); move it or make `length` larger',
    ],
    [
      'a text beyond the frame',
      '{ at: 0, length: 8, from: manufacturer',
      '{ at: 0, length: 9, from: manufacturer',
      '`manufacturer` ends at byte 8, but 0x35E has 8 bytes (0 to 7)',
    ],
    [
      'a scale that cannot hold the range',
      'as: i16le, scale: 0.01, from: voltage_V',
      'as: i8, scale: 0.1, from: voltage_V',
      '`i8` with scale 0.1 holds -12.8 to 12.7 V, `voltage_V` needs 0 to 60 V; take a wider type or a larger scale',
    ],
    [
      'a wire type without a sign',
      'as: i16le, scale: 0.1, from: current_A',
      'as: u16le, scale: 0.1, from: current_A',
      '`u16le` with scale 0.1 holds 0 to 6553.4 A, `current_A` needs -300 to 300 A',
    ],
    [
      'another unit',
      'from: voltage_V, required: true',
      'from: voltage_V, required: true, unit: mV',
      '`voltage_V` is in V, not mV; leave `unit` out and let `scale` say what one count is worth in V',
    ],
    [
      'a scale of nothing',
      'scale: 0.01, from: voltage_V',
      'scale: 0, from: voltage_V',
      'a scale of 0 says nothing; write what one count is worth',
    ],
    [
      'no word on what is unknown',
      'from: soh_pct, unknown: 100',
      'from: soh_pct',
      'what happens when this signal is unknown is not said, or said twice; write either `required: true` or `unknown:`',
    ],
    [
      'an "invalid" that one byte cannot say',
      'unknown: 1\n',
      'unknown: invalid\n',
      'a single byte has no code for "invalid"',
    ],
    [
      'an invented state of charge',
      'from: soc_told_pct, required: true',
      'from: soc_told_pct, unknown: 50',
      'an unknown `soc_told_pct` must not be told as a number; write `required: true`',
    ],
    [
      'a limit that allows something while it is unknown',
      'from: charge_current_limit_A, required: true',
      'from: charge_current_limit_A, unknown: 10',
      'an unknown limit allows nothing; write `unknown: 0` or `required: true` for `charge_current_limit_A`',
    ],
    ['a frame described twice', 'id: 0x355', 'id: 0x351', 'frame 0x351 is described twice; join the two'],
    [
      'an id beyond 11 bits',
      'id: 0x355',
      'id: 0x4210',
      '0x4210 does not fit 11 bits; add `extended: true` or correct it',
    ],
    [
      'an option nobody knows',
      'when: { temperature: required }',
      'when: { temprature: required }',
      'unknown option `temprature`; did you mean `temperature`?',
    ],
    [
      'a setting nobody knows',
      'when: { temperature: none }',
      'when: { temperature: off }',
      'option `temperature` is `off`; write one of `required`, `none`',
    ],
    [
      'a default that is no choice',
      'default: warning',
      'default: wraning',
      'option `stale_sign` is `wraning`; write one of `warning`, `protection`',
    ],
    [
      'bytes without quotes',
      "bytes: '50 4E'",
      'bytes: 50',
      "write bytes as a text, e.g. '50 4E'; without quotes YAML reads a number",
    ],
    [
      'bytes that are none',
      "bytes: '50 4E'",
      "bytes: '5 4E'",
      "these are no bytes; write two hex digits each, e.g. '50 4E'",
    ],
    [
      'an exception on a bus that has none',
      'lost: hold',
      'lost: exception',
      'CAN has no exception to answer with; write `hold` or `silent`',
    ],
    ['a beat without a unit', 'every: 1s', 'every: 1', 'this is no time span; write one like `500ms`'],
    [
      'an example that does not match',
      "0x355: '49 00 63 00'",
      "0x355: '4A 00 63 00'",
      'the example does not match: 0x355 should be 4A 00 63 00, but is 49 00 63 00; correct the profile or the example',
    ],
    [
      'an example of another frame',
      "0x355: '49 00 63 00'",
      "0x354: '49 00 63 00'",
      'this profile sends no 0x354 then; it sends 0x351, 0x355, 0x356, 0x359, 0x35C, 0x35E',
    ],
    [
      'an example that gives too little',
      'voltage_V: 52.34',
      'cycles: 1',
      "the example's `given` lacks `voltage_V`; add it",
    ],
  ])('%s', (_, from, to, sentence) => {
    const said = first(pylontech, from, to);
    expect(said.sentence).toMatch(/^p\.yaml:\d+:\d+: /);
    expect(said.sentence).toContain(sentence);
  });

  test.each([
    ['from: soh_pct', 'from: soh', 37],
    ['lost: hold', 'lost: exception', 7],
  ])('the column is that of the wrong word (%s → %s)', (from, to, column) => {
    const said = first(pylontech, from, to);
    expect(said.sentence).toContain(`p.yaml:${said.line}:${column}: `);
  });

  test('what an inverter cannot do without is asked for by name', () => {
    expect(
      refused(
        pylontech
          .replace('from: current_A, required', 'from: power_W, required')
          .replace('scale: 0.1, from: power_W', 'from: power_W'),
      ),
    ).toEqual([
      expect.stringContaining(
        'nothing here tells `current_A`; add it, or name it under `lacks:` if the protocol has no place for it',
      ),
    ]);
  });

  test('no bus at all, and two buses at once', () => {
    const cut = (text: string, from: string, to: string) =>
      text.slice(0, text.indexOf(from)) + text.slice(text.indexOf(to));
    expect(refused(cut(pylontech, '\ncan:', '\nstale_cvl:'))[0]).toContain(
      'this profile serves no bus; add `can:`, `modbus:` or `serial:`',
    );
    const modbus = generic.slice(generic.indexOf('\nmodbus:'), generic.indexOf('\nlost:'));
    expect(refused(pylontech.replace('\nstale_cvl:', `${modbus}\nstale_cvl:`)).join()).toContain(
      'a profile serves one bus',
    );
  });
});

test('a flood of entries is turned away before it keeps the checks busy', () => {
  const flood = '    - { id: 1, length: 1 }\n'.repeat(1001);
  expect(refused(pylontech.replace('  frames:\n', `  frames:\n${flood}`))).toEqual([
    'p.yaml:50:5: `frames` is a list; give it at most 1000 entries',
  ]);
});

describe('a register map with one mistake is refused at its line, with the cure', () => {
  test.each([
    [
      'a register outside every window',
      '{ at: 0x0105, as: u16',
      '{ at: 0x0205, as: u16',
      'register 0x0205 lies in no window; windows are 0x0100 to 0x0187',
    ],
    [
      'a register taken twice',
      '{ at: 0x0102, as: i16',
      '{ at: 0x0101, as: i16',
      'register 0x0101 is already taken by `voltage`; move one of them',
    ],
    [
      'a wide value over its neighbour',
      '{ at: 0x0101, as: u16',
      '{ at: 0x0101, as: u32',
      'register 0x0102 is already taken by `voltage`; move one of them',
    ],
    [
      'a bit taken twice',
      '{ at: 0x0104, bit: 9',
      '{ at: 0x0104, bit: 8',
      'register 0x0104 bit 8 is already taken by `stale_soft`',
    ],
    [
      'an age in half a register',
      '{ at: 0x0106, as: u16, from: data_age_s',
      '{ at: 0x0106, as: u8, byte: low, from: data_age_s',
      '`data_age_s` needs a register of its own; write `as: u16`',
    ],
    [
      'half a register without its half',
      '{ at: 0x0112, as: u8, byte: high',
      '{ at: 0x0112, as: u8',
      '`u8` fills half a register; say which with `byte: high` or `byte: low`',
    ],
    [
      'a half of a whole register',
      '{ at: 0x0100, as: u16',
      '{ at: 0x0100, as: u16, byte: low',
      '`u16` fills whole registers; leave `byte` out',
    ],
    [
      'a value beyond the window',
      '{ at: 0x0149, bytes',
      '{ at: 0x0187, bytes',
      'register 0x0187 is already taken',
    ],
    [
      'a text beyond the window',
      '{ at: 0x0140, length: 16',
      '{ at: 0x0186, length: 16',
      'reaches beyond its window; make the window larger',
    ],
    [
      'a writable register that is told, too',
      '{ at: 0x0181, as: u16',
      '{ at: 0x0101, as: u16',
      'register 0x0101 is already taken; move one of the two',
    ],
    [
      'a writable number of which half lies outside',
      '{ at: 0x0187, as: u16',
      '{ at: 0x0187, as: u32',
      '`u32` needs register 0x0188 too, which lies in no window; make the window larger',
    ],
    [
      'a window upside down',
      'from: 0x0100, to: 0x0187',
      'from: 0x0187, to: 0x0100',
      'a window begins at its lower end; write `from: 0x0100, to: 0x0187`',
    ],
    [
      'windows over each other',
      'holes: zero }',
      'holes: zero }\n    - { from: 0x0180, to: 0x0190, holes: refuse }',
      'this window overlaps 0x0100 to 0x0187; join the two',
    ],
    [
      'a bit that nothing raises',
      '{ at: 0x0104, bit: 5, name: balancing, flags: [balancing] }',
      '{ at: 0x0104, bit: 5, name: balancing }',
      'nothing raises this bit; give it one of `flags`, `off`, `alarms`',
    ],
    [
      'half a comparison',
      'less: packs_online, than: packs_configured',
      'less: packs_online',
      '`less` and `than` go together; name both numbers',
    ],
    [
      'a fault nobody knows',
      'faults: [pack_missing]',
      'faults: [pack_mising]',
      'unknown fault `pack_mising`; did you mean `pack_missing`?',
    ],
    [
      'a function that no slave here has',
      'functions: [3,',
      'functions: [7, 3,',
      '`entry 1` is `7`'.replaceAll('`entry 1`', 'entry 1'),
    ],
    [
      'an example that does not match',
      "0x0110: '0C E1",
      "0x0110: '0C E2",
      'the example does not match: 0x0110 should be 0C E2',
    ],
    [
      'an example that leaves the map',
      "0x0180: '00 00",
      "0x0181: '00 00",
      'not all of these registers exist',
    ],
    [
      'an option of the wrong kind for its signal',
      "serial: { kind: text, default: ''",
      'serial: { kind: number, min: 0, max: 9, default: 1',
      'option `serial` stands in for the signal of that name, which is a text',
    ],
  ])('%s', (_, from, to, sentence) => {
    const bad = spoilt(generic, from, to);
    const said = refused(bad.text);
    expect(said.join('\n')).toContain(sentence);
    expect(said[0]).toMatch(/^p\.yaml:\d+:\d+: /);
  });
});
