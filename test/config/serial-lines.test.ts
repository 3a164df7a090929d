import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { inverterProblems } from '../../src/config/read-configuration.ts';
import { planHere } from './planned.ts';

const file = (...inverters: string[]) => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
${inverters.map((line) => `  - { ${line} }`).join('\n')}
`;

const problems = (...inverters: string[]) =>
  inverterProblems(parseGateway('g.yaml', file(...inverters))).map(
    (p) => `${p.line}:${p.column} ${p.message}`,
  );
const wires = (...inverters: string[]) =>
  planHere(parseGateway('g.yaml', file(...inverters))).plans.map(({ wire }) => wire);

const PYLON = 'profile: pylontech-rs485';
const LINE = 'serial: /dev/ttyUSB0';

describe('an inverter whose profile has a codec', () => {
  test('is served on its serial line, at the settings of the profile', () => {
    expect(wires(`id: one, ${PYLON}, ${LINE}`, 'id: two, profile: kostal-byd, serial: /dev/ttyUSB1')).toEqual(
      [
        {
          kind: 'serial',
          name: '/dev/ttyUSB0',
          codec: 'pylontech-ascii',
          units: [2],
          baud: 9600,
          parity: 'none',
          stopBits: 1,
        },
        {
          kind: 'serial',
          name: '/dev/ttyUSB1',
          codec: 'kostal',
          units: [],
          baud: 57_600,
          parity: 'none',
          stopBits: 1,
        },
      ],
    );
  });

  test('takes what the file says of the line, and its address from an option or from `unit`', () => {
    const [fast, other] = wires(
      `id: one, ${PYLON}, ${LINE}, baud: 115200, reply_delay: 5ms, options: { address: 18 }`,
      `id: two, ${PYLON}, serial: /dev/ttyUSB1, unit: 34`,
    );
    expect(fast).toMatchObject({ baud: 115_200, replyDelay: 5, units: [18] });
    expect(other).toMatchObject({ units: [34] });
  });

  test('two of them share a line when their addresses differ', () => {
    expect(problems(`id: one, ${PYLON}, ${LINE}`, `id: two, ${PYLON}, ${LINE}, unit: 18`)).toEqual([]);
  });
});

describe('is refused in one sentence at its place', () => {
  test.each([
    [
      'on TCP',
      [`id: one, ${PYLON}, tcp: "127.0.0.1:1502"`],
      '7:25 profile `pylontech-rs485` speaks pylontech-ascii on a serial line; give `serial`',
    ],
    [
      'on CAN',
      ['id: one, profile: kostal-byd, can: can0'],
      '7:25 profile `kostal-byd` speaks kostal on a serial line; give `serial`',
    ],
    [
      'with a unit where there are no addresses',
      [`id: one, profile: kostal-byd, ${LINE}, unit: 3`],
      '7:25 profile `kostal-byd` has no addresses; take `unit` away',
    ],
    [
      'on a line with another codec',
      [`id: one, ${PYLON}, ${LINE}`, `id: two, profile: kostal-byd, ${LINE}`],
      '8:5 `two` and `one` share /dev/ttyUSB0, and one speaks kostal, the other pylontech-ascii; use another line',
    ],
    [
      'on a line with Modbus',
      [`id: one, profile: generic-modbus, ${LINE}`, `id: two, ${PYLON}, ${LINE}`],
      '8:5 `two` and `one` share /dev/ttyUSB0, and one speaks pylontech-ascii, the other Modbus; use another line',
    ],
    [
      'twice at one address',
      [`id: one, ${PYLON}, ${LINE}`, `id: two, ${PYLON}, ${LINE}`],
      '8:5 `two` and `one` share /dev/ttyUSB0, and both answer as unit 2; give one of them another `unit`',
    ],
    [
      'twice without addresses',
      [`id: one, profile: kostal-byd, ${LINE}`, `id: two, profile: kostal-byd, ${LINE}`],
      '8:5 `two` and `one` share /dev/ttyUSB0, and its protocol has no addresses to tell them apart; use another line',
    ],
    [
      'at another speed than its neighbour',
      [`id: one, ${PYLON}, ${LINE}`, `id: two, ${PYLON}, ${LINE}, unit: 18, baud: 115200`],
      '8:5 `two` and `one` share /dev/ttyUSB0, and they want different line settings (baud); make them equal or use another line',
    ],
    [
      'with an address that no battery has',
      [`id: one, ${PYLON}, ${LINE}, options: { address: 1 }`],
      'option `address` is `1`; write a number from 2 to 254',
    ],
  ])('%s', (_, inverters, sentence) => {
    expect(problems(...inverters).join('\n')).toContain(sentence);
  });
});
