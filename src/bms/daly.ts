import { dalyA5, dalyA5Line } from './daly-a5.ts';
import { dalyD2 } from './daly-d2.ts';
import { dalyP81 } from './daly-p81.ts';
import type { Advert, BmsDriver } from './driver.ts';

const dalyName = /^(DL|JHB)-/;
/** The name that the radio module is sold with: its own address. A robot vacuum's `DL-1102102677` is shorter. */
const factoryName = /^(DL|JHB)-[0-9A-F]{12}$/;
/** Not registered to Daly, but in the adverts of its modules whatever they are called (BLE reference, section 3). */
const companyIds = [0x0102, 0x0104, 0x0302, 0x0303, 0x0402];

/** ff00 is JBD's unless the name is Daly's; many modules tell no service at all. */
const matches = ({ name = '', services, companyId = 0 }: Advert): boolean => {
  const isQuiet = services.length === 0;
  const isOurs = companyIds.includes(companyId);
  if (services.includes('fff0') || isQuiet)
    return isOurs || (isQuiet ? factoryName.test(name) : dalyName.test(name));
  return services.includes('ff00') && dalyName.test(name);
};

/** Daly's smart BMS, in its dialects (BLE reference, section 3). While its WiFi add-on is on it has no Bluetooth. */
export const daly: BmsDriver = {
  id: 'daly',
  title: 'Daly (smart BMS, 100 Balance)',
  gatt: [
    { service: 'fff0', notify: 'fff1', write: 'fff2' },
    { service: 'ff00', notify: 'ff01', write: 'ff02' },
  ],
  matches,
  dialects: [dalyD2, dalyP81, dalyA5, dalyA5Line],
};
