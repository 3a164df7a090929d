import { describe, expect, test } from 'vitest';
import { drivers } from '../../src/bms/drivers.ts';
import { fitting } from '../../src/bms/fitting.ts';
import { whyUntouched } from '../../src/bms/untouched.ts';
import { captured, hex } from './captures.ts';

describe('a trial leaves alone', () => {
  test.each([
    ['1800', '2a00', 'of the Bluetooth standard'], // the device's name
    ['180a', 'ff02', 'of the Bluetooth standard'],
    ['fe59', '8ec90003f3154f609fb8838830daea50', 'of the Bluetooth standard'],
    ['fef5', '8082caa841a64021916fc6eb7b0b2d11', 'of the Bluetooth standard'],
    ['f000ffc004514000b000000000000000', 'f000ffc104514000b000000000000000', 'a firmware update'],
    ['000102030405060708090a0b0c0d1912', '000102030405060708090a0b0c0d2b12', 'a firmware update'],
    ['000015301212efde1523785feabcd123', '000015311212efde1523785feabcd123', 'a firmware update'],
    ['ff00', '1d14d6eefd634fa1bfa48f47b42119f0', 'a firmware update'],
  ])('%s/%s: %s', (service, uuid, why) => {
    expect(whyUntouched({ service, uuid })).toBe(why);
  });

  test('nothing that a driver of ours writes to', () => {
    for (const { gatt } of drivers)
      for (const { service, write } of gatt) expect(whyUntouched({ service, uuid: write })).toBeUndefined();
  });
});

describe('bytes without a name', () => {
  const said = captured('jbd/4s-discharging').entries.flatMap(({ from, bytes }) =>
    from === 'battery' ? [bytes] : [],
  );

  test('fit the family whose frames they hold', () => {
    expect(fitting(drivers, said)[0]).toEqual({ id: 'jbd', frames: 2, bytes: 34 + 15 });
  });

  test('fit nobody when no frame is whole', () => {
    expect(fitting(drivers, [])).toEqual([]);
    expect(fitting(drivers, [hex('dd 03 00 1b 05'), hex('00 01')])).toEqual([]);
  });
});
