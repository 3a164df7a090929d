import { describe, expect, test } from 'vitest';
import type { Access, Finding, Look } from '../../src/commands/doctor/look.ts';
import { examine, findingText, type Needs } from '../../src/commands/doctor.ts';

// As `ip -j -details -statistics link show` of iproute2 6.1 prints them; vcan0 is a recording, can0 has the fields of iplink_can.c.
const vcan0 =
  '{"ifindex":2,"ifname":"vcan0","flags":["NOARP","UP","LOWER_UP"],"mtu":72,"qdisc":"noqueue","operstate":"UNKNOWN","txqlen":1000,"link_type":"can","linkinfo":{"info_kind":"vcan"}}';
const can0 =
  '{"ifindex":3,"ifname":"can0","flags":["NOARP","UP","LOWER_UP","ECHO"],"mtu":16,"qdisc":"pfifo_fast","operstate":"UP","txqlen":10,"link_type":"can","linkinfo":{"info_kind":"can","info_data":{"state":"ERROR-ACTIVE","restart_ms":100,"bittiming":{"bitrate":500000,"sample_point":"0.875","tq":125},"clock":8000000}}}';
const eth0 = '{"ifindex":4,"ifname":"eth0","flags":["UP"],"txqlen":1000,"link_type":"ether"}';

const ip = (...links: string[]) => ({ 'ip -j -details -statistics link show': `[${links.join(',')}]` });

interface Machine {
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  readonly access?: Readonly<Record<string, Access>>;
  /** Where links lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** Output of each program; `null` where it fails. A program that is not here is not installed. */
  readonly programs?: Readonly<Record<string, string | null>>;
  readonly freeMB?: number;
}

const node = (part: string) => `node -e require("${part}")`;

/** A Pi on which all is well. */
const healthy = {
  files: {
    '/proc/net/protocols': 'protocol  size\nCAN_RAW    840\nHCI       1024\n',
    '/proc/self/status': 'Name:\tnode\nCapEff:\t0000000000002000\n',
    '/sys/bus/usb-serial/devices/ttyUSB0/latency_timer': '1\n',
    '/proc/cmdline': 'console=tty1 root=/dev/mmcblk0p2',
  },
  folders: { '/sys/class/bluetooth': ['hci0'], '/dev/serial/by-id': ['usb-FTDI'] },
  access: { '/dev/serial/by-id/usb-FTDI': 'yes', '/run/bmsgate': 'yes' },
  links: {
    '/dev/serial/by-id/usb-FTDI': '/dev/ttyUSB0',
    '/sys/class/tty/ttyUSB0/device': '/sys/devices/platform/soc/usb1/1-1/1-1:1.0/ttyUSB0',
    '/sys/class/tty/ttyUSB0/device/driver': '/sys/bus/usb-serial/drivers/ftdi_sio',
  },
  programs: {
    'hciconfig hci0': 'hci0:\tType: Primary  Bus: UART\n\tUP RUNNING \n',
    'systemctl is-active bluetooth': 'inactive\n',
    [node('@stoprocent/bluetooth-hci-socket')]: '',
    [node('socketcan')]: '',
    'timedatectl show -p NTPSynchronized --value': 'yes\n',
    ...ip(can0, vcan0, eth0),
  },
  freeMB: 9000,
} as const satisfies Machine;

function machine(changes: Machine = {}): Look {
  const files: Readonly<Record<string, string>> = { ...healthy.files, ...changes.files };
  const folders: Readonly<Record<string, readonly string[]>> = { ...healthy.folders, ...changes.folders };
  const access: Readonly<Record<string, Access>> = { ...healthy.access, ...changes.access };
  const programs: Readonly<Record<string, string | null | undefined>> = {
    ...healthy.programs,
    ...changes.programs,
  };
  return {
    user: 'pi',
    read: (path) => files[path],
    list: (path) => folders[path] ?? [],
    access: (path) => access[path] ?? 'missing',
    target: (path) => ({ ...healthy.links, ...changes.links })[path] ?? path,
    freeBytes: () => (changes.freeMB ?? healthy.freeMB) * 1e6,
    run(program, ...args) {
      const out = programs[[program === process.execPath ? 'node' : program, ...args].join(' ')];
      return out === undefined ? undefined : { code: out === null ? 1 : 0, out: out ?? '' };
    },
  };
}

const needs: Needs = {
  adapters: ['hci0'],
  radio: 'hci',
  stack: 'stoprocent',
  buses: [{ name: 'can0', bitrate: 500_000 }],
  serials: ['/dev/serial/by-id/usb-FTDI'],
};

const wrong = (look: Look, wanted: Needs | undefined = needs): Finding[] =>
  examine(look, wanted).filter(({ state }) => state !== 'ok');

test('on a machine where all is well the doctor has nothing to mend', () => {
  expect(wrong(machine())).toEqual([]);
  expect(wrong(machine(), undefined)).toEqual([]);
});

test('a finding is one line, and the command that mends it below', () => {
  const [down] = wrong(machine({ programs: { 'hciconfig hci0': 'hci0:\tBus: UART\n\tDOWN \n' } }));
  expect(down && findingText(down)).toBe(
    '!!  hci0: is down\n      sudo rfkill unblock bluetooth && sudo hciconfig hci0 up',
  );
});

describe('another way to the batteries', () => {
  const running = { 'systemctl is-active bluetooth': 'active\n' };

  test('BlueZ needs its daemon, and neither the capability nor a native part', () => {
    const bluez: Needs = { ...needs, radio: 'bluez' };
    const bare = { programs: { ...running, [node('@stoprocent/bluetooth-hci-socket')]: null } };
    expect(wrong(machine({ ...bare, files: { '/proc/self/status': 'CapEff:\t0\n' } }), bluez)).toEqual([]);
    expect(wrong(machine(), bluez)).toMatchObject([{ state: 'broken', about: 'bluetoothd' }]);
  });

  test('the user channel needs its adapter down', () => {
    const own: Needs = { ...needs, radio: 'user-channel' };
    expect(wrong(machine(), own)).toMatchObject([{ about: 'hci0', mend: 'sudo hciconfig hci0 down' }]);
    expect(wrong(machine({ programs: { 'hciconfig hci0': 'hci0:\tBus: USB\n\tDOWN \n' } }), own)).toEqual([]);
  });

  test('a file without a battery on the air asks nothing of Bluetooth', () => {
    const bare = machine({
      files: { '/proc/net/protocols': 'CAN_RAW 840\n' },
      folders: { '/sys/class/bluetooth': [] },
    });
    expect(wrong(bare, { ...needs, adapters: [] })).toEqual([]);
  });
});

describe('Bluetooth', () => {
  test.each<[string, Machine, Partial<Finding>]>([
    [
      'a kernel without it',
      { files: { '/proc/net/protocols': 'UNIX 1' } },
      { state: 'broken', mend: 'sudo modprobe bluetooth btusb' },
    ],
    [
      'no adapter',
      { folders: { '/sys/class/bluetooth': [] } },
      { state: 'broken', is: 'there is no Bluetooth adapter' },
    ],
    [
      'another adapter than the file names',
      { folders: { '/sys/class/bluetooth': ['hci1', 'hci1:64'] } },
      { state: 'broken', mend: 'set bluetooth.adapter to hci1, or plug hci0 in' },
    ],
    [
      'a daemon on the same adapter',
      { programs: { 'systemctl is-active bluetooth': 'active\n' } },
      { state: 'note', about: 'bluetoothd' },
    ],
    [
      'a user without the right',
      { files: { '/proc/self/status': 'CapEff:\t0000000000000000\n' } },
      { state: 'note', about: 'CAP_NET_RAW' },
    ],
    [
      'a native part that was built for another Node',
      { programs: { [node('@stoprocent/bluetooth-hci-socket')]: null } },
      { state: 'broken', about: '@stoprocent/bluetooth-hci-socket' },
    ],
  ])('%s is found', (_name, changes, finding) => {
    expect(wrong(machine(changes))).toEqual([expect.objectContaining(finding)]);
  });
});

describe('a CAN interface', () => {
  const found = (link: string, wanted = needs) => wrong(machine({ programs: ip(link, eth0) }), wanted);
  const up = 'sudo ip link set can0 down; sudo ip link set can0 up type can bitrate 500000 restart-ms 100';

  test.each<[string, string, Partial<Finding>]>([
    ['that is down', can0.replace('"UP",', ''), { state: 'broken', is: 'is down', mend: up }],
    [
      'with the wrong bit rate',
      can0.replace('"bitrate":500000', '"bitrate":250000'),
      { state: 'broken', is: 'runs at 250000 bit/s, the profile needs 500000', mend: up },
    ],
    [
      'that stays off after bus-off',
      can0.replace('"restart_ms":100', '"restart_ms":0'),
      { state: 'note', mend: up },
    ],
    [
      'that is bus-off',
      can0.replace('ERROR-ACTIVE', 'BUS-OFF'),
      { state: 'broken', is: 'the controller is bus-off' },
    ],
    [
      'that fails and never heard a frame',
      can0
        .replace('ERROR-ACTIVE', 'ERROR-PASSIVE')
        .replace('"link_type"', '"stats64":{"rx":{"bytes":0,"packets":0}},"link_type"'),
      {
        state: 'note',
        is: expect.stringMatching(/never heard a frame: most likely the bit rate/),
      },
    ],
    ['that nobody acknowledges', can0.replace('ERROR-ACTIVE', 'ERROR-PASSIVE'), { state: 'note' }],
    [
      'in which a thousand old frames could wait',
      can0.replace('"txqlen":10', '"txqlen":1000'),
      { state: 'note', mend: 'sudo ip link set can0 txqueuelen 16' },
    ],
    ['that is not there', vcan0, { state: 'broken', is: 'is not there' }],
  ])('%s is found', (_name, link, finding) => {
    expect(found(link)).toEqual([expect.objectContaining({ about: 'can0', ...finding })]);
  });

  test('that is virtual needs no bit rate', () => {
    expect(found(vcan0, { ...needs, buses: [{ name: 'vcan0', bitrate: 500_000 }] })).toEqual([]);
  });

  test('that is an Ethernet card is refused', () => {
    const wanted = { ...needs, buses: [{ name: 'eth0', bitrate: 500_000 }] };
    expect(found(can0, wanted)[0]).toMatchObject({ state: 'broken', is: 'is not a CAN interface' });
  });

  test('and its native part matter only to a gateway that has one', () => {
    const look = machine({ programs: { ...ip(eth0), [node('socketcan')]: null } });
    expect(wrong(look, { ...needs, buses: [] })).toEqual([]);
  });
});

describe('a serial port', () => {
  const port = '/dev/serial/by-id/usb-FTDI';

  test.each<[string, Machine, Partial<Finding>]>([
    ['that is unplugged', { access: { [port]: 'missing' } }, { state: 'broken', is: 'is not there' }],
    [
      'of another group',
      { access: { [port]: 'no' } },
      { state: 'broken', mend: 'sudo usermod -aG dialout pi, then log in again' },
    ],
    [
      'that holds bytes back',
      { files: { '/sys/bus/usb-serial/devices/ttyUSB0/latency_timer': '16\n' } },
      { state: 'note', is: 'the adapter holds bytes back for 16 ms' },
    ],
  ])('%s is found', (_name, changes, finding) => {
    expect(wrong(machine(changes))).toEqual([expect.objectContaining({ about: port, ...finding })]);
  });

  test('with a login console on it is found', () => {
    const look = machine({
      access: { '/dev/ttyS0': 'yes' },
      files: { '/proc/cmdline': 'console=ttyS0,115200 console=tty1' },
    });
    expect(wrong(look, { ...needs, serials: ['/dev/ttyS0'] })[0]).toMatchObject({
      state: 'broken',
      is: 'a login console uses this port',
    });
  });
});

describe('who switches the direction of an RS485 line', () => {
  const uart = '/sys/devices/platform/soc/fe201600.serial';
  const AMA = '/dev/ttyAMA3';
  const told = (changes: Machine, port = AMA) =>
    examine(
      machine({ access: { [AMA]: 'yes' }, links: { '/sys/class/tty/ttyAMA3/device': uart }, ...changes }),
      { ...needs, serials: [port] },
    ).filter(({ about, is }) => about === port && is !== 'may be opened');

  test('a USB adapter does it itself', () => {
    expect(told({}, '/dev/serial/by-id/usb-FTDI')).toEqual([
      {
        about: '/dev/serial/by-id/usb-FTDI',
        state: 'ok',
        is: 'is a USB adapter (ftdi_sio), which switches the direction itself',
      },
    ]);
  });

  test('the kernel does it for a UART whose device tree says so', () => {
    const folders = { [`${uart}/of_node`]: ['compatible', 'linux,rs485-enabled-at-boot-time', 'reg'] };
    expect(told({ folders })).toMatchObject([{ state: 'ok', is: expect.stringContaining('the kernel') }]);
  });

  test('and so it is on kernels that put two steps between the port and its node', () => {
    const folders = { [`${uart}/of_node`]: ['linux,rs485-enabled-at-boot-time'] };
    const links = { '/sys/class/tty/ttyAMA3/device': `${uart}/fe201600.serial:0/fe201600.serial:0.0` };
    expect(told({ folders, links })).toMatchObject([{ state: 'ok' }]);
  });

  test('on a UART without that mode it is left to the HAT, which is worth a note', () => {
    expect(told({ folders: { [`${uart}/of_node`]: ['compatible', 'reg'] } })).toEqual([
      {
        about: AMA,
        state: 'note',
        is: 'is a UART of this machine without RS485 mode in the device tree: the transceiver must switch the direction itself',
        mend: 'nothing, if the HAT has automatic direction; else switch the mode on as docs/wires.md says, "Who switches the direction"',
      },
    ]);
  });

  test('a pseudo-terminal has none', () => {
    expect(told({ access: { '/dev/pts/3': 'yes' } }, '/dev/pts/3')).toEqual([]);
  });
});

test('a wrong clock and little room are worth a note; no room is broken', () => {
  const notes = wrong(
    machine({
      programs: { 'timedatectl show -p NTPSynchronized --value': 'no\n' },
      freeMB: 300,
    }),
  );
  expect(notes.map(({ about, state }) => [about, state])).toEqual([
    ['clock', 'note'],
    ['disk', 'note'],
  ]);
  expect(wrong(machine({ freeMB: 20 }))).toEqual([
    expect.objectContaining({ about: 'disk', state: 'broken' }),
  ]);
});

test("a run folder that is not the service user's own would forget the age of the data", () => {
  const foreign = { ...machine({ access: { '/run/bmsgate': 'no' } }), user: 'bmsgate' };
  expect(wrong(foreign)).toEqual([expect.objectContaining({ about: '/run/bmsgate', state: 'broken' })]);
  expect(wrong({ ...foreign, user: 'pi' })).toEqual([]);
});
