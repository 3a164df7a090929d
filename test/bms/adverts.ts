// Adverts as batteries of each family send them. Most are from the tests of patman15/aiobmsble, which have them from users; those
// that the rules of BLE reference 11 stand for are marked `by rule`.
import type { Advert } from '../../src/bms/driver.ts';

type Row = readonly [
  family: string | undefined,
  name: string | undefined,
  services: string,
  companyId?: number,
];

const rows: readonly Row[] = [
  ['jbd', 'JBD-SP04S034-L4S', 'ff00'],
  ['jbd', 'DP04S007L4S100A', 'ff00', 0x0402],
  ['jbd', 'SP17S005P17S120A', 'ff00'],
  ['jbd', 'ECO-LFP48100-3U-8EC7', 'ff00'],
  ['jbd', 'LT40AH', 'ff00', 19011],
  ['jbd', undefined, 'ff00'], // by rule
  ['jk', 'JK-B2A24S20P', 'ffe0', 0x0b65],
  ['jk', 'JK_PB2A16S20P', 'ffe0', 0x4b4a],
  ['jk', 'JK-BMS', 'ffe0'],
  ['jk', 'Baterie 1', 'ffe0', 0x0b65],
  ['daly', 'DL-46640102XXXX', 'fff0', 25670],
  ['daly', 'DL-401710015C9B', '', 0x0302],
  ['daly', 'JHB-501812XXXXXX', '', 0x0104],
  ['daly', 'Randomname', '', 0x0104],
  ['daly', 'BT270-2', '', 0x0302],
  ['daly', 'DL-40160901534C', '', 0x0102],
  ['daly', 'DL-Dali Cristi', 'fff0', 0x0303], // by rule
  ['daly', 'DL-41181201189F', 'ff00'], // by rule
  ['daly', undefined, 'fff0', 0x0402], // by rule
  ['ant', 'ANT-BLE20PHUB', 'ffe0 fee7', 0x0657],
  ['ant', 'ANT-BLE16ZMUB', 'ffe0', 0x2313],
  ['ant', 'ANT@BLE24BHUB', 'ffe0'],
  ['seplos-v3', 'SP05B2312190075       ', 'fff0'],
  ['seplos-v3', 'SP51B2407270006       ', '1800 1801 fff0 02f0000000000000800000000000fe00'],
  ['seplos-v3', 'SP95B-B2503190001', 'fff0'],
  ['seplos-v3', 'XZHXLD012404120010', 'fff0'],
  ['seplos-v3', 'CSY012405290042', 'fff0'],
  ['litime', 'R-24100BNN160-A00643', 'ffe0', 0x585a],
  ['litime', 'L-12100BNNA60-B00077', '1800 1801 180a 180f ffe0 f000ffc004514000b000000000000000', 0x585a],
  ['litime', 'L-12100BEN100-A01760', 'ffe0', 0x585a],
  ['litime', 'P-24050BNN-A00001', 'ffe0', 0x585a], // by rule
  ['litime', 'LT-51100-A00001', 'ffe0', 0x585a], // by rule
  ['eco-worthy', 'ECO-WORTHY 02_B8EF', '1800 1801 fff0', 49844],
  ['eco-worthy', 'ECO-WORTHY 02_50DB', '', 47912],
  ['eco-worthy', 'ECO-WORTHY 0B_5AD4', 'fff0', 57570],
  ['eco-worthy', 'DCHOUSE 01_4F9F', 'fff0', 57570],
  ['renogy', 'BT-TH-66EDFC11', 'ffd0', 39008],
  // What is none of ours: a robot vacuum, a charge controller, older units of other protocols, a serial module, bare services.
  [undefined, 'DL-1102102677', 'fd92'],
  [undefined, 'BT-ROCC2440', 'ffe0', 0x585a],
  [undefined, 'LT-24100B-A00249', 'ffe0', 0x585a],
  [undefined, 'RNGRBP1228000830', 'ffe0'],
  [undefined, 'HM-10', 'ffe0'],
  [undefined, undefined, 'fff0'],
  [undefined, undefined, 'ffe0'],
  [undefined, 'somebody’s phone', ''],
];

/** Each with the family that it is of, and a line that names it. */
export const adverts = rows.map(([family, name, services, companyId]) => {
  const advert: Advert = {
    address: '02:00:00:00:00:01',
    services: services === '' ? [] : services.split(' '),
    ...(name !== undefined && { name }),
    ...(companyId !== undefined && { companyId }),
  };
  return { text: `${name ?? 'without a name'} (${services}) is ${family ?? 'none of ours'}`, family, advert };
});
