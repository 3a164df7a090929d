import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/hex.ts';
import { answerBytes } from '../../src/modbus/kostal.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import { explain } from '../../src/profile/explain.ts';
import { unstuffed } from '../../src/profile/serial/kostal-frame.ts';
import { answered, newTalk } from '../../src/profile/serial/talk.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { shipped } from './profiles.ts';

const bank: SignalValues = {
  socPct: 61.7,
  voltageV: 266.75,
  currentA: -7.5,
  temperatureC: 21.5,
  chargeVoltageLimitV: 282,
  chargeCurrentLimitA: 20,
  dischargeCurrentLimitA: 50,
  maxCellTemperatureC: 22.625,
  minCellTemperatureC: 20.5,
  maxCellVoltageV: 3.34375,
  minCellVoltageV: 3.328125,
  cycles: 1278,
  nominalVoltageV: 256,
  capacityAh: 25,
  modulesInSeries: 5,
};

const INFO = 0x084a;
const CYCLIC = 0x044a;
const STATUS = 0x0353;

const kostal = shipped('kostal-byd');

function answers(given: SignalValues, phase?: string) {
  const made = kostal.serial?.say(writtenState(given), phase) ?? [];
  if (isIncomplete(made)) throw new Error(`lacks ${made.missing.join(', ')}`);
  return new Map(made.map((answer) => [answer.ask, answer]));
}

/** The frame as the reference counts it: byte 0 the pointer, zeros in their places. */
function plain(ask: number, given: SignalValues = bank, phase?: string): Uint8Array {
  const answer = answers(given, phase).get(ask);
  return (answer && unstuffed(answerBytes(answer.content))) ?? new Uint8Array();
}

const float = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getFloat32(at, true);

describe('a BYD battery as a Kostal inverter reads it', () => {
  test('answers in frames as long as the reference says', () => {
    expect([INFO, CYCLIC, STATUS].map((ask) => plain(ask).length)).toEqual([40, 64, 9]);
    expect(toHex(plain(STATUS)).toUpperCase()).toBe('00 E2 FF 02 FF 29 06 EF 00');
  });

  test('tells its build in the information, byte for byte as it was seen in the field', () => {
    expect(toHex(plain(INFO)).toUpperCase()).toBe(
      '00 E2 FF 02 FF 29 00 00 80 43 E4 70 8A 5C B5 00 D3 00 00 00 C8 41 C2 18 00 00 59 42 00 00 00 00 05 00 A0 00 00 00 4D 00',
    );
  });

  test('has every value at the place that the reference gives it', () => {
    const cyclic = plain(CYCLIC);
    expect([6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50].map((at) => float(cyclic, at))).toEqual([
      266.75, 282, 21.5, -7.5, -7.5, 50, 25, 20, 22.625, 20.5, 3.34375, 3.328125,
    ]);
    expect([cyclic[54], cyclic[55], cyclic[58]]).toEqual([0xfe, 0x04, 61]);
  });

  test('wants no charge at SoC 100, whatever the bank allows, and discharge as before', () => {
    const full = plain(CYCLIC, { ...bank, socPct: 100 });
    expect([float(full, 34), float(full, 26), full[58]]).toEqual([0, 50, 100]);
    expect(float(plain(CYCLIC, { ...bank, socPct: 100, socToldPct: 99.99 }), 34)).toBe(20);
  });

  test('is enabled while one current may flow, and not at the end of the ramp', () => {
    const enabled = (given: SignalValues) => plain(CYCLIC, { ...bank, ...given })[56];
    expect([
      enabled({}),
      enabled({ chargeCurrentLimitA: 0 }),
      enabled({ dischargeEnable: false }),
      enabled({ chargeCurrentLimitA: 0, dischargeCurrentLimitA: 0 }),
      enabled({ freshness: 'stale' }),
    ]).toEqual([1, 1, 1, 0, 0]);
  });

  test('no limit is rounded up on its way into a float', () => {
    for (const amps of [0.1, 20.1, 33.3, 49.9, 123.456]) {
      const told = float(plain(CYCLIC, { ...bank, chargeCurrentLimitA: amps }), 34);
      expect(told).toBeLessThanOrEqual(amps);
      expect(told).toBeCloseTo(amps, 4);
    }
  });

  test('says that nobody here has seen it at a real inverter', () => {
    const { profile } = kostal;
    expect([profile.evidence, profile.lost]).toEqual(['field', 'silent']);
    expect(explain(kostal)).toContain('Never run on hardware');
  });
});

describe('the talk', () => {
  const { serial } = kostal;
  /** Asks in turn; gives what is answered, with phase, enable, contactors and first-frame byte. */
  function talkOf(...asked: number[]) {
    let talk = newTalk(serial?.phases);
    return asked.map((ask) => {
      const answer = answers(bank, talk.phase).get(ask);
      if (!answer) return 'silence';
      talk = answered(talk, ask, answer.leads);
      const { content } = answer;
      return ask === CYCLIC ? [content[50], content[53], content[55]].join('') : 'answer';
    });
  }

  test('begins with the information: before it the cyclic data are not told, the status is', () => {
    expect(talkOf(CYCLIC, STATUS, CYCLIC, INFO, CYCLIC)).toEqual([
      'silence',
      'answer',
      'silence',
      'answer',
      '021',
    ]);
  });

  test('enables and closes the contactors after seven exchanges, and only the first says that it is the first', () => {
    expect(talkOf(INFO, ...Array(9).fill(CYCLIC))).toEqual([
      'answer',
      '021',
      ...Array(6).fill('020'),
      '100',
      '100',
    ]);
  });

  test('is not set back by an inverter that asks for the information again', () => {
    const asked = [INFO, ...Array(8).fill(CYCLIC), INFO, STATUS, CYCLIC];
    expect(talkOf(...asked).at(-1)).toBe('100');
  });
});
