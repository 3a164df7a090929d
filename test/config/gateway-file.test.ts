import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { planHere } from './planned.ts';

const file = (bank = '', more = '') => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:0A", cells: 8, capacity_Ah: 100, charge_current_A: 50 }
  - { id: b, bms: jbd, address: "A4:C1:38:00:00:0B", cells: 8, temperature: none }
bank:
  strings: [[a, b]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
${bank}
inverters:
  - { id: ems, profile: generic-modbus, tcp: "[::1]:1502", unit: 7 }
  - { id: line, profile: generic-modbus, serial: /dev/ttyUSB0, baud: 19200, parity: even, reply_delay: 5ms }
${more}`;

describe('a gateway file', () => {
  test('becomes the bank as its room wants it: series inside, parallel outside', () => {
    expect(parseGateway('g.yaml', file()).bank).toMatchObject({
      strings: [
        [
          { id: 'a', cells: 8, capacityAh: 100, chargeCurrentA: 50, needsTemperature: true },
          { id: 'b', cells: 8, needsTemperature: false },
        ],
      ],
      chemistry: { name: 'lfp' },
      envelope: { chargeCurrentA: 100, dischargeCurrentA: 150, cellMaxV: 3.6, cellMinV: 2.8 },
      ages: { freshMs: 6000, lateMs: 15_000, lostMs: 60_000, rampMs: 10_000, frozenAfterMs: 600_000 },
      seriesSoc: 'window',
    });
  });

  test.each([
    ['1s', 6000],
    ['2s', 6000],
    ['3s', 9000],
    ['5s', 15_000],
  ])('polled every %s calls data fresh for %i ms', (poll, freshMs) => {
    expect(parseGateway('g', file('', `bluetooth: { poll: ${poll} }`)).bank.ages.freshMs).toBe(freshMs);
  });

  test('whose `late` is shortened shortens `fresh` with it', () => {
    const { ages } = parseGateway('g', file('  freshness: { late: 6s, ramp: 1s, lost: 7s }')).bank;
    expect(ages).toMatchObject({ freshMs: 6000, lateMs: 6000, rampMs: 1000, lostMs: 7000 });
  });

  test('has another hash when one letter is another', () => {
    const hashes = [file(), `${file()} `, file()].map((text) => parseGateway('g', text).hash);
    expect(hashes[0]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  test('says of each wire what the profile leaves open', () => {
    expect(planHere(parseGateway('g.yaml', file())).plans.map(({ wire }) => wire)).toEqual([
      { kind: 'tcp', name: '[::1]:1502', host: '::1', port: 1502, units: [7] },
      {
        kind: 'serial',
        name: '/dev/ttyUSB0',
        units: [1],
        baud: 19_200,
        parity: 'even',
        stopBits: 1,
        replyDelay: 5,
      },
    ]);
  });
});
