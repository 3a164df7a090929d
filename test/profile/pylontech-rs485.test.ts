import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/bytes/hex.ts';
import { answerText } from '../../src/modbus/ascii.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import { explain } from '../../src/profile/explain.ts';
import type { Settings } from '../../src/profile/options.ts';
import { readAscii } from '../../src/profile/serial/ascii-frame.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { between } from '../between.ts';
import { shipped } from './profiles.ts';

/** The bank of the RS485 reference, section 10. */
const reference: SignalValues = {
  socPct: 76,
  voltageV: 52.8,
  currentA: -12.5,
  sohPct: 98,
  cycles: 112,
  temperatureC: 23.5,
  chargeVoltageLimitV: 56.8,
  dischargeVoltageLimitV: 44.8,
  chargeCurrentLimitA: 100,
  dischargeCurrentLimitA: 150,
  maxCellVoltageV: 3.305,
  minCellVoltageV: 3.297,
  maxVoltagePackNo: 2,
  maxVoltagePackCellNo: 12,
  minVoltagePackNo: 1,
  minVoltagePackCellNo: 7,
  maxCellTemperatureC: 24.1,
  minCellTemperatureC: 22.8,
  maxTemperaturePackNo: 2,
  maxTemperatureSensorNo: 2,
  minTemperaturePackNo: 1,
  minTemperatureSensorNo: 1,
  mosfetTemperatureC: 27,
  remainingCapacityAh: 212.8,
  capacityAh: 280,
  cellVoltagesV: [0, 3, 6, 0, 3, 6, 0, 3, 6, 0, 3, 8, 0, 3, 6, 0].map((mV) => (3297 + mV) / 1000),
  temperaturesC: [25, 23.4, 23.5, 24.1, 22.8],
};

const byDefault = shipped('pylontech-rs485');

function answers(given: SignalValues, settings?: Settings) {
  const { serial } = settings ? shipped('pylontech-rs485', settings) : byDefault;
  const made = serial?.say(writtenState(given)) ?? [];
  if (isIncomplete(made)) throw new Error(`lacks ${made.missing.join(', ')}`);
  return new Map(made.map(({ name, content }) => [name, content]));
}

/** The frame on the wire, without CR. */
const frame = (command: string, given: SignalValues = reference): string =>
  answerText(2, answers(given).get(command) ?? new Uint8Array()).trimEnd();

const stale: SignalValues = { ...reference, freshness: 'stale' };

describe('the worked examples of the reference, byte for byte', () => {
  test.each([
    ['Y2', '62', reference, '~20024600800800000000FC22'],
    ['Y3', '63', reference, '~20024600D012DDE0AF0003E805DCC0F978'],
    ['Y4', '92', reference, '~20024600B01402DDE0AF0003E805DCC0F916'],
    [
      'Y5',
      '42',
      reference,
      '~20024600B07E0002100CE10CE40CE70CE10CE40CE70CE10CE40CE70CE10CE40CE90CE10CE40CE70CE1050BA50B950B960B9C0B8FFF83CE40FFFF04FFFF0070033F400445C0E0F8',
    ],
    ['Y6, the end of the ramp', '63', stale, '~20024600D012DDE0AF000000000000F9D7'],
  ])('%s', (_, command, given, text) => expect(frame(command, given)).toBe(text));

  test('Y1, but for what a bank does not know: the most cycles of a module, MOS extremes and board temperatures', () => {
    const y1 =
      'CE40FB1E4C0070177062620CE9020C0CE101070B960B9C02020B8F01010BB90BC300010BAF00020BA50BAF00010B9B0002';
    const [mine, wanted] = [answers(reference).get('61'), fromHex(y1)];
    const unlike = [...(mine ?? [])].flatMap((byte, at) => (byte === wanted?.[at] ? [] : [at]));
    expect(mine?.length).toBe(49);
    expect(unlike).toEqual([7, 32, 36, 38, 40, 42, 46, 48]);
    expect(readAscii(`200246008062${y1}E87D`)).toMatchObject({ cid2: 0, info: y1 });
  });
});

describe('a Pylontech battery on the line', () => {
  test('offers every command in the order of its number, and names those that it refuses', () => {
    expect([...answers(reference).keys()].join(' ')).toBe('42 44 47 4F 51 60 61 62 63 92 93 96');
    expect(explain(shipped('pylontech-rs485'))).toMatch(/0x94 {2}set charge.*\n.*0x95 {2}turn off/);
  });

  test('whose cells are not known has no 42 and no 44, and says all the rest', () => {
    const { cellVoltagesV: _, ...without } = reference;
    expect([...answers(without).keys()].join(' ')).toBe('47 4F 51 60 61 62 63 92 93 96');
  });

  test('without its limits it says nothing at all', () => {
    const { chargeCurrentLimitA: _, ...without } = reference;
    const made = shipped('pylontech-rs485').serial?.say(writtenState(without));
    expect(made).toEqual({ missing: ['charge_current_limit_A'] });
  });

  test('marks the highest and the lowest of its cells while their alarm stands', () => {
    const cellVoltagesV = [3.4, 3.7, 2.4];
    const both = { ...reference, cellVoltagesV, alarms: ['cell_high_voltage', 'cell_low_voltage'] } as const;
    const states = (given: SignalValues) => [...(answers(given).get('44')?.subarray(2, 6) ?? [])];
    expect(states(both)).toEqual([3, 0, 2, 1]);
    expect(states({ ...reference, cellVoltagesV })).toEqual([3, 0, 0, 0]);
    expect(states({ ...reference, cellVoltagesV, warnings: ['cell_low_voltage'] })).toEqual([3, 0, 0, 1]);
  });

  test('at another address says so where it names itself', () => {
    expect([...(answers(reference, { address: 0x12 }).get('92')?.subarray(0, 1) ?? [])]).toEqual([0x12]);
    expect(shipped('pylontech-rs485', { address: 0x12 }).serial?.addresses).toEqual([0x12]);
  });

  test('takes its manners from the options', () => {
    const manners = (settings: Settings = {}) => {
      const { rtnEcho, onBadChecksum } = shipped('pylontech-rs485', settings).serial ?? {};
      return [rtnEcho, onBadChecksum];
    };
    expect(manners()).toEqual([false, 'silent']);
    expect(manners({ rtn_echo: true, on_bad_checksum: 'answer' })).toEqual([true, 'answer']);
  });

  test('serial number and names are cut to their places', () => {
    const texts = answers(reference, { serial: 'A'.repeat(40), battery_name: 'B'.repeat(40) });
    expect(toHex(texts.get('93') ?? new Uint8Array())).toBe(`02${' 41'.repeat(16)}`);
    expect(toHex(texts.get('51')?.subarray(0, 12) ?? new Uint8Array())).toBe(`${'42 '.repeat(10)}00 00`);
  });
});

describe('what a master reads back', () => {
  const amps = fc.integer({ min: 0, max: 3000 }).map((n) => n / 10);
  const volts = fc.integer({ min: 400, max: 600 }).map((n) => n / 10);

  test('is never more than the bank allows, in all three places that tell it', () => {
    fc.assert(
      fc.property(
        fc.record({
          charge: amps,
          discharge: amps,
          cvl: volts,
          dvl: volts,
          over: between(0, 0.09),
        }),
        ({ charge, discharge, cvl, dvl, over }) => {
          const told = answers({
            ...reference,
            chargeCurrentLimitA: charge + over,
            dischargeCurrentLimitA: discharge + over,
            chargeVoltageLimitV: cvl,
            dischargeVoltageLimitV: dvl,
          });
          const read = (name: string, at: number) => {
            const bytes = told.get(name) ?? new Uint8Array();
            return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
          };
          const limits = (name: string, at: number) => [0, 2, 4, 6].map((o) => read(name, at + o));
          const wanted = [cvl * 1000, dvl * 1000, charge * 10, discharge * 10].map(Math.round);
          expect(limits('63', 0)).toEqual(wanted);
          expect(limits('92', 1)).toEqual(wanted);
          expect([read('47', 11), read('47', 23)]).toEqual(wanted.slice(2));
        },
      ),
    );
  });

  test('every row has as many entries as its count says', () => {
    const row = fc.array(
      fc.integer({ min: 1000, max: 4300 }).map((mV) => mV / 1000),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(row, row, (cellVoltagesV, temperaturesC) => {
        const told = answers({ ...reference, cellVoltagesV, temperaturesC });
        const [m, n] = [cellVoltagesV.length, temperaturesC.length];
        const analog = told.get('42') ?? new Uint8Array();
        expect([analog[2], analog[3 + 2 * m], analog.length]).toEqual([m, n, 21 + 2 * m + 2 * n]);
        const alarms = told.get('44') ?? new Uint8Array();
        expect([alarms[2], alarms[3 + m], alarms.length]).toEqual([m, n, 12 + m + n]);
      }),
    );
  });
});
