/**
 * Characteristics that no trial may write to. Of the 16-bit UUIDs, those of the standard (a device's name is one that can be
 * written) and those that members of the Bluetooth SIG were assigned, among them Nordic's and Dialog's firmware updates (Assigned
 * Numbers, section 3); of the long ones the firmware updates of TI, Telink, Nordic and Silicon Labs, as their own kits name them.
 */
const firmware = [
  /^f000ff[cd].04514000b000000000000000$/,
  /^000102030405060708090a0b0c0d/,
  /^0000153.1212efde1523785feabcd123$/,
  /^8ec9....f3154f609fb8838830daea50$/,
  /^1d14d6eefd634fa1bfa48f47b42119f0$/,
];

const isStandard = (uuid: string): boolean => /^(18|2[0-9a-f]|f[c-e])..$/.test(uuid);

/** Why this one is left alone; undefined when it may be tried. UUIDs in short lower-case form. */
export function whyUntouched({ service, uuid }: { readonly service: string; readonly uuid: string }) {
  if ([service, uuid].some(isStandard)) return 'of the Bluetooth standard';
  return firmware.some((one) => one.test(service) || one.test(uuid)) ? 'a firmware update' : undefined;
}
