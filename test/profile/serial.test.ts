import { describe, expect, test } from 'vitest';
import { profileText, refused } from './profiles.ts';

const ascii = profileText('pylontech-rs485');
const kostal = profileText('kostal-byd');

/** The shipped profile with one mistake in it: the first sentence about it, and where. */
function first(text: string, from: string, to: string) {
  if (!text.includes(from)) throw new Error(`the profile has no ${from}`);
  const line = text.slice(0, text.indexOf(from)).split('\n').length;
  const [sentence = ''] = refused(text.replace(from, to));
  const [, at, what = sentence] = /^p\.yaml:(\d+):\d+: ([\s\S]*)$/.exec(sentence) ?? [];
  return { says: what, at: Number(at), line };
}

describe('a serial profile with one mistake is refused at its line, with the cure', () => {
  test.each([
    [
      'a codec nobody knows',
      ascii,
      'codec: pylontech-ascii',
      'codec: pylontech',
      '`codec` is the text `pylontech`; write one of `pylontech-ascii`, `kostal`',
    ],
    ['a key of the other codec', kostal, '  silent_after: 60s', '  rtn_echo: true', 'unknown key `rtn_echo`'],
    [
      'an answer longer than any frame',
      ascii,
      'ask: 0x63\n      title: system management\n      parts:\n',
      'ask: 0x63\n      title: system management\n      parts:\n        - length: 2047\n',
      'this answer can grow to 2056 bytes, but a frame carries 2047; take parts out',
    ],
    ['a command beyond one byte', ascii, 'ask: 0x63', 'ask: 0x163', '`ask` is `355`; write at most 255'],
    [
      'a command answered twice',
      ascii,
      'ask: 0x63',
      'ask: 0x62',
      'command 0x62 is answered twice; join the two',
    ],
    [
      'a place taken twice',
      ascii,
      '{ at: 4, as: u8, from: soc_told_pct',
      '{ at: 3, as: u8, from: soc_told_pct',
      'byte 3 of 0x61 is already taken by `current`; move one of them',
    ],
    [
      'a place beyond the answer',
      ascii,
      '- { at: 6, as: i16, scale: 0.1, from: discharge_current_limit_A, required: true, name: DCL }',
      '- { at: 9, as: i16, scale: 0.1, from: discharge_current_limit_A, required: true, name: DCL }',
      '`DCL` ends at byte 10, but 0x63 has 9 bytes (0 to 8); move it or make `length` larger',
    ],
    [
      'a place before the first byte',
      kostal,
      '{ at: 6, as: f32le, from: nominal_voltage_V',
      '{ at: 2, as: f32le, from: nominal_voltage_V',
      'byte 2 lies before the first byte told here, which is 6; move it or correct `first`',
    ],
    [
      'a number in the place of a row',
      ascii,
      'row: cell_voltages_V',
      'row: voltage_V',
      '`voltage_V` is no numbers; put it under `signals`',
    ],
    [
      'an alarm nobody knows in the state of a cell',
      ascii,
      'highest: [{ value: 2, alarms: [cell_high_voltage]',
      'highest: [{ value: 2, alarms: [cell_hi_voltage]',
      'unknown alarm `cell_hi_voltage`; did you mean `cell_high_voltage`?',
    ],
    [
      'a signal nobody knows in an answer',
      ascii,
      'from: remaining_capacity_Ah',
      'from: remaining_Ah',
      'unknown signal `remaining_Ah`',
    ],
    [
      'a width that cannot hold the range',
      ascii,
      '{ at: 2, as: i16, scale: 0.01, from: current_A',
      '{ at: 2, as: i16, scale: 0.001, from: current_A',
      '`i16be` with scale 0.001 holds -32.767 to 32.767 A, `current_A` needs -300 to 300 A',
    ],
    [
      'an option that is not there',
      ascii,
      'addresses: [{ option: address }]',
      'addresses: [{ option: adress }]',
      'there is no option `adress` of kind `number`; add it under `options`',
    ],
    [
      'an option of another kind',
      ascii,
      'rtn_echo: { option: rtn_echo }',
      'rtn_echo: { option: address }',
      'there is no option `address` of kind `flag`; add it under `options`',
    ],
    [
      'an address twice',
      ascii,
      'addresses: [{ option: address }]',
      'addresses: [2, 2]',
      'address 2 is given twice; keep one of them',
    ],
    [
      'a refused command that has an answer',
      ascii,
      '- { ask: 0x94,',
      '- { ask: 0x93,',
      'this command has an answer; take it away here or there',
    ],
    [
      'a phase nobody named',
      kostal,
      'phases: [first, starting, running]\n      leads',
      'phases: [first, startin, running]\n      leads',
      'there is no phase `startin`; did you mean `starting`?',
    ],
    [
      'a phase nobody named, in a case',
      kostal,
      'cases: [{ value: 1, phases: [first] }]',
      'cases: [{ value: 1, phases: [fisrt] }]',
      'there is no phase `fisrt`; did you mean `first`?',
    ],
    [
      'a lead into nowhere',
      kostal,
      'leads: [{ from: [unknown], to: first }]',
      'leads: [{ from: [unknown], to: end }]',
      'there is no phase `end`; name it under `serial.phases`',
    ],
    [
      'an exception in a protocol that has none',
      ascii,
      'lost: silent',
      'lost: exception',
      'this protocol has no exception to answer with; write `hold` or `silent`',
    ],
    [
      'an example that does not match',
      ascii,
      "0x63: 'DD E0 AF 00 03 E8 05 DC C0'",
      "0x63: 'DD E0 AF 00 03 E8 05 DC C1'",
      'the example does not match: 0x63 should be DD E0 AF 00 03 E8 05 DC C1, but is DD E0 AF 00 03 E8 05 DC C0',
    ],
    [
      'an example of a command that is not answered',
      ascii,
      "0x93: '02 42",
      "0x94: '02 42",
      'this profile answers no such command; it answers 0x42, 0x44',
    ],
  ])('%s', (_, text, from, to, sentence) => {
    const { says, at, line } = first(text, from, to);
    expect(says).toContain(sentence);
    expect(at).toBe(line);
  });

  test.each([
    [
      'an option that offers other ways',
      'values: [silent, answer]',
      'values: [silent, loud]',
      'on_bad_checksum: { option',
      'option `on_bad_checksum` must be a choice of `silent`, `answer`',
    ],
    [
      'an example that forgets what is required',
      '      temperature_C: -1.5\n',
      '',
      "0x61: 'DA F2",
      "the example's `given` lacks `temperature_C`; add it",
    ],
  ])('%s: at the line that suffers from it', (_, from, to, where, sentence) => {
    const { says, at } = first(ascii, from, to);
    expect(says).toContain(sentence);
    expect(ascii.replace(from, to).split('\n')[at - 1]).toContain(where);
  });

  test('two buses in one profile', () => {
    const both = `${ascii}can: { bitrate: 500000, every: 1s, frames: [{ id: 1, length: 0 }] }\n`;
    expect(refused(both).join('\n')).toContain(
      'a profile serves one bus; put `can:` and `serial:` into two profiles',
    );
  });
});
