// How each battery is reached, and what of it a file may say.
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressKey } from '../../src/ble/port.ts';
import { listenOrder } from '../../src/commands/listen-order.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { addressOf } from '../../src/config/radios.ts';
import { readSecret, secretProblems } from '../../src/config/secrets.ts';
import { GatewayError } from '../../src/model/errors.ts';

const fileOf = (batteries: readonly string[], bluetooth = ''): string => `batteries:
${batteries.map((more, i) => `  - { id: p${i + 1}, cells: 16, capacity_Ah: 100, ${more} }`).join('\n')}
bank:
  strings: [${batteries.map((_, i) => `[p${i + 1}]`).join(', ')}]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }
bluetooth: { ${bluetooth} }
`;

const AIR = 'address: "A4:C1:38:00:00:01"';
const order = (batteries: readonly string[], bluetooth?: string) =>
  listenOrder(parseGateway('g.yaml', fileOf(batteries, bluetooth)));

const refusalOf = (batteries: readonly string[], bluetooth?: string): string => {
  try {
    parseGateway('g.yaml', fileOf(batteries, bluetooth));
    return 'is right';
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
};

/** A file with this text, readable by its owner and group unless said otherwise. */
function secretFile(text: string, mode = 0o640): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-secret-'));
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

describe('a battery', () => {
  test('is read through its adapter, BlueZ, the user channel, a proxy or a wire', () => {
    const batteries = [
      'bms: jbd, address: "A4:C1:38:00:00:01"',
      'bms: jk, serial: /dev/ttyUSB0, baud: 115200',
    ];
    const { radios, batteries: heard } = order(batteries, 'radio: user-channel, adapter: hci1');
    expect(radios).toEqual([
      { name: 'hci1', form: 'noble', adapter: 'hci1', stack: 'stoprocent', slots: 6, channel: 'user' },
      { name: '/dev/ttyUSB0', form: 'wired', path: '/dev/ttyUSB0', baud: 115200 },
    ]);
    expect(heard.map(({ radio }) => radio)).toEqual(['hci1', '/dev/ttyUSB0']);
    expect(heard[1]).toMatchObject({ service: 'wire', notify: 'wire', write: 'wire' });
    expect(order([`bms: jbd, ${AIR}`], 'radio: bluez').radios).toEqual([
      { name: 'hci0', form: 'bluez', adapter: 'hci0', slots: 6, passkeys: {} },
    ]);
    const proxied = order([`bms: jbd, ${AIR}, proxy: esp`], 'proxies: [{ id: esp, host: 192.168.1.40 }]');
    expect(proxied.radios).toEqual([
      { name: 'esp', form: 'esphome', host: '192.168.1.40', port: 6053, slots: 3 },
    ]);
  });

  test('on a wire has an address of its line, which no other line and no maker has', () => {
    const on = (serial: string) =>
      addressOf(
        parseGateway('g.yaml', fileOf([`bms: jbd, serial: ${serial}`])).file.batteries[0] ?? {
          cells: 1,
          id: '',
          bms: '',
        },
      );
    expect(on('/dev/ttyUSB0')).toMatch(/^0e(:[0-9a-f]{2}){5}$/);
    expect(on('/dev/ttyUSB0')).toBe(on('/dev/ttyUSB0'));
    expect(addressKey(on('/dev/ttyUSB0'))).not.toBe(addressKey(on('/dev/ttyUSB1')));
  });

  test('shares a line with others where a module has units, and has it alone else', () => {
    const two = (bms: string, more: readonly string[]) =>
      more.map((unit) => `bms: ${bms}, serial: /dev/ttyUSB0${unit}`);
    expect(order(two('seplos-v3', [', unit: 1', ', unit: 2'])).radios).toHaveLength(1);
    expect(refusalOf(two('jbd', ['', '']))).toMatch(/^g\.yaml:3:.*has it alone; give each its own$/);
  });

  test('among so many behind one link that it would become too old is refused, with what would do', () => {
    const packs = (n: number) =>
      Array.from({ length: n }, (_, i) => `bms: seplos-v3, ${AIR}, unit: ${i + 1}`);
    expect(refusalOf(packs(7), 'poll: 2s')).toBe('is right');
    expect(refusalOf(packs(8), 'poll: 2s')).toMatch(
      /^g\.yaml:9:\d+: 8 packs behind one link .* 6\.8 s old, where 6 s is fresh; it can serve 7: poll every 5s$/,
    );
    expect(refusalOf(packs(16), 'poll: 5s')).toBe('is right');
  });

  test('whose secrets are there is read with them', () => {
    const [password, passkey] = [secretFile('123123\n'), secretFile(' 654321 \n')];
    const told = order(
      [`bms: jbd, ${AIR}, password_file: ${password.path}, passkey_file: ${passkey.path}`],
      'radio: bluez',
    );
    expect(told.batteries[0]?.options).toEqual({ password: '123123' });
    expect(told.radios[0]).toMatchObject({ passkeys: { a4c138000001: '654321' } });
    for (const { remove } of [password, passkey]) remove();
  });

  test('whose secret is missing, empty or for everybody is read without it, and `check` says so at its place', () => {
    const [open, empty] = [secretFile('123123\n', 0o644), secretFile('\n')];
    for (const [path, why] of [
      [open.path, 'can be read by everybody; run `chmod o-rwx'],
      [empty.path, 'is empty'],
      ['/nowhere/at/all', 'cannot be read'],
      [tmpdir(), 'is no file; write the secret into one'],
    ]) {
      const config = parseGateway('g.yaml', fileOf([`bms: jbd, ${AIR}, password_file: ${path}`]));
      expect(listenOrder(config).batteries[0]?.options).toBeUndefined();
      expect(secretProblems(config)).toMatchObject([
        { line: 2, message: expect.stringContaining(why ?? '') },
      ]);
      expect(readSecret(path ?? '')).toHaveProperty('problem');
    }
    for (const { remove } of [open, empty]) remove();
  });

  test.each([
    ['bms: jbd', '', 'has no way to it'],
    [`bms: jbd, ${AIR}, serial: /dev/ttyUSB0`, '', 'has no Bluetooth address; take one of the two out'],
    [`bms: jbd, ${AIR}, baud: 9600`, '', '`baud` belongs to a `serial` line'],
    ['bms: jbd, serial: /dev/ttyUSB0, adapter: hci0', '', '`adapter` belongs to Bluetooth'],
    ['bms: jbd, serial: /dev/ttyUSB0, service: ff00', '', '`service` belongs to Bluetooth'],
    ['bms: litime, serial: /dev/ttyUSB0', '', 'is read over Bluetooth only'],
    [`bms: jbd, ${AIR}, proxy: esp`, '', 'proxy `esp` is not listed'],
    [`bms: jbd, ${AIR}`, 'proxies: [{ id: esp, host: a.lan }]', 'no battery names proxy `esp`'],
    [
      `bms: jbd, ${AIR}, proxy: esp`,
      'proxies: [{ id: esp, host: a.lan }, { id: esp, host: b.lan }]',
      'is listed twice',
    ],
    [`bms: jbd, ${AIR}, proxy: esp, adapter: hci0`, 'proxies: [{ id: esp, host: a.lan }]', 'not both'],
    [`bms: jbd, ${AIR}, passkey_file: /etc/x`, '', 'only `bluetooth: { radio: bluez }` pairs'],
    [`bms: jbd, ${AIR}`, 'radio: user-channel, stack: abandonware', 'needs `stack: stoprocent`'],
    [
      `bms: jbd, ${AIR}, proxy: esp`,
      'proxies: [{ id: esp, host: "a.lan:6053" }]',
      'its port is a key of its own',
    ],
    [
      `bms: jbd, ${AIR}, proxy: hci0`,
      'proxies: [{ id: hci0, host: a.lan }]',
      '`hci0` is the name of an adapter; give the proxy another',
    ],
    [`bms: jbd, ${AIR}`, 'radio: bluez, stand_in: hci1', '`radio: bluez` has no stand-in'],
    [
      `bms: jbd, ${AIR}, proxy: esp`,
      'proxies: [{ id: esp, host: a.lan }], stand_in: hci0',
      'no battery is read through an adapter that it could stand in for; take this out',
    ],
    [
      `bms: jbd, ${AIR}, adapter: hci0`,
      'adapters: [hci0, hci1], stand_in: hci1',
      'hci1 is the `stand_in`, which serves nobody until it is needed; take it out of this list',
    ],
    [
      `bms: jbd, ${AIR}`,
      'radio: bluez, stack: abandonware',
      '`radio: bluez` uses neither package; take `stack`',
    ],
    [
      `bms: jbd, ${AIR}, proxy: esp`,
      'proxies: [{ id: esp, host: a.lan }], stack: abandonware',
      'no battery is read through an adapter; take `stack` out',
    ],
    [`bms: jk, ${AIR}, password_file: /etc/x`, '', 'a `jk` is read without a password; take this out'],
    ['bms: jbd, serial: /dev/ttyUSB0, password_file: /etc/x', '', '`password_file` belongs to Bluetooth'],
    [`bms: daly, ${AIR}, capacity_scale: 10`, '', 'a `daly` has one scale; take this out (it is for jbd and'],
  ])('with %s and bluetooth: { %s } is refused: %s', (battery, bluetooth, why) => {
    expect(refusalOf([battery], bluetooth)).toMatch(/^g\.yaml:\d+:\d+: /);
    expect(refusalOf([battery], bluetooth)).toContain(why);
  });

  test('behind one ESP32 under two names is refused: a proxy has one client', () => {
    const esps = 'proxies: [{ id: x, host: esp.lan }, { id: y, host: ESP.lan }]';
    const two = [`bms: jbd, ${AIR}, proxy: x`, 'bms: jbd, address: "A4:C1:38:00:00:02", proxy: y'];
    expect(refusalOf(two, esps)).toMatch('this is proxy `x` already, and a proxy has one client');
  });

  test('on a line that has another speed, another spelling or an inverter is refused', () => {
    const two = (first: string, second: string) =>
      refusalOf([`bms: seplos-v3, unit: 1, ${first}`, `bms: seplos-v3, unit: 2, ${second}`]);
    expect(two('serial: /dev/ttyS1, baud: 9600', 'serial: /dev/ttyS1, baud: 19200')).toMatch(
      /^g\.yaml:3:.*battery `p1` has this line at 9600; a line has one speed/,
    );
    expect(two('serial: /dev/ttyS1', 'serial: /dev//ttyS1')).toMatch('write it as `/dev/ttyS1`');
    expect(two('serial: /dev/ttyS1, baud: 9600', 'serial: /dev/ttyS1')).toBe('is right');
    const shared = fileOf(['bms: jbd, serial: /dev/ttyS1']).replace(
      'tcp: "127.0.0.1:1502"',
      'serial: /dev/ttyS1',
    );
    expect(() => parseGateway('g.yaml', shared)).toThrow('inverter `ems` is on this line');
  });

  test('on a line that another names by another link to the same device is refused', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-lines-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [device, byId, byPath] = ['ttyUSB0', 'by-id', 'by-path'].map((name) => join(folder, name));
    if (!device || !byId || !byPath) throw new Error('three names');
    writeFileSync(device, '');
    for (const link of [byId, byPath]) symlinkSync(device, link);
    const packs = (first: string, second: string) =>
      refusalOf([`bms: seplos-v3, unit: 1, serial: ${first}`, `bms: seplos-v3, unit: 2, serial: ${second}`]);
    expect(packs(byId, byPath)).toMatch(`this is the line of battery \`p1\`; write it as \`${byId}\``);
    expect(packs(byId, byId)).toBe('is right');
    const [ems, tcp] = ['{ id: ems, profile: generic-modbus,', 'tcp: "127.0.0.1:1502" }'];
    const wired = (...paths: readonly string[]) => paths.map((path) => `serial: ${path} }`);
    const shared = fileOf([`bms: jbd, serial: ${byId}`]).replace(tcp, wired(byPath).join());
    expect(() => parseGateway('g.yaml', shared)).toThrow('inverter `ems` is on this line');
    const two = wired(byId, byPath).map((end, i) =>
      i === 0 ? end : `  - ${ems.replace('ems', 'two')} ${end}`,
    );
    const inverters = fileOf([`bms: jbd, ${AIR}`]).replace(tcp, two.join('\n'));
    expect(() => parseGateway('g.yaml', inverters)).toThrow(
      `this is the line of inverter \`ems\`; write it as \`${byId}\``,
    );
  });

  test('whose proxy has a key file is never read in the clear, though the file cannot be used', () => {
    const open = secretFile(`${Buffer.alloc(32).toString('base64')}\n`, 0o644);
    for (const path of [open.path, '/nowhere/at/all']) {
      const esp = `proxies: [{ id: esp, host: a.lan, key_file: ${path} }]`;
      expect(order([`bms: jbd, ${AIR}, proxy: esp`], esp).radios[0]).toMatchObject({ key: '' });
    }
    open.remove();
  });

  test('whose proxy has too few links is told where to raise them', () => {
    const many = Array.from({ length: 9 }, (_, i) => `bms: jbd, address: "A4:C1:38:00:00:0${i}", proxy: esp`);
    expect(refusalOf(many, 'proxies: [{ id: esp, host: a.lan }]')).toMatch('raise its `slots`');
  });
});
