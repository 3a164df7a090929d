import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const main = new URL('../../src/main.ts', import.meta.url).pathname;
const captures = new URL('../captures/jbd/', import.meta.url).pathname;

function decode(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'decode', ...args], {
    encoding: 'utf8',
  });
  const told =
    stdout.trim() === ''
      ? []
      : stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
  return { status, told, stderr };
}

const first = 'dd03001f19dff8240d a50fa0000224910000 0000';
const second = '0000125703110 40b980ba90b960b97f89a77';

describe('bmsgate decode', () => {
  test('tells what two notifications mean, under the names everyone relies on', () => {
    expect(decode('--bms', 'jbd', first, second)).toEqual({
      status: 0,
      stderr: '',
      told: [
        {
          answer: 'basic',
          reading: {
            voltage_V: 66.23,
            current_A: -20.12,
            soc_pct: 87,
            remaining_capacity_Ah: 34.93,
            nominal_capacity_Ah: 40,
            cycles: 2,
            temperatures_C: [23.7, 25.4, 23.5, 23.6],
            balancing_cells: [],
            charge_fet: true,
            discharge_fet: true,
            blocked_by_software: false,
            alarms: [],
            details: {
              firmware_version: '1.2',
              production_date: '2018-04-17',
              current_limiting: false,
              heating: false,
            },
          },
        },
      ],
    });
  });

  test('reads a capture and takes the family from its header', () => {
    const { status, told } = decode('--capture', `${captures}vendor-examples.txt`);
    expect(status).toBe(0);
    expect(told.map(({ answer, rejected }) => answer ?? rejected)).toEqual([
      'basic',
      'cells',
      'register 0x05 refused: unknown register',
    ]);
  });

  test('rejects the answer to another request', () => {
    expect(decode('--bms', 'jbd', '--request', 'dda50400fffc77', first, second)).toMatchObject({
      status: 1,
      told: [{ rejected: 'answers register 0x03 while register 0x04 is asked' }],
    });
  });

  test.each([
    [['--bms', 'jbd', 'dd03'], 1, 'nothing was decoded (2 bytes belong to no frame)'],
    [['--bms', 'jbd', 'dd0'], 1, '`dd0` is no hex'],
    [['--bms', 'nope', 'dd03'], 1, 'there is no BMS driver `nope`; choose one of: jbd'],
    [['dd03'], 1, 'which BMS is it?'],
    [['--bms', 'jbd', '--capture', '/nowhere'], 1, '/nowhere cannot be read'],
    [['--bms', 'jbd', '--capture', main], 1, 'main.ts:1:1: has no >'],
    [['--bms', 'jbd'], 2, 'give either notifications in hex or --capture FILE or --snoop FILE'],
    [['--bms', 'jbd', '--capture', '/nowhere', 'dd03'], 2, 'give either'],
    [['--bms', 'jbd', '--colour', 'dd03'], 2, 'unknown option'],
  ])('%j ends with %i and one sentence', (args, status, message) => {
    const result = decode(...args);
    expect(result).toMatchObject({ status, told: [] });
    expect(result.stderr.trim().split('\n')).toEqual([expect.stringContaining(message)]);
  });
});
